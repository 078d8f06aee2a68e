//! Versions of a plugin, and how far one is from another.

use std::cmp::Ordering;
use std::fmt;

/// A version as the daemon takes it: two to four numbers, perhaps `-` and a suffix.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Version {
    numbers: [u32; 4],
    /// What follows the hyphen: a pre-release.
    suffix: Option<String>,
}

/// How far a new version is from the old one.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Step {
    /// It is lower.
    Back,
    /// It is the same.
    None,
    /// Only what follows the second number is higher.
    Fix,
    /// The second number is higher.
    Minor,
    /// The first number is higher.
    Major,
}

impl Step {
    /// The word used in every output.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Back => "back",
            Self::None => "none",
            Self::Fix => "fix",
            Self::Minor => "minor",
            Self::Major => "major",
        }
    }
}

impl Version {
    /// Reads a version; `None` when the daemon would refuse it.
    pub fn parse(text: &str) -> Option<Self> {
        if !crate::dialect::version::is_identity_version(text) {
            return None;
        }
        let (digits, suffix) = match text.split_once('-') {
            Some((digits, suffix)) => (digits, Some(suffix.to_owned())),
            None => (text, None),
        };
        let mut numbers = [0; 4];
        for (number, digits) in numbers.iter_mut().zip(digits.split('.')) {
            *number = digits.parse().ok()?;
        }
        Some(Self { numbers, suffix })
    }

    /// True before `1.0.0`.
    pub const fn is_early(&self) -> bool {
        let [first, ..] = self.numbers;
        first == 0
    }

    /// True for `1.0.0-beta`: it promises nothing yet.
    pub const fn is_prerelease(&self) -> bool {
        self.suffix.is_some()
    }

    /// How far it is from here to `new`.
    pub fn step_to(&self, new: &Self) -> Step {
        let [first, second, ..] = self.numbers;
        let [new_first, new_second, ..] = new.numbers;
        match self.cmp(new) {
            Ordering::Greater => Step::Back,
            Ordering::Equal => Step::None,
            Ordering::Less if new_first > first => Step::Major,
            Ordering::Less if new_second > second => Step::Minor,
            Ordering::Less => Step::Fix,
        }
    }

    /// The lowest release that is this far from here.
    pub fn after(&self, step: Step) -> Self {
        let [first, second, third, _] = self.numbers;
        let numbers = match step {
            Step::Major => [first + 1, 0, 0, 0],
            Step::Minor => [first, second + 1, 0, 0],
            // the release itself follows its pre-releases
            _ if self.is_prerelease() => self.numbers,
            _ => [first, second, third + 1, 0],
        };
        Self {
            numbers,
            suffix: None,
        }
    }
}

impl Ord for Version {
    fn cmp(&self, other: &Self) -> Ordering {
        let suffix = match (&self.suffix, &other.suffix) {
            (None, None) => Ordering::Equal,
            (None, Some(_)) => Ordering::Greater,
            (Some(_), None) => Ordering::Less,
            (Some(own), Some(other)) => own.cmp(other),
        };
        self.numbers.cmp(&other.numbers).then(suffix)
    }
}

impl PartialOrd for Version {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl fmt::Display for Version {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let [first, second, third, fourth] = self.numbers;
        write!(f, "{first}.{second}.{third}")?;
        if fourth > 0 {
            write!(f, ".{fourth}")?;
        }
        match &self.suffix {
            Some(suffix) => write!(f, "-{suffix}"),
            None => Ok(()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn version(text: &str) -> Version {
        Version::parse(text).unwrap()
    }

    #[test]
    fn steps() {
        for (old, new, step) in [
            ("0.1.0", "0.1.0", Step::None),
            ("1.0", "1.0.0", Step::None),
            ("0.1.9", "0.1.10", Step::Fix),
            ("0.1.0", "0.1.0.1", Step::Fix),
            ("1.0.0-beta", "1.0.0", Step::Fix),
            ("1.0.0", "1.0.0-beta", Step::Back),
            ("0.1.10", "0.1.9", Step::Back),
            ("0.1.9", "0.2.0", Step::Minor),
            ("0.9.9", "1.0.0-rc1", Step::Major),
        ] {
            assert_eq!(version(old).step_to(&version(new)), step, "{old} {new}");
        }
    }

    #[test]
    fn next_versions() {
        for (old, step, next) in [
            ("0.1.9", Step::Fix, "0.1.10"),
            ("0.1.9", Step::Minor, "0.2.0"),
            ("1.2.3-rc1", Step::Fix, "1.2.3"),
            ("1.2.3", Step::Major, "2.0.0"),
            ("9999.1.1", Step::Major, "10000.0.0"),
        ] {
            assert_eq!(version(old).after(step).to_string(), next, "{old}");
        }
        assert_eq!(Version::parse("v1.0.0"), None);
    }
}
