use super::models::{self, Section};
use super::once;
use super::readers::{self, Readers};
use super::recall::{Facts, Known, Recall};
use super::shared::Shared;
use super::sources::{self, Named};
use super::tally::Tally;
use super::{Options, find};
use crate::finding::{Finding, Fix, Label, Place, RuleId, Severity, Span, Stages};
use crate::plugin::{Document, Node, Parsed, Plugin};
use crate::python::Sources;
use crate::requirements::{FILES, Requirements};
use crate::requires::Requires;
use crate::source::{Changes, Content, Files};
use crate::yaml::NodeId;
use hashbrown::HashMap;
use std::any::Any;
use std::cell::{Cell, RefCell};
use std::ops::Range;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::{Arc, OnceLock};

/// What a check has at hand: the plugin around the node, and where to put what it finds.
pub struct Context<'p> {
    plugin: &'p Plugin,
    requires: &'p Requires,
    options: &'p Options,
    requirements: OnceLock<Arc<Requirements>>,
    readers: HashMap<Arc<str>, Readers>,
    shared: Shared<'p>,
    python: Sources<'p>,
    facts: RefCell<Facts>,
    /// What earlier runs found, if this one is to remember.
    known: Option<Known>,
    /// The check looked at more than its document.
    looked_around: Cell<bool>,
    rule: RuleId,
    /// The number of the check.
    check: usize,
    findings: Vec<Finding>,
    tally: Tally,
}

/// A finding in the making.
#[derive(Clone)]
pub struct Draft(Finding);

impl Draft {
    /// Something is wrong at this place.
    pub fn new(place: Place, message: impl Into<String>) -> Self {
        Self(Finding::new(RuleId(""), Severity::Warning, place, message))
    }

    /// Something is wrong with this node.
    pub fn node(node: Node<'_>, message: impl Into<String>) -> Self {
        Self::at(node.document(), node.id(), message)
    }

    /// Something is wrong with this node of a document.
    pub fn at(document: &Document, node: NodeId, message: impl Into<String>) -> Self {
        let mut draft = Self::new(document.place(node), message);
        draft.0.pointer = Some(document.tree().pointer(node));
        draft
    }

    /// Something is wrong with the key of this node: the key is underlined.
    pub fn key(node: Node<'_>, message: impl Into<String>) -> Self {
        let mut draft = Self::node(node, message);
        draft.0.place = node.key_place();
        draft
    }

    /// Something is wrong with a file as a whole.
    pub fn file(path: &str, message: impl Into<String>) -> Self {
        Self::new(
            Place {
                file: path.into(),
                span: Span::at(0),
            },
            message,
        )
    }

    /// The JSON Pointer of the node, for a place that is found in another way.
    #[must_use]
    pub fn pointer(mut self, pointer: &str) -> Self {
        self.0.pointer = Some(pointer.to_owned());
        self
    }

    /// These stages refuse the plugin because of it.
    #[must_use]
    pub const fn stages(mut self, stages: Stages) -> Self {
        self.0.stages = stages;
        self
    }

    /// Reported under another rule than the one that runs.
    #[must_use]
    pub const fn rule(mut self, rule: RuleId) -> Self {
        self.0.rule = rule;
        self
    }

    /// Why it matters.
    #[must_use]
    pub fn note(mut self, note: impl Into<String>) -> Self {
        self.0.note = Some(note.into());
        self
    }

    /// What to do.
    #[must_use]
    pub fn help(mut self, help: impl Into<String>) -> Self {
        self.0.help = Some(help.into());
        self
    }

    /// What to see at the place itself.
    #[must_use]
    pub fn remark(mut self, remark: impl Into<String>) -> Self {
        self.0.remark = remark.into();
        self
    }

    /// A further place to look at.
    #[must_use]
    pub fn label(mut self, place: Place, message: impl Into<String>) -> Self {
        self.0.labels.push(Label {
            place,
            message: message.into(),
        });
        self
    }

    /// The finding as it is, with this severity.
    pub(super) fn into_finding(self, severity: Severity) -> Finding {
        Finding { severity, ..self.0 }
    }

    /// Moves the finding to another place than its node.
    pub fn place_at(&mut self, place: Place) {
        self.0.place = place;
    }

    /// A repair.
    #[must_use]
    pub fn fix(mut self, fix: Option<Fix>) -> Self {
        self.0.fixes.extend(fix);
        self
    }
}

