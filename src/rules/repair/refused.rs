//! Repairs of what a reader refuses about the shape of a document, from the schema of the place.

use super::missing::Gap;
use super::values::{self, Value};
use super::{Safe, Unsafe, add, fix, quote, remove, rename, words, write, write_yaml};
use crate::finding::Fix;
use crate::format::{ConsoleText, Part, Refusal, Shape, shapes};
use crate::plugin::{Document, Plugin};
use crate::yaml::{Kind, NodeId, edit, go};

/// The repair of a group of refusals of one node, if what is meant is determined.
pub fn refused(plugin: &Plugin, document: &Document, refusal: &Refusal) -> Option<Fix> {
    let site = Site {
        plugin,
        document,
        node: refusal.node,
    };
    match (refusal.rule.0, refusal.part) {
        ("shape/missing-key", Part::Inside) => site.missing(refusal.missing.as_deref()?),
        ("shape/missing-key", Part::Value) => match refusal.missing.as_deref() {
            // the key is there under a name that nobody knows
            Some(key) => rename(document, refusal.node, key, Safe),
            None => site.empty(),
        },
        ("shape/unknown-value", _) => site.unknown_value(),
        ("shape/wrong-type", _) => values::of_type(site.value()?).or_else(|| site.null()),
        ("shape/malformed-value", _) => site.malformed(),
        ("shape/out-of-range", _) => site.out_of_range(),
        ("shape/lost-silently", _) => site.lost(),
        ("shape/key-not-text" | "shape/not-json", _) => site.key_as_text(),
        ("yaml/duplicate-key", _) => site.duplicate(refusal.also?.0),
        ("yaml/bad-tag", _) => super::without_tag(document, refusal.node),
        ("parameter/multiple-without-select", _) => remove(document, refusal.node, Unsafe),
        ("parameter/multiple-default", _) => site.one_or_many(),
        ("endpoint/malformed-path", _) => site.route(),
        _ => None,
    }
}

struct Site<'a> {
    plugin: &'a Plugin,
    document: &'a Document,
    node: NodeId,
}

