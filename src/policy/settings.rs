//! What holds for one plugin, and who said so.

use super::choice::Chosen;
use super::config::{Layer, Override};
use super::paths::PathPattern;
use super::said::{ConfigText, Origin, Said};
use super::{DEFAULT_PROFILE, Exception, Policy, Profile, Threshold, profile, profiles};
use crate::finding::{RuleId, Stages};
use crate::rules::{OptionValue, Options, Target};
use std::path::{Path, PathBuf};
use std::sync::Arc;

/// Everything that the command line, the configuration, the profile and the defaults say about
/// one plugin. The stronger is the earlier of these.
#[derive(Clone, Debug)]
pub struct Settings {
    /// The configuration files, the nearest last.
    pub files: Vec<Arc<ConfigText>>,
    /// The profile.
    pub profile: Said<&'static str>,
    /// Which rules take part.
    pub chosen: Chosen,
    /// What holds for some files only.
    pub overrides: Vec<Override>,
    /// Options that are not as their rule's page says.
    pub options: Vec<Said<(RuleId, &'static str, OptionValue)>>,
    /// Versions to run on.
    pub target: super::config::TargetWords,
    /// Lowest severity that fails the run.
    pub fail_on: Said<Threshold>,
    /// Formats of the output; `None`: nobody said.
    pub output_format: Option<Said<Vec<String>>>,
    /// Plugins that are not checked unless they are named.
    pub exclude: Vec<Said<PathPattern>>,
    /// A comment that takes out a finding must say why.
    pub require_reason: Said<bool>,
    /// The file with the findings that were known before.
    pub baseline: Option<Said<PathBuf>>,
    root: PathBuf,
}

impl Settings {
    /// Puts the layers on top of one another: profile, files (the nearest last), command line.
    /// `root` is absolute and clean.
    pub(super) fn merge(root: &Path, files: &[Layer], command_line: &Layer) -> Self {
        let layers = || files.iter().chain([command_line]);
        let named = layers()
            .filter_map(|layer| layer.profile.clone())
            .next_back();
        let named = named.unwrap_or(Said::by_default(DEFAULT_PROFILE));
        let mut settings = Self {
            files: files
                .iter()
                .filter_map(|layer| layer.file.clone())
                .collect(),
            profile: named,
            chosen: Chosen::default(),
            overrides: Vec::new(),
            options: Vec::new(),
            target: super::config::TargetWords::default(),
            fail_on: Said::by_default(Threshold::default()),
            output_format: None,
            exclude: Vec::new(),
            require_reason: Said::by_default(false),
            baseline: None,
            root: root.to_path_buf(),
        };
        if let Some(profile) = settings.meta() {
            settings.chosen = Chosen::of_profile(profile);
            let options = profile.options.iter().map(|option| Said {
                value: option.clone(),
                origin: Origin::Profile(profile.name),
            });
            settings.options = options.collect();
        }
        layers().for_each(|layer| settings.add(layer));
        settings
    }

    fn add(&mut self, layer: &Layer) {
        let Layer {
            file: _,
            profile: _,
            choice,
            fail_on,
            output_format,
            exclude,
            overrides,
            options,
            target,
            require_reason,
            baseline,
        } = layer;
        self.chosen.add(choice);
        replace(&mut self.fail_on, fail_on.as_ref());
        replace(&mut self.require_reason, require_reason.as_ref());
        replace_some(&mut self.output_format, output_format.as_ref());
        replace_some(&mut self.baseline, baseline.as_ref());
        replace_some(&mut self.target.dify, target.dify.as_ref());
        replace_some(&mut self.target.daemon, target.daemon.as_ref());
        replace_some(&mut self.target.sdk, target.sdk.as_ref());
        replace(&mut self.exclude, exclude.as_ref());
        self.overrides.extend(overrides.iter().cloned());
        for option in options {
            let (rule, name, _) = &option.value;
            self.options
                .retain(|it| (it.value.0, it.value.1) != (*rule, *name));
            self.options.push(option.clone());
        }
    }

    /// What the data says about the profile in use.
    pub fn meta(&self) -> Option<&'static Profile> {
        profile(self.profile.value).or_else(|| profiles().first())
    }

    /// The root of the plugin, absolute.
    pub fn root(&self) -> &Path {
        &self.root
    }

    /// True if the plugin is only checked when it is named.
    pub fn excludes(&self) -> bool {
        self.exclude.iter().any(|it| it.value.covers(&self.root))
    }

    /// What the engine needs of it.
    pub fn policy(&self) -> Policy {
        let values = |words: &[Said<super::Selector>]| {
            words.iter().map(|it| it.value.clone()).collect::<Vec<_>>()
        };
        let text = |said: &Option<Said<String>>| said.as_ref().map(|it| it.value.clone());
        let mut options = Options::default();
        options.target = Target {
            dify: text(&self.target.dify),
            daemon: text(&self.target.daemon),
            sdk: text(&self.target.sdk),
        };
        for option in &self.options {
            let (rule, name, value) = &option.value;
            options.set(*rule, name, value.clone());
        }
        Policy {
            select: values(&self.chosen.select),
            extend: values(&self.chosen.extend),
            ignore: values(&self.chosen.ignore),
            severity: self
                .chosen
                .severity
                .iter()
                .map(|it| it.value.clone())
                .collect(),
            stages: self.meta().map_or(Stages::ALL, |profile| profile.stages),
            exceptions: self
                .overrides
                .iter()
                .map(|it| Exception::new(&self.root, it))
                .collect(),
            options,
            require_reason: self.require_reason.value,
            // a file, which only the command line reads
            baseline: None,
        }
    }
}

fn replace<T: Clone>(slot: &mut T, layer: Option<&T>) {
    if let Some(said) = layer {
        slot.clone_from(said);
    }
}

fn replace_some<T: Clone>(slot: &mut Option<T>, layer: Option<&T>) {
    if let Some(said) = layer {
        *slot = Some(said.clone());
    }
}
