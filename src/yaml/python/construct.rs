use super::{CORE, Refusal, is_merge_key, is_special_key, resolve};
use crate::yaml::{Kind, NodeId, Style, Tree};

/// Every node for which PyYAML's constructor refuses the file, in the order in which they are
/// written. It builds the whole document, whether the SDK looks at a part or not; it stops at the
/// first such node, this list goes on.
pub fn refusals(tree: &Tree) -> Vec<(NodeId, Refusal)> {
    if tree.is_straight() {
        return of_scalars(tree);
    }
    let mut constructor = Constructor {
        tree,
        built: vec![false; tree.nodes.len()],
        entered: vec![false; tree.nodes.len()],
        todo: tree.root().into_iter().collect(),
        merged: Vec::new(),
        refusals: Vec::new(),
    };
    loop {
        if let Some(node) = constructor.todo.pop() {
            constructor.build(node);
        } else if let Some(mapping) = constructor.merged.pop() {
            constructor.enter_mapping(mapping);
        } else {
            break;
        }
    }
    let mut refusals = constructor.refusals;
    refusals.sort_by_key(|(node, _)| *node);
    refusals.dedup();
    refusals
}

/// The same where only single scalars can be refused: nothing is tagged or merged, and all keys are
/// texts.
fn of_scalars(tree: &Tree) -> Vec<(NodeId, Refusal)> {
    tree.nodes()
        .filter(|node| {
            tree.kind(*node) == Kind::Scalar(Style::Plain)
                && !tree.is_plainly_text(*node)
                && is_doubtful(tree.text(*node))
        })
        .filter_map(|node| Some((node, resolve(tree, node).err()?)))
        .collect()
}

struct Constructor<'t> {
    tree: &'t Tree,
    /// Nodes that became objects.
    built: Vec<bool>,
    /// Mappings whose entries were seen, as an object or in a merge.
    entered: Vec<bool>,
    /// Nodes that will become objects.
    todo: Vec<NodeId>,
    /// Mappings whose entries are merged into others.
    merged: Vec<NodeId>,
    refusals: Vec<(NodeId, Refusal)>,
}

/// What a collection's tag makes of it.
enum Collection {
    List,
    Pairs(&'static str),
    Mapping,
    /// A mapping with a `=` key whose value stands for it.
    Scalar,
}

impl Constructor<'_> {
    fn build(&mut self, node: NodeId) {
        let tree = self.tree;
        // an unknown alias is an error of the parser
        let Some(node) = tree.target(node) else {
            return;
        };
        if !first_visit(&mut self.built, node) {
            return;
        }
        match tree.kind(node) {
            Kind::Alias => {}
            Kind::Scalar(style) => {
                if (style == Style::Plain && is_doubtful(tree.text(node)))
                    || tree.tag(node).is_some()
                {
                    self.build_scalar(node);
                }
            }
            Kind::Sequence { .. } | Kind::Mapping { .. } => match collection(tree, node) {
                Ok(Collection::List) => self.todo.extend(tree.items(node)),
                Ok(Collection::Pairs(tag)) => self.build_pairs(node, tag),
                Ok(Collection::Mapping) => self.enter_mapping(node),
                Ok(Collection::Scalar) => {}
                Err(refusal) => {
                    self.refusals.push((node, refusal));
                    // what stands inside is still there once the tag is gone
                    self.todo.extend(tree.items(node));
                    self.enter_mapping(node);
                }
            },
        }
    }

    fn build_scalar(&mut self, node: NodeId) {
        if let Err(refusal) = resolve(self.tree, node) {
            self.refusals.push((node, refusal));
        }
    }

    fn build_pairs(&mut self, list: NodeId, tag: &'static str) {
        let tree = self.tree;
        for item in tree.items(list) {
            let pairs = tree.target(*item).map(|item| tree.pairs(item));
            match pairs.and_then(|mut pairs| Some((pairs.next()?, pairs.next()))) {
                Some(((key, value), None)) => self.todo.extend([key, value]),
                _ => self.refusals.push((*item, Refusal::Pair { tag })),
            }
        }
    }

    fn enter_mapping(&mut self, mapping: NodeId) {
        if !first_visit(&mut self.entered, mapping) {
            return;
        }
        let tree = self.tree;
        for (key, value) in tree.pairs(mapping) {
            if is_merge_key(tree, key) {
                self.enter_merge(value);
                continue;
            }
            if !is_special_key(tree, key, "=", "value") {
                self.build_key(key);
            }
            self.todo.push(value);
        }
    }