impl<'a> Site<'a> {
    fn shape(&self, node: NodeId) -> Option<&'static Shape> {
        self.document.shape_of(node)
    }

    fn text(&self) -> &'a str {
        self.document.tree().text(self.node)
    }

    fn key(&self) -> &'a str {
        let tree = self.document.tree();
        tree.key_of(self.node).map_or("", |key| tree.text(key))
    }

    fn value(&self) -> Option<Value<'a>> {
        Some(Value {
            document: self.document,
            node: self.node,
            shape: self.shape(self.node)?,
            optional: self.is_optional(),
        })
    }

    /// True for a value without which the mapping around it is sound.
    fn is_optional(&self) -> bool {
        let tree = self.document.tree();
        let around = tree.parent(self.node).and_then(|it| self.shape(it));
        let key = self.key();
        around.is_some_and(|shape| {
            !key.is_empty() && shape.property(key).is_some() && !shape.plain.required.contains(&key)
        })
    }

    fn missing(&self, key: &str) -> Option<Fix> {
        let tree = self.document.tree();
        if !tree.is_mapping(self.node) || tree.get(self.node, key).is_some() {
            return None;
        }
        let shape = self.shape(self.node)?;
        let property = shapes().get(shape.property(key)?);
        let gap = Gap {
            plugin: self.plugin,
            document: self.document,
            mapping: self.node,
        };
        let (value, how) = gap.value(key, property)?;
        let before = shape.properties.iter().map(|(name, _)| *name);
        let before: Vec<&str> = before.take_while(|name| *name != key).collect();
        let value = match property.noun {
            // one entry goes on a line of its own
            "localized text" => format!("{value}\n"),
            _ => value,
        };
        let block = add(self.document, self.node, &before, (key, &value), how);
        block.or_else(|| {
            let line = super::on_one_line(&value)?;
            add(self.document, self.node, &before, (key, &line), how)
        })
    }

    /// A key with nothing in it.
    fn empty(&self) -> Option<Fix> {
        let tree = self.document.tree();
        if self.is_optional() {
            return remove(self.document, self.node, Unsafe);
        }
        let gap = Gap {
            plugin: self.plugin,
            document: self.document,
            mapping: tree.parent(self.node)?,
        };
        let (value, how) = gap.value(self.key(), self.shape(self.node)?)?;
        if self.shape(self.node)?.noun == "localized text" && !go::is_null(tree, self.node) {
            return None;
        }
        if value.contains('\n') || value.contains(": ") || value.starts_with("- ") {
            let edit = edit::fill_empty(tree, self.node, &value)?;
            return fix(
                self.document,
                how,
                format!("fill `{}`", self.key()),
                vec![edit],
            );
        }
        write_yaml(self.document, self.node, &value, how)
    }

    /// Nothing, where something is needed that the rest of the plugin says.
    fn null(&self) -> Option<Fix> {
        let tree = self.document.tree();
        let null = tree.is_scalar(self.node) && go::is_null(tree, self.node);
        null.then(|| self.empty())?
    }

    fn unknown_value(&self) -> Option<Fix> {
        let tree = self.document.tree();
        let is_key = tree
            .parent(self.node)
            .is_some_and(|mapping| tree.pairs(mapping).any(|(key, _)| key == self.node));
        if is_key {
            let shape = self.shape(tree.parent(self.node)?)?;
            let known: Vec<&str> = match shape.sdk.as_ref().map(|sdk| &sdk.words) {
                Some(words) if !words.is_empty() => words.clone(),
                _ => shape.properties.iter().map(|(name, _)| *name).collect(),
            };
            let (meant, how) = words::meant(self.text(), &known)?;
            return rename(self.document, self.node, meant, how);
        }
        let shape = self.shape(self.node)?;
        let known = accepted(shape);
        let found = values::word(self.document, self.node, self.text(), &known);
        found.or_else(|| {
            // a tag or a processor that nobody knows, among others that are known
            let in_list = tree.parent(self.node).filter(|it| tree.is_sequence(*it))?;
            let others = tree.items(in_list).iter().filter(|it| **it != self.node);
            let mut others = others.map(|it| tree.text(*it));
            others
                .any(|other| known.contains(&other))
                .then(|| remove(self.document, self.node, Unsafe))?
        })
    }

    fn malformed(&self) -> Option<Fix> {
        let shape = self.shape(self.node)?;
        let text = self.text();
        let tags = shape
            .daemon
            .as_ref()
            .map_or(&[][..], |daemon| &daemon.validate);
        use crate::format::Tag;
        for tag in tags {
            match tag {
                Tag::Equal(word) if *word != text => {
                    let how = if words::same(text, word) {
                        Safe
                    } else {
                        Unsafe
                    };
                    return write(self.document, self.node, word, how);
                }
                Tag::Url => return self.address(),
                Tag::Version => return self.version(),
                Tag::Never => return remove(self.document, self.node, Unsafe),
                Tag::Scope => return self.scope(),
                _ => {}
            }
        }
        let kind = shape.daemon.as_ref().map(|daemon| daemon.kind);
        use crate::format::DaemonKind;
        match kind {
            Some(DaemonKind::Time) => return values::time(self.document, self.node),
            Some(DaemonKind::Decimal) => return values::price(self.document, self.node),
            _ => {}
        }
        match self.key() {
            "version" | "minimum_dify_version" => self.version(),
            "author" => self.identity(64),
            "name" => self.identity(128),
            _ => None,
        }
    }

    fn version(&self) -> Option<Fix> {
        let meant = values::as_version(self.text()).filter(|it| it != self.text())?;
        write(self.document, self.node, &meant, Unsafe)
    }

    fn identity(&self, most: usize) -> Option<Fix> {
        let meant = values::as_identity(self.text(), most).filter(|it| it != self.text())?;
        write(self.document, self.node, &meant, Unsafe)
    }

    fn address(&self) -> Option<Fix> {
        let text = self.text().trim();
        let bare = text.trim_start_matches(['/', ':']);
        let host = bare.split('/').next().unwrap_or_default();
        let named = host.contains('.')
            && host
                .bytes()
                .all(|b| b.is_ascii_alphanumeric() || matches!(b, b'.' | b'-'));
        let meant = if text.contains("://") && !text.contains(' ') {
            text.to_owned()
        } else if let Some(path) = text.strip_prefix("git@github.com:") {
            format!("https://github.com/{path}")
        } else if named {
            format!("https://{bare}")
        } else {
            return if self.is_optional() && text.is_empty() {
                remove(self.document, self.node, Unsafe)
            } else {
                None
            };
        };
        (meant != self.text()).then(|| write(self.document, self.node, &meant, Unsafe))?
    }

    fn scope(&self) -> Option<Fix> {
        let tree = self.document.tree();
        let around = tree.parent(self.node)?;
        let kind = tree.get(around, "type").map_or("", |it| tree.text(it));
        // other types take no scope at all
        let takes = matches!(kind, "app-selector" | "model-selector" | "any");
        (!takes).then(|| remove(self.document, self.node, Unsafe))?
    }

    /// The nearest number inside the limits; a text is not cut.
    fn out_of_range(&self) -> Option<Fix> {
        let shape = self.shape(self.node)?;
        let tree = self.document.tree();
        let number: f64 = self
            .text()
            .trim()
            .parse()
            .ok()
            .filter(|it: &f64| it.is_finite())?;
        if !tree.is_scalar(self.node) {
            return None;
        }
        let sdk = shape.sdk.as_ref();
        let least = [shape.plain.minimum, sdk.and_then(|it| it.min)]
            .into_iter()
            .flatten()
            .fold(f64::NEG_INFINITY, f64::max);
        let most = [shape.plain.maximum, sdk.and_then(|it| it.max)]
            .into_iter()
            .flatten()
            .fold(f64::INFINITY, f64::min);
        let meant = number.max(least).min(most);
        (meant != number)
            .then(|| write_yaml(self.document, self.node, &meant.to_string(), Unsafe))?
    }

    fn lost(&self) -> Option<Fix> {
        let tree = self.document.tree();
        let around = tree.parent(self.node)?;
        if tree.pairs(around).any(|(key, _)| key == self.node) {
            let known = crate::format::MODEL_KEYS;
            let (meant, how) = words::meant(self.text(), &known)?;
            let free = tree.get(around, meant).is_none();
            return free.then(|| rename(self.document, self.node, meant, how))?;
        }
        if tree.kind(self.node) == Kind::Alias {
            let target = tree.target(self.node).filter(|it| tree.is_scalar(*it))?;
            let text = super::scalar(tree.text(target));
            let edit = (tree.span(self.node), text);
            return fix(self.document, Safe, "write the value out", vec![edit]);
        }
        values::of_type(self.value()?)
    }

    /// A key in quotes.
    fn key_as_text(&self) -> Option<Fix> {
        let tree = self.document.tree();
        let around = tree.parent(self.node)?;
        let is_key = tree.pairs(around).any(|(key, _)| key == self.node);
        is_key.then(|| quote(self.document, self.node, Safe))?
    }

    fn duplicate(&self, first: NodeId) -> Option<Fix> {
        let tree = self.document.tree();
        let (earlier, later) = (tree.value_of(first)?, tree.value_of(self.node)?);
        if super::node::same(tree, earlier, later) {
            return remove(self.document, later, Safe)
                .map(|it| titled(it, "remove the second of the two"));
        }
        // Python takes the last one, and so does a person who reads from the top
        remove(self.document, earlier, Unsafe).map(|it| titled(it, "keep the last of the two"))
    }

    /// A default that is a list where one value belongs, or the other way round.
    fn one_or_many(&self) -> Option<Fix> {
        let tree = self.document.tree();
        if tree.is_scalar(self.node) {
            let edit = edit::fill_empty(tree, self.node, &format!("- {}", tree.raw(self.node)))?;
            return fix(self.document, Unsafe, "put it in a list", vec![edit]);
        }
        let [only] = tree.items(self.node) else {
            return None;
        };
        write_yaml(self.document, self.node, tree.raw(*only), Unsafe)
    }

    fn route(&self) -> Option<Fix> {
        let text = self.text().trim();
        let rooted = match text.starts_with('/') {
            true => text.to_owned(),
            false => format!("/{text}"),
        };
        let sound = rooted != self.text() && crate::dialect::route::check(&rooted).is_ok();
        sound.then(|| write(self.document, self.node, &rooted, Safe))?
    }
}

/// The words that all readers accept.
fn accepted(shape: &Shape) -> Vec<&'static str> {
    let console = match &shape.console {
        Some(ConsoleText::Words(words)) => Some(words),
        _ => None,
    };
    let plain = shape.plain.words.iter().copied();
    let known = |word: &&'static str| console.is_none_or(|words| words.contains(word));
    let words: Vec<_> = plain.filter(known).collect();
    match (words.is_empty(), console) {
        (true, Some(console)) => console.clone(),
        (true, None) => shape
            .sdk
            .as_ref()
            .map_or_else(Vec::new, |sdk| sdk.words.clone()),
        (false, _) => words,
    }
}

fn titled(mut fix: Fix, title: &str) -> Fix {
    title.clone_into(&mut fix.title);
    fix
}
