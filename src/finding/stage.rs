use std::fmt;

/// A reader of the plugin that can refuse it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[repr(u8)]
pub enum Stage {
    /// The `dify` command line tool, when it makes the package.
    Package,
    /// The plugin daemon, when the package is uploaded.
    Install,
    /// The Python SDK, when the plugin's process starts.
    Start,
    /// The Dify API, when it lists plugins for the console.
    Console,
    /// The checks and reviewers of the Dify Marketplace.
    Marketplace,
}

impl Stage {
    /// All stages, in the order in which a plugin meets them.
    pub const ALL: [Self; 5] = [
        Self::Package,
        Self::Install,
        Self::Start,
        Self::Console,
        Self::Marketplace,
    ];

    /// The word used in every output and on the command line.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Package => "package",
            Self::Install => "install",
            Self::Start => "start",
            Self::Console => "console",
            Self::Marketplace => "marketplace",
        }
    }
}

impl fmt::Display for Stage {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

impl std::str::FromStr for Stage {
    type Err = ();

    fn from_str(word: &str) -> Result<Self, ()> {
        Self::ALL
            .into_iter()
            .find(|stage| stage.as_str() == word)
            .ok_or(())
    }
}

/// A set of stages.
#[derive(Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Stages(u8);

impl Stages {
    /// No stage.
    pub const NONE: Self = Self(0);
    /// Every stage.
    pub const ALL: Self = Self(0b1_1111);
    /// The daemon's own decoder, which runs at both of its stages.
    pub const DAEMON: Self = Self::NONE.with(Stage::Package).with(Stage::Install);

    /// The set of just this stage.
    pub const fn only(stage: Stage) -> Self {
        Self(1 << stage as u8)
    }

    /// This set and one stage more.
    #[must_use]
    pub const fn with(self, stage: Stage) -> Self {
        Self(self.0 | 1 << stage as u8)
    }

    /// Both sets.
    #[must_use]
    pub const fn union(self, other: Self) -> Self {
        Self(self.0 | other.0)
    }

    /// What both sets hold.
    #[must_use]
    pub const fn intersection(self, other: Self) -> Self {
        Self(self.0 & other.0)
    }

    /// True if `stage` is in the set.
    pub const fn contains(self, stage: Stage) -> bool {
        self.0 & (1 << stage as u8) != 0
    }

    /// True if the set holds no stage.
    pub const fn is_empty(self) -> bool {
        self.0 == 0
    }

    /// The stages of the set, in order.
    pub fn iter(self) -> impl Iterator<Item = Stage> {
        Stage::ALL
            .into_iter()
            .filter(move |stage| self.contains(*stage))
    }
}

impl FromIterator<Stage> for Stages {
    fn from_iter<I: IntoIterator<Item = Stage>>(stages: I) -> Self {
        stages.into_iter().fold(Self::NONE, Self::with)
    }
}

impl fmt::Debug for Stages {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_set().entries(self.iter()).finish()
    }
}