    /// The merged mappings themselves become no objects, so their tags do not matter.
    fn enter_merge(&mut self, value: NodeId) {
        let tree = self.tree;
        let Some(target) = tree.target(value) else {
            return;
        };
        match tree.kind(target) {
            Kind::Mapping { .. } => self.merged.push(target),
            Kind::Sequence { .. } => {
                for item in tree.items(target) {
                    match tree.target(*item) {
                        Some(mapping) if tree.is_mapping(mapping) => self.merged.push(mapping),
                        Some(other) => {
                            let found = describe(tree, other);
                            self.refusals.push((*item, Refusal::Merge { found }));
                        }
                        None => {}
                    }
                }
            }
            _ => {
                let found = describe(tree, target);
                self.refusals.push((value, Refusal::Merge { found }));
            }
        }
    }

    fn build_key(&mut self, key: NodeId) {
        let tree = self.tree;
        let Some(target) = tree.target(key) else {
            return;
        };
        if tree.is_scalar(target) {
            self.todo.push(key);
            return;
        }
        let refusal = match collection(tree, target) {
            Ok(Collection::Scalar) => return,
            Err(refusal) => refusal,
            Ok(_) => Refusal::Unhashable {
                found: describe(tree, target),
                braces: is_in_braces(tree, key),
            },
        };
        self.refusals.push((key, refusal));
    }
}

fn first_visit(visited: &mut [bool], node: NodeId) -> bool {
    visited
        .get_mut(node.0 as usize)
        .is_some_and(|visited| !std::mem::replace(visited, true))
}

/// Plain texts that can be refused begin like a number, or are `=` or `<<`.
fn is_doubtful(text: &str) -> bool {
    matches!(
        text.as_bytes().first(),
        Some(b'0'..=b'9' | b'-' | b'+' | b'=' | b'<')
    )
}

fn collection(tree: &Tree, node: NodeId) -> Result<Collection, Refusal> {
    let is_list = tree.is_sequence(node);
    let untagged = if is_list {
        Collection::List
    } else {
        Collection::Mapping
    };
    let Some(tag) = tree.tag(node).filter(|tag| tag.name != "!") else {
        return Ok(untagged);
    };
    let found = describe(tree, node);
    let list = |tag, made| {
        if is_list {
            Ok(made)
        } else {
            Err(Refusal::WrongKind {
                tag,
                expected: "a list",
                found,
            })
        }
    };
    let mapping = |tag| {
        if is_list {
            Err(Refusal::WrongKind {
                tag,
                expected: "a mapping",
                found,
            })
        } else {
            Ok(Collection::Mapping)
        }
    };
    let scalar = |tag| {
        if tree
            .pairs(node)
            .any(|(key, _)| is_special_key(tree, key, "=", "value"))
        {
            Ok(Collection::Scalar)
        } else {
            Err(Refusal::WrongKind {
                tag,
                expected: "a scalar",
                found,
            })
        }
    };
    match tag.name.strip_prefix(CORE) {
        Some("seq") => list("!!seq", Collection::List),
        Some("omap") => list("!!omap", Collection::Pairs("!!omap")),
        Some("pairs") => list("!!pairs", Collection::Pairs("!!pairs")),
        Some("map") => mapping("!!map"),
        Some("set") => mapping("!!set"),
        Some("str") => scalar("!!str"),
        Some("int") => scalar("!!int"),
        Some("float") => scalar("!!float"),
        Some("bool") => scalar("!!bool"),
        Some("null") => scalar("!!null"),
        Some("binary") => scalar("!!binary"),
        Some("timestamp") => scalar("!!timestamp"),
        _ => Err(Refusal::UnknownTag(tag.name.clone())),
    }
}

fn describe(tree: &Tree, node: NodeId) -> &'static str {
    match tree.kind(node) {
        Kind::Sequence { .. } => "a list",
        Kind::Mapping { .. } => "a mapping",
        Kind::Alias => "an alias",
        Kind::Scalar(_) if tree.text(node).is_empty() => "nothing",
        Kind::Scalar(_) => "a scalar",
    }
}

/// `{{x}}`: a flow mapping whose only key is a flow mapping.
fn is_in_braces(tree: &Tree, key: NodeId) -> bool {
    tree.kind(key) == Kind::Mapping { flow: true }
        && tree
            .parent(key)
            .is_some_and(|parent| tree.kind(parent) == Kind::Mapping { flow: true })
}
