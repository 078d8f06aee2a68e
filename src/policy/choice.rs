//! Which rules take part: what each layer says, and what comes of all of them.

use super::said::{Origin, Said};
use super::{Profile, Selector};
use crate::finding::{RuleId, Severity};
use crate::rules::{self, Status};

/// What one layer (a file, an override, the command line) says about rules.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Choice {
    /// Only these; stands in for what was selected before.
    pub select: Option<Vec<Said<Selector>>>,
    /// These too.
    pub extend_select: Vec<Said<Selector>>,
    /// Not these; stands in for the list of the files that this one extends.
    pub ignore: Option<Vec<Said<Selector>>>,
    /// Not these either.
    pub extend_ignore: Vec<Said<Selector>>,
    /// Another severity for these.
    pub severity: Vec<Said<(Selector, Severity)>>,
}

/// What all layers together say about rules.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Chosen {
    /// Only these; when empty, those that take part by default.
    pub select: Vec<Said<Selector>>,
    /// These too.
    pub extend: Vec<Said<Selector>>,
    /// Not these.
    pub ignore: Vec<Said<Selector>>,
    /// Another severity; the narrowest word wins, then the last one.
    pub severity: Vec<Said<(Selector, Severity)>>,
}

impl Chosen {
    /// What a profile says.
    pub fn of_profile(profile: &'static Profile) -> Self {
        let said = |words: &[Selector]| words.iter().map(|it| of(profile, it.clone())).collect();
        let severity = profile.severity.iter();
        Self {
            select: Vec::new(),
            extend: said(&profile.enable),
            ignore: said(&profile.disable),
            severity: severity.map(|it| of(profile, it.clone())).collect(),
        }
    }

    /// Puts a later layer on top. A word that it selects is no longer ignored by an earlier one.
    pub fn add(&mut self, layer: &Choice) {
        if let Some(ignore) = &layer.ignore {
            self.ignore
                .retain(|it| matches!(it.origin, Origin::Profile(_)));
            self.ignore.extend(ignore.iter().cloned());
        }
        if let Some(select) = &layer.select {
            self.extend.clear();
            self.select.clone_from(select);
        }
        self.extend.extend(layer.extend_select.iter().cloned());
        let own = layer.ignore.iter().flatten();
        let own: Vec<&Selector> = own.map(|it| &it.value).collect();
        let wanted: Vec<&Selector> = layer
            .select
            .iter()
            .flatten()
            .chain(&layer.extend_select)
            .map(|it| &it.value)
            .filter(|word| !own.contains(word))
            .collect();
        self.ignore.retain(|it| !wanted.contains(&&it.value));
        self.ignore.extend(layer.extend_ignore.iter().cloned());
        self.severity.extend(layer.severity.iter().cloned());
    }

    /// True if findings of the rule are shown.
    pub fn allows(&self, rule: RuleId) -> bool {
        let narrowest = |words: &mut dyn Iterator<Item = &Said<Selector>>| {
            words.filter_map(|it| it.value.narrowness(rule)).max()
        };
        let selected = narrowest(&mut self.select.iter().chain(&self.extend));
        let ignored = narrowest(&mut self.ignore.iter());
        match (selected, ignored) {
            (Some(selected), Some(ignored)) => selected > ignored,
            (Some(_), None) => true,
            (None, Some(_)) => false,
            (None, None) => self.select.is_empty() && is_default(rule),
        }
    }

    /// The severity of a rule's findings, if it is another than their own.
    pub fn severity_of(&self, rule: RuleId) -> Option<Severity> {
        let fitting = self.severity.iter().filter_map(|it| {
            let (selector, level) = &it.value;
            Some((selector.narrowness(rule)?, *level))
        });
        fitting
            .max_by_key(|(narrowness, _)| *narrowness)
            .map(|(_, level)| level)
    }
}

const fn of<T>(profile: &'static Profile, value: T) -> Said<T> {
    Said {
        value,
        origin: Origin::Profile(profile.name),
    }
}

fn is_default(rule: RuleId) -> bool {
    rules::find(rule.0).is_none_or(|meta| meta.status == Status::Default)
}
