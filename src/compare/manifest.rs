//! What the manifest and the requirements say in both versions, compared.

use super::Side;
use super::change::{Change, Grade, Spot};
use super::interface::{ItemKind, Reader};
use super::version::{Step, Version};
use crate::finding::{Stage, Stages};
use crate::format::DocumentKind;
use crate::format::words::shorten;
use crate::plugin::Node;
use crate::requires::{Part, before};
use pep440_rs::{Operator, Version as PythonVersion};

const SDK: &str = "dify-plugin";

/// The manifests of two versions of one plugin.
pub(super) struct Manifests<'a, 'p> {
    pub old: Node<'p>,
    pub new: Node<'p>,
    pub sides: (&'a Side, &'a Side),
}

impl Manifests<'_, '_> {
    /// Everything but the version itself.
    pub(super) fn compare(&self, changes: &mut Vec<Change>) {
        self.identity(changes);
        self.category(changes);
        self.permissions(changes);
        self.storage(changes);
        self.minimum(changes);
        self.sdk(changes);
    }

    fn change(&self, rule: &'static str, grade: Grade, message: String) -> Change {
        let name = self.new.text_at("name").unwrap_or_default();
        Change::new(rule, grade, (ItemKind::Plugin, name), message)
    }

    fn at(&self, change: Change, path: &[&str]) -> Change {
        let spot = |manifest: Node<'_>| {
            let near = (0..=path.len()).rev();
            let mut nodes = near.filter_map(|end| manifest.at(path.get(..end)?));
            // where the whole manifest is meant, its name stands for it
            let node = nodes.next().filter(|node| node.id() != manifest.id());
            Spot::of(node.or_else(|| manifest.get("name")).unwrap_or(manifest))
        };
        change
            .new_at(spot(self.new))
            .old(spot(self.old).remark("as it was"))
    }

    fn identity(&self, changes: &mut Vec<Change>) {
        for key in ["author", "name"] {
            let (old, new) = (self.old.text_at(key), self.new.text_at(key));
            let (Some(old), Some(new)) = (old, new) else {
                continue;
            };
            if old == new {
                continue;
            }
            let message = format!(
                "the {key} of the plugin changes from `{}` to `{}`",
                shorten(old),
                shorten(new)
            );
            let change = self
                .change("upgrade/changed-identity", Grade::Breaking, message)
                .note(
                    "Dify knows a plugin by author and name: this is another plugin, and whoever has \
                     the old one is never offered it",
                )
                .help(format!("write `{}`, or publish it as a new plugin", shorten(old)));
            changes.push(self.at(change, &[key]));
        }
    }

    fn category(&self, changes: &mut Vec<Change>) {
        let kinds = |manifest: Node<'_>| -> Vec<(&'static str, DocumentKind)> {
            let plugins = manifest.get("plugins");
            let some = |key| {
                plugins
                    .and_then(|it| it.get(key))
                    .is_some_and(|it| !it.items().is_empty())
            };
            DocumentKind::PROVIDERS
                .into_iter()
                .filter(|(key, _)| some(key))
                .collect()
        };
        let (old, new) = (kinds(self.old), kinds(self.new));
        if old == new || old.is_empty() || new.is_empty() {
            return;
        }
        let words = |kinds: &[(&str, DocumentKind)]| {
            let words: Vec<String> = kinds.iter().map(|(key, _)| format!("`{key}`")).collect();
            words.join(" and ")
        };
        let trigger = |kinds: &[(&str, DocumentKind)]| {
            kinds
                .iter()
                .any(|(_, kind)| *kind == DocumentKind::TriggerProvider)
        };
        let message = format!("the plugin changes from {} to {}", words(&old), words(&new));
        let grown = old.iter().all(|kind| new.contains(kind));
        let change = if trigger(&old) != trigger(&new) {
            let change = self
                .change("upgrade/changed-category", Grade::Breaking, message)
                .note("the Marketplace never lets a plugin become a trigger, or a trigger something else")
                .help("publish it as a new plugin");
            blocked(change)
        } else if grown {
            self.change("upgrade/changed-category", Grade::Addition, message)
                .note("the Marketplace asks about an update that changes the category of a plugin")
        } else {
            let change = self
                .change("upgrade/changed-category", Grade::Breaking, message)
                .note("the Marketplace refuses an update that changes the category of a plugin")
                .help("publish it as a new plugin, or ask the Marketplace for an exception");
            blocked(change)
        };
        changes.push(self.at(change, &["plugins"]));
    }

    fn permissions(&self, changes: &mut Vec<Change>) {
        let flags = |manifest: Node<'_>| -> Vec<Vec<String>> {
            let permission = manifest.at(&["resource", "permission"]);
            let mut found = Vec::new();
            for (group, body) in permission.map(Node::entries).unwrap_or_default() {
                for (flag, value) in body.entries() {
                    if let (Some(group), Some(flag), Some(true)) =
                        (group.text(), flag.text(), value.bool())
                    {
                        found.push(vec![group.to_owned(), flag.to_owned()]);
                    }
                }
            }
            found
        };
        let old = flags(self.old);
        for path in flags(self.new) {
            if old.contains(&path) {
                continue;
            }
            let permission = path.join(".");
            let message = format!(
                "the plugin asks for a further permission: `{}`",
                shorten(&permission)
            );
            let change = self
                .change("upgrade/added-permission", Grade::Addition, message)
                .breaks(Reader::Installer)
                .note("whoever installed the old version has not agreed to it")
                .help("say in the release notes what it is for");
            let mut place = vec!["resource", "permission"];
            place.extend(path.iter().map(String::as_str));
            changes.push(self.at(change, &place));
        }
    }

    fn storage(&self, changes: &mut Vec<Change>) {
        const PATH: [&str; 4] = ["resource", "permission", "storage", "size"];
        let size = |manifest: Node<'_>| manifest.at(&PATH).and_then(Node::number);
        if let (Some(old), Some(new)) = (size(self.old), size(self.new))
            && new < old
        {
            let message = format!("the plugin's storage shrinks from {old} to {new} bytes");
            let change = self
                .change("upgrade/lowered-storage", Grade::Breaking, message)
                .note(
                    "a workspace that has stored more can store nothing until it has deleted some",
                )
                .help("keep the size");
            changes.push(self.at(change, &PATH));
        }
    }

    /// The lowest Dify that the plugin says, or shows by what it uses.
    fn minimum(&self, changes: &mut Vec<Change>) {
        const PATH: [&str; 2] = ["meta", "minimum_dify_version"];
        let said = |manifest: Node<'_>| manifest.at(&PATH).and_then(Node::text).map(str::to_owned);
        let shown = |side: &Side| {
            side.requires
                .floor(Part::Dify)
                .map(|(_, version)| version.to_owned())
        };
        let higher = |one: Option<String>, other: Option<String>| match (one, other) {
            (Some(one), Some(other)) if before(&one, &other) => Some(other),
            (one, other) => one.or(other),
        };
        let (old_side, new_side) = self.sides;
        let old = higher(said(self.old), shown(old_side));
        let (new_said, new_shown) = (said(self.new), shown(new_side));
        let by_use = match (&new_said, &new_shown) {
            (Some(said), Some(shown)) => before(said, shown),
            (None, Some(_)) => true,
            _ => false,
        };
        let Some(new) = higher(new_said, new_shown) else {
            return;
        };
        if !old.as_ref().is_none_or(|old| before(old, &new)) {
            return;
        }
        let from = old.map_or_else(
            || "any Dify".to_owned(),
            |old| format!("Dify {}", shorten(&old)),
        );
        let message = format!(
            "the plugin needs Dify {} now, no longer {from}",
            shorten(&new)
        );
        let change = self
            .change(
                "upgrade/raised-minimum-dify-version",
                Grade::Addition,
                message,
            )
            .breaks(Reader::Installer)
            .note("an older Dify warns and installs it all the same");
        let mut change = self.at(change, &PATH);
        if by_use && let Some((cause, _)) = new_side.requires.floor(Part::Dify) {
            let remark = format!("{} needs it", cause.feature);
            let mut spot = Spot::file(cause.place.clone()).remark(remark);
            spot.pointer = Some(cause.pointer.clone());
            change = change.new_at(spot);
        }
        changes.push(change);
    }

    /// The lowest SDK that the requirement files let in.
    fn sdk(&self, changes: &mut Vec<Change>) {
        let (old_side, new_side) = self.sides;
        let lowest = |side: &Side| {
            let entries = side.requirements.of(SDK);
            let bounds = entries.filter_map(|entry| {
                let lower = entry
                    .specifiers()?
                    .iter()
                    .filter(|it| is_lower(*it.operator()));
                let version: PythonVersion = lower.map(|it| it.version().clone()).max()?;
                Some((version, entry.place.clone()))
            });
            bounds.max_by(|(one, _), (other, _)| one.cmp(other))
        };
        let Some((new, new_place)) = lowest(new_side) else {
            return;
        };
        let (from, old_place) = match lowest(old_side) {
            Some((old, _)) if old >= new => return,
            Some((old, place)) => (old.to_string(), Some(place)),
            None => return,
        };
        let message = format!("the lowest SDK that is asked for rises from {from} to {new}");
        let mut change = self
            .change("upgrade/raised-sdk-requirement", Grade::Patch, message)
            .new_at(Spot::file(new_place));
        change.old = old_place.map(|place| Spot::file(place).remark("as it was"));
        changes.push(change);
    }

    /// Whether the version rises, and as far as the changes demand. `differs`: some packed file is
    /// not the same.
    pub(super) fn version(&self, demanded: Option<Grade>, differs: bool) -> Judgement {
        let read = |manifest: Node<'_>| Version::parse(manifest.text_at("version")?);
        let (Some(old), Some(new)) = (read(self.old), read(self.new)) else {
            return Judgement::default();
        };
        let step = old.step_to(&new);
        let needed = demanded.map_or(Step::Fix, |grade| needed(&old, grade));
        let suggested = old.after(needed).to_string();
        // a pre-release promises nothing
        let enough = step >= needed || (old.is_prerelease() && step > Step::None);
        let changed = demanded.is_some() || differs;
        let change = if step <= Step::None {
            changed.then(|| self.not_increased(step, &old, &new, &suggested))
        } else {
            (!enough).then(|| self.too_little(demanded, &old, &new, &suggested))
        };
        Judgement {
            step: Some(step),
            needed: changed.then_some(needed),
            announced: enough,
            suggested: changed.then_some(suggested),
            change: change.map(|change| self.at(change, &["version"])),
        }
    }

    fn not_increased(&self, step: Step, old: &Version, new: &Version, suggested: &str) -> Change {
        let message = match step {
            Step::Back => format!("the version goes back from `{old}` to `{new}`"),
            _ => format!("the version is still `{new}`, and the plugin has changed"),
        };
        let change = self
            .change("upgrade/version-not-increased", Grade::Patch, message)
            .breaks(Reader::Marketplace)
            .note("the Marketplace takes a version only once, and only a higher one")
            .help(format!("write `version: {suggested}`"));
        blocked(change)
    }

    fn too_little(
        &self,
        demanded: Option<Grade>,
        old: &Version,
        new: &Version,
        suggested: &str,
    ) -> Change {
        let help = format!("write `version: {suggested}`");
        if demanded == Some(Grade::Breaking) {
            let message = format!("`{old}` to `{new}` does not announce that something breaks");
            return self
                .change(
                    "upgrade/version-increased-too-little",
                    Grade::Breaking,
                    message,
                )
                .breaks(Reader::Installer)
                .note(
                    "a workspace that takes only fixes, as Dify sets it up, installs a version by \
                     itself when its first two numbers are the same",
                )
                .help(help);
        }
        let message = format!("`{old}` to `{new}` looks like a fix, and there is something new");
        self.change(
            "upgrade/version-increased-too-little",
            Grade::Patch,
            message,
        )
        .note("by semantic versioning, what is new raises the second number")
        .help(help)
    }
}

/// What became of the version.
#[derive(Default)]
pub(super) struct Judgement {
    pub step: Option<Step>,
    pub needed: Option<Step>,
    /// The version says that something breaks.
    pub announced: bool,
    pub suggested: Option<String>,
    pub change: Option<Change>,
}

/// How far the version has to rise. Before `1.0.0` the second number announces what breaks, and
/// the third everything else, as Cargo has it; but `0.0.x` is no exception here, because Dify's
/// automatic upgrade looks at the first two numbers and takes the rest for a fix.
const fn needed(old: &Version, grade: Grade) -> Step {
    match grade {
        Grade::Breaking if old.is_early() => Step::Minor,
        Grade::Breaking => Step::Major,
        Grade::Addition if !old.is_early() => Step::Minor,
        Grade::Addition | Grade::Patch => Step::Fix,
    }
}

const fn is_lower(operator: Operator) -> bool {
    matches!(
        operator,
        Operator::GreaterThan
            | Operator::GreaterThanEqual
            | Operator::Equal
            | Operator::EqualStar
            | Operator::ExactEqual
            | Operator::TildeEqual
    )
}

const fn blocked(mut change: Change) -> Change {
    change.stages = Stages::only(Stage::Marketplace);
    change
}
