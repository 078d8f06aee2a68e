//! What is stated about one item in both versions, compared.

use super::change::{Change, Grade, Spot};
use super::interface::{Attribute, Fact, Item, ItemKind, Value};
use super::same::same;
use super::walk::in_words;
use crate::format::words::{describe, shorten};

/// Pairs of types where every value of the first is one of the second: what is saved still fits.
const WIDER: [(&str, &str); 6] = [
    ("select", "string"),
    ("select", "dynamic-select"),
    ("secret-input", "string"),
    ("int", "float"),
    ("string", "text"),
    ("integer", "number"),
];

/// Compares the facts of two items of one name. True if the type has changed: then the rest of
/// what is stated is about something else.
pub(super) fn compare(
    old: &Item<'_>,
    new: &Item<'_>,
    above: &[String],
    changes: &mut Vec<Change>,
) -> bool {
    let pair = Pair {
        old,
        new,
        words: in_words(old, above),
    };
    let retyped = pair.kind(changes);
    if !retyped {
        pair.form(changes);
        pair.several(changes);
        pair.required(changes);
        pair.default(changes);
        pair.bounds(changes);
        pair.model(changes);
    }
    pair.wordings(changes);
    retyped
}

/// True if nobody who saved something before can have answered this: it is asked for, and there is
/// no default.
pub(super) fn is_demanded(item: &Item<'_>) -> bool {
    // the plugin itself fills in what comes from an OAuth sign-in
    item.kind.takes_a_value()
        && item.kind != ItemKind::OauthCredential
        && item.flag(Attribute::Required)
        && item.fact(Attribute::Default).is_none()
}

/// The change that something is asked for now.
pub(super) fn demand(item: &Item<'_>, message: String) -> Change {
    let field = item.kind.is_field();
    let (rule, note, help) = if field {
        (
            "upgrade/required-credential",
            "what was typed in before has no answer to it, and has to be typed in again",
            "make it optional, or give it a default that keeps the old behaviour",
        )
    } else {
        (
            "upgrade/required-parameter",
            "a saved node has no value for it and fails when it runs",
            "make it optional, or give it a default that keeps the old behaviour",
        )
    };
    Change::new(rule, Grade::Breaking, (item.kind, &item.name), message)
        .note(note)
        .help(help)
}

struct Pair<'a, 'p> {
    old: &'a Item<'p>,
    new: &'a Item<'p>,
    words: String,
}

impl<'a, 'p> Pair<'a, 'p> {
    fn change(&self, rule: &'static str, grade: Grade, message: String) -> Change {
        let kind = self.old.kind;
        Change::new(rule, grade, (kind, &self.old.name), message)
    }

    /// Points at a fact in both versions, or at the item where it is not stated.
    fn at(&self, change: Change, attribute: Attribute) -> Change {
        let spot =
            |item: &Item<'_>| Spot::of(item.fact(attribute).map_or(item.node, |fact| fact.node));
        change
            .new_at(spot(self.new))
            .old(spot(self.old).remark("as it was"))
    }

    fn both(&self, attribute: Attribute) -> Option<(&'a str, &'a str)> {
        let (old, new): (&'a Item<'p>, &'a Item<'p>) = (self.old, self.new);
        Some((old.word(attribute)?, new.word(attribute)?))
    }

    fn kind(&self, changes: &mut Vec<Change>) -> bool {
        let Some((old, new)) = self.both(Attribute::Type).filter(|(a, b)| a != b) else {
            return false;
        };
        let words = &self.words;
        let message = format!(
            "{words} changes its type from `{}` to `{}`",
            shorten(old),
            shorten(new)
        );
        let fits = match self.old.kind {
            // a reader of numbers may meet fractions: for outputs it is the other way round
            ItemKind::Output => WIDER.contains(&(new, old)),
            ItemKind::Parameter | ItemKind::ModelParameter => WIDER.contains(&(old, new)),
            _ => false,
        };
        let change = if fits {
            self.change("upgrade/changed-type", Grade::Addition, message)
                .note("every value that is saved fits the new type too")
        } else {
            let note = match self.old.kind {
                ItemKind::Output => "a saved workflow that reads it expects the old type",
                _ if self.old.kind.is_field() => {
                    "the type decides how an answer is stored, and whether it is encrypted; what is \
                     saved was stored for the old one"
                }
                _ => "what is saved was made for the old type",
            };
            self.change("upgrade/changed-type", Grade::Breaking, message)
                .note(note)
                .help("keep the type, and add what is new under another name")
        };
        changes.push(self.at(change, Attribute::Type));
        true
    }

    fn form(&self, changes: &mut Vec<Change>) {
        let Some((old, new)) = self.both(Attribute::Form).filter(|(a, b)| a != b) else {
            return;
        };
        let message = format!(
            "{} moves from `form: {}` to `form: {}`",
            self.words,
            shorten(old),
            shorten(new)
        );
        let change = self
            .change("upgrade/changed-form", Grade::Breaking, message)
            .note(
                "a saved node keeps inputs (`form: llm`) and settings (`form: form`) apart: what it \
                 has is not found at the other place",
            )
            .help("keep the form, or announce a breaking change by the version");
        changes.push(self.at(change, Attribute::Form));
    }