impl<'p> Context<'p> {
    pub(super) fn new(
        plugin: &'p Plugin,
        requires: &'p Requires,
        options: &'p Options,
        recall: Option<(&mut Recall, &Changes)>,
    ) -> Self {
        let files = plugin.files.as_ref();
        let readers = readers::all(plugin);
        let requirements = OnceLock::new();
        let (python, facts, known) = match recall {
            Some((recall, changes)) => {
                if let Some(known) = recall.requirements.take()
                    && FILES.iter().all(|file| changes.spare(file))
                {
                    requirements.get_or_init(|| known);
                }
                let python = std::mem::take(&mut recall.python);
                let facts = std::mem::take(&mut recall.facts).after(changes);
                let known = recall.known(plugin, &readers, options);
                let python = Sources::again(files, python, changes);
                (python, facts, Some(known))
            }
            None => (Sources::new(files), Facts::default(), None),
        };
        Self {
            plugin,
            requires,
            options,
            requirements,
            readers,
            shared: Shared::default(),
            python,
            facts: RefCell::new(facts),
            known,
            looked_around: Cell::new(false),
            rule: RuleId(""),
            check: 0,
            findings: Vec::new(),
            tally: Tally::default(),
        }
    }

    /// The plugin that is checked.
    pub fn plugin(&self) -> &'p Plugin {
        self.looked_around.set(true);
        self.plugin
    }

    /// The lowest versions that have what the plugin uses.
    pub fn requires(&self) -> &'p Requires {
        self.looked_around.set(true);
        self.requires
    }

    /// What the author told the rules.
    pub const fn options(&self) -> &'p Options {
        self.options
    }

    /// What the plugin asks for in its requirement files; read on first use.
    pub fn requirements(&self) -> Arc<Requirements> {
        self.looked_around.set(true);
        let files = self.plugin.files.as_ref();
        if let Some(known) = self.requirements.get() {
            FILES.iter().for_each(|file| files.read_before(file));
            return known.clone();
        }
        let read = || Arc::new(Requirements::read(files));
        self.requirements.get_or_init(read).clone()
    }

    /// Who reads a file, over all its roles. To ask this is not to look around: what is known of
    /// a file is known for these readers.
    pub fn readers(&self, file: &Parsed) -> Readers {
        let known = self.readers.get(file.file.path());
        known.copied().unwrap_or_default()
    }

    /// Facts from the Python sources.
    pub fn python(&self) -> &Sources<'p> {
        self.looked_around.set(true);
        &self.python
    }

    /// What the model providers list.
    pub fn sections(&self) -> Arc<[Section<'p>]> {
        self.shared().sections(|| models::sections(self.plugin))
    }

    /// The sources that the SDK imports at start-up.
    pub fn named_sources(&self) -> Arc<[Named<'p>]> {
        self.shared().named(|| sources::all(self.plugin))
    }

    /// What several checks ask for.
    pub(super) fn shared(&self) -> &Shared<'p> {
        self.looked_around.set(true);
        &self.shared
    }

    /// What follows from the content of a file, from its path and from the names of the plugin's
    /// files, and from nothing else: made once for as long as these stay the same, and found by
    /// its type.
    pub fn fact<T: Any + Send + Sync>(&self, path: &str, make: impl FnOnce() -> T) -> Arc<T> {
        self.looked_around.set(true);
        let known = self.facts.borrow().0.get(path).cloned();
        let known = known.unwrap_or_else(|| {
            let mut facts = self.facts.borrow_mut();
            facts.0.entry(path.into()).or_default().clone()
        });
        self.plugin.files.read_before(path);
        known.get(make)
    }

    /// The same of what a file holds; `None` where it cannot be read.
    pub fn fact_of_file<T: Any + Send + Sync>(
        &self,
        path: &str,
        make: impl FnOnce(Content) -> T,
    ) -> Option<Arc<T>> {
        self.fact_of_read(path, |files| files.read(path).ok(), make)
    }

    /// The same of a file with no more than so many bytes; `None` for a larger one.
    pub fn fact_of_small_file<T: Any + Send + Sync>(
        &self,
        path: &str,
        most: u64,
        make: impl FnOnce(Content) -> T,
    ) -> Option<Arc<T>> {
        let read = |files: &dyn Files| {
            files.size(path).filter(|size| *size <= most)?;
            files.read(path).ok()
        };
        self.fact_of_read(path, read, make)
    }

    fn fact_of_read<T: Any + Send + Sync>(
        &self,
        path: &str,
        read: impl FnOnce(&dyn Files) -> Option<Content>,
        make: impl FnOnce(Content) -> T,
    ) -> Option<Arc<T>> {
        let files = self.plugin.files.as_ref();
        let fact = self.fact(path, || read(files).map(|bytes| Arc::new(make(bytes))));
        fact.as_ref().clone()
    }

    /// Adds a finding. Its severity is `error` if a stage refuses, else that of the rule's page.
    pub fn report(&mut self, draft: Draft) {
        let mut finding = draft.0;
        if finding.rule.0.is_empty() {
            finding.rule = self.rule;
        }
        finding.severity = if finding.stages.is_empty() {
            // a page that says `error` speaks of findings with stages
            find(finding.rule.0).map_or(Severity::Warning, |rule| {
                rule.severity.min(Severity::Warning)
            })
        } else {
            Severity::Error
        };
        if self.tally.takes(&finding) {
            self.findings.push(finding);
        }
    }

    pub(super) const fn enter(&mut self, check: usize, rule: RuleId) {
        self.check = check;
        self.rule = rule;
    }

    /// Those of the roles in which the check may find something.
    pub(super) fn loud(&self, roles: Range<usize>) -> Vec<usize> {
        match &self.known {
            Some(known) => known.loud(self.check, roles),
            None => roles.collect(),
        }
    }

    /// Runs a check of a document or file, of that number among all, unless it is known what it
    /// finds.
    pub(super) fn look(&mut self, role: usize, check: impl FnOnce(&mut Self)) {
        let Some(known) = &self.known else {
            return check(self);
        };
        if let Some(found) = known.found(role, self.check) {
            let taken = found.iter().filter(|it| self.tally.takes(it));
            return self.findings.extend(taken.cloned());
        }
        let before = self.findings.len();
        let counted = self.tally.counted();
        self.looked_around.set(false);
        check(self);
        let found = self.findings.get(before..).unwrap_or_default();
        // what was only counted cannot be taken over
        let whole = self.tally.counted() == counted;
        let reusable = whole && !self.looked_around.get();
        if let Some(known) = self.known.as_mut().filter(|_| reusable) {
            known.keep(role, self.check, found);
        }
    }

    /// Runs a check; if it panics, that is reported as a finding of its own and the run goes on.
    pub(super) fn guard(&mut self, check: impl FnOnce(&mut Self)) {
        let before = self.findings.len();
        let outcome = catch_unwind(AssertUnwindSafe(|| check(self)));
        if let Err(cause) = outcome {
            self.findings.truncate(before);
            let words = cause
                .downcast_ref::<&str>()
                .map(|text| (*text).to_owned())
                .or_else(|| cause.downcast_ref::<String>().cloned())
                .unwrap_or_else(|| "no message".to_owned());
            let rule = self.rule;
            self.report(
                Draft::file(
                    crate::plugin::MANIFEST,
                    format!("the rule {rule} failed: {words}"),
                )
                .rule(RuleId("internal/rule-failed"))
                .help("this is a mistake in difylint; please report it with the plugin"),
            );
        }
    }

    pub(super) fn finish(mut self, recall: Option<&mut Recall>) -> Vec<Finding> {
        if let (Some(recall), Some(known)) = (recall, self.known) {
            recall.keep(known);
            recall.python = self.python.into_known();
            recall.facts = self.facts.into_inner();
            recall.requirements = self.requirements.into_inner();
        }
        self.findings.extend(std::mem::take(&mut self.tally).rest());
        once::told(self.findings)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::finding::Stage;
    use crate::source::Memory;
    use std::sync::Arc;

    #[test]
    fn a_rule_that_panics_is_reported_and_the_others_go_on() {
        let plugin = Plugin::load(Arc::new(Memory::new()));
        let requires = Requires::of(&plugin);
        let options = Options::default();
        let mut context = Context::new(&plugin, &requires, &options, None);
        context.enter(0, RuleId("path/missing-file"));
        context.guard(|context| {
            context.report(Draft::file("a.yaml", "half a thought"));
            panic!("no such luck: {}", 3);
        });
        context.enter(1, RuleId("asset/missing-icon"));
        context.guard(|context| {
            context.report(Draft::file("b.yaml", "found").stages(Stages::only(Stage::Install)));
        });
        let findings = context.finish(None);
        let told: Vec<_> = findings
            .iter()
            .map(|it| (it.rule.0, it.message.as_str()))
            .collect();
        assert_eq!(
            told,
            [
                ("asset/missing-icon", "found"),
                (
                    "internal/rule-failed",
                    "the rule path/missing-file failed: no such luck: 3"
                ),
            ]
        );
        assert!(
            findings[1].stages.is_empty(),
            "our mistake refuses no plugin"
        );
    }
}