    fn several(&self, changes: &mut Vec<Change>) {
        let flags = (
            self.old.flag(Attribute::Multiple),
            self.new.flag(Attribute::Multiple),
        );
        let message = match flags {
            (false, true) => format!("{} takes a list now, no longer one value", self.words),
            (true, false) => format!("{} takes one value now, no longer a list", self.words),
            _ => return,
        };
        let change = self
            .change("upgrade/changed-type", Grade::Breaking, message)
            .note("what is saved was made for the other form")
            .help("keep `multiple` as it was, and add what is new under another name");
        changes.push(self.at(change, Attribute::Multiple));
    }

    fn required(&self, changes: &mut Vec<Change>) {
        let (was, is) = (
            self.old.flag(Attribute::Required),
            self.new.flag(Attribute::Required),
        );
        if !is_demanded(self.old) && is_demanded(self.new) {
            let message = if was {
                format!("{} loses its default and is required", self.words)
            } else {
                format!("{} is required now and has no default", self.words)
            };
            changes.push(self.at(demand(self.new, message), Attribute::Required));
        } else if was && !is && self.old.kind.takes_a_value() {
            let message = format!("{} is no longer required", self.words);
            let change = self.change("upgrade/addition", Grade::Addition, message);
            changes.push(self.at(change, Attribute::Required));
        }
    }

    fn default(&self, changes: &mut Vec<Change>) {
        let facts = (
            self.old.fact(Attribute::Default),
            self.new.fact(Attribute::Default),
        );
        let told = |fact: &Fact<'_>| describe(fact.node.tree(), fact.node.id());
        let words = &self.words;
        let message = match facts {
            (Some(old), Some(new)) if !same(old.node, new.node) => {
                format!(
                    "the default of {words} is {}, no longer {}",
                    told(new),
                    told(old)
                )
            }
            (Some(old), None) if !is_demanded(self.new) => {
                format!("{words} has no default any more; it was {}", told(old))
            }
            (None, Some(new)) => format!("{words} has a default now: {}", told(new)),
            _ => return,
        };
        let change = self
            .change("upgrade/changed-default", Grade::Addition, message)
            .note("where no value is saved, the plugin now does something else");
        changes.push(self.at(change, Attribute::Default));
    }

    fn bounds(&self, changes: &mut Vec<Change>) {
        for (attribute, noun, rises) in [
            (Attribute::Minimum, "minimum", true),
            (Attribute::Maximum, "maximum", false),
            (Attribute::Precision, "precision", false),
        ] {
            let (old, new) = (self.old.number(attribute), self.new.number(attribute));
            let words = &self.words;
            let (message, tighter) = match (old, new) {
                (Some(old), Some(new)) if (old - new).abs() > f64::EPSILON => (
                    format!("the {noun} of {words} goes from {old} to {new}"),
                    (new > old) == rises,
                ),
                (None, Some(new)) => (format!("{words} has a {noun} now: {new}"), true),
                (Some(old), None) => (
                    format!("the {noun} of {words} is gone; it was {old}"),
                    false,
                ),
                _ => continue,
            };
            let change = if tighter {
                self.change("upgrade/tightened-range", Grade::Breaking, message)
                    .note("a value that is saved may lie outside now, and is refused")
                    .help("keep the old bound, or announce a breaking change by the version")
            } else {
                self.change("upgrade/addition", Grade::Addition, message)
            };
            changes.push(self.at(change, attribute));
        }
    }

    fn model(&self, changes: &mut Vec<Change>) {
        if let Some((old, new)) = self.both(Attribute::Mode).filter(|(a, b)| a != b) {
            let message = format!(
                "{} changes its mode from `{}` to `{}`",
                self.words,
                shorten(old),
                shorten(new)
            );
            let change = self
                .change("upgrade/changed-model", Grade::Breaking, message)
                .note("a saved prompt is written for chat or for completion, not for both");
            changes.push(self.at(change, Attribute::Mode));
        }
        let sizes = (
            self.old.number(Attribute::ContextSize),
            self.new.number(Attribute::ContextSize),
        );
        if let (Some(old), Some(new)) = sizes
            && (old - new).abs() > f64::EPSILON
        {
            let message = format!("the context of {} goes from {old} to {new}", self.words);
            let mut change = self.change("upgrade/changed-model", Grade::Addition, message);
            if new < old {
                change = change.note("prompts that were just short enough are cut or refused");
            }
            changes.push(self.at(change, Attribute::ContextSize));
        }
        let deprecated = (
            self.old.flag(Attribute::Deprecated),
            self.new.flag(Attribute::Deprecated),
        );
        if deprecated == (false, true) {
            let message = format!("{} is deprecated", self.words);
            let change = self
                .change("upgrade/changed-model", Grade::Addition, message)
                .note("apps that use it go on; nobody can choose it any more");
            changes.push(self.at(change, Attribute::Deprecated));
        }
    }

    fn wordings(&self, changes: &mut Vec<Change>) {
        for fact in self.new.facts.iter().filter(|fact| {
            matches!(fact.value, Value::Whole) && matches!(fact.attribute, Attribute::Wording(_))
        }) {
            let Attribute::Wording(key) = fact.attribute else {
                continue;
            };
            let old = self.old.fact(fact.attribute);
            if old.is_some_and(|old| same(old.node, fact.node)) {
                continue;
            }
            let words = match self.words.as_str() {
                "" => "the plugin",
                words => words,
            };
            let message = format!("`{key}` of {words} is worded in another way");
            let change = self.change("upgrade/changed-text", Grade::Patch, message);
            changes.push(self.at(change, fact.attribute));
        }
    }
}
