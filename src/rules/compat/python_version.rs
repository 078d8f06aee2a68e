//! `requires-python` beside the Python that the SDK needs.

use super::compat_sdk_requirement::{SDK, oldest_allowed};
use crate::plugin::Plugin;
use crate::requires::{before, releases};
use crate::rules::{Context, Draft, On};
use pep440_rs::{Operator, Version, VersionSpecifier, VersionSpecifiers};
use std::collections::BTreeSet;

pub const CHECK: On = On::Plugin(check);

fn check(_: &Plugin, cx: &mut Context<'_>) {
    let requirements = cx.requirements();
    let Some(python) = &requirements.requires_python else {
        return;
    };
    let Some(specifiers) = &python.specifiers else {
        return;
    };
    let facts = &releases().python;
    let Some(older) = older_line(specifiers, facts.sdk_needs) else {
        return;
    };
    // one that keeps out the Python of the daemon has a finding of its own
    if !admits_line(specifiers, facts.runs) {
        return;
    }
    for requirement in requirements
        .of(SDK)
        .filter(|it| it.place.file == python.place.file)
    {
        let oldest = requirement.specifiers().and_then(oldest_allowed);
        let Some(oldest) = oldest.filter(|oldest| !before(oldest, facts.sdk_from)) else {
            continue;
        };
        cx.report(
            Draft::new(python.place.clone(), format!("`{}` admits Python {older}, which SDK {oldest} does not run on", python.written))
                .label(
                    requirement.place.clone(),
                    format!("Python {} or newer since SDK {}", facts.sdk_needs, facts.sdk_from),
                )
                .note("uv wants packages that suit every Python admitted here, so it cannot resolve or lock them")
                .help(format!("write `requires-python = \">={}\"`", facts.sdk_needs)),
        );
    }
}

/// True if some release of a line such as `3.12` is admitted.
pub fn admits_line(specifiers: &VersionSpecifiers, line: &str) -> bool {
    numbers(line).is_none_or(|(major, minor)| admits(specifiers, major, minor))
}

fn admits(specifiers: &VersionSpecifiers, major: u64, minor: u64) -> bool {
    let above = |it: &VersionSpecifier| {
        let release = it.version().release();
        let first = (
            release.first().copied(),
            release.get(1).copied().unwrap_or(0),
        );
        is_lower_bound(it) && first > (Some(major), minor)
    };
    if specifiers.iter().any(above) {
        return false;
    }
    let admitted = |patch| specifiers.contains(&Version::new([major, minor, patch]));
    patches(specifiers).into_iter().any(admitted)
}

/// True if every version that it admits is that version or a newer one.
fn is_lower_bound(specifier: &VersionSpecifier) -> bool {
    use Operator::{GreaterThan, GreaterThanEqual, TildeEqual};
    matches!(
        specifier.operator(),
        GreaterThan | GreaterThanEqual | TildeEqual
    )
}

/// The patch releases that tell: what is admitted changes only at those that are named and next
/// to them.
fn patches(specifiers: &VersionSpecifiers) -> BTreeSet<u64> {
    let named = specifiers
        .iter()
        .filter_map(|it| it.version().release().get(2).copied());
    let near = named.flat_map(|patch| [patch.saturating_sub(1), patch, patch.saturating_add(1)]);
    near.filter(|patch| *patch < PATCHES)
        .chain([0, 1, PATCHES - 1])
        .collect()
}

/// More patch releases than any line of Python has had.
const PATCHES: u64 = 40;

/// The newest line before `line` that is admitted.
fn older_line(specifiers: &VersionSpecifiers, line: &str) -> Option<String> {
    let (major, minor) = numbers(line)?;
    let older = (0..minor)
        .rev()
        .find(|minor| admits(specifiers, major, *minor))?;
    Some(format!("{major}.{older}"))
}

fn numbers(line: &str) -> Option<(u64, u64)> {
    let (major, minor) = line.split_once('.')?;
    Some((major.parse().ok()?, minor.parse().ok()?))
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::str::FromStr;

    #[test]
    fn lines_of_python() {
        let specifiers = |text: &str| VersionSpecifiers::from_str(text).expect("valid");
        for text in [
            ">=3.12",
            ">=3.12.4",
            "==3.12.*",
            ">=3.11,<3.13",
            "~=3.12.1",
            ">3.11",
        ] {
            assert!(admits_line(&specifiers(text), "3.12"), "{text}");
        }
        for text in [">=3.13", "<3.12", "==3.11.*", "~=3.11.0"] {
            assert!(!admits_line(&specifiers(text), "3.12"), "{text}");
        }
        for text in [
            "==3.12.7",
            "!=3.12.0,!=3.12.1,<3.12.3",
            ">3.12.38",
            "<3.12.1,!=3.12",
        ] {
            let specifiers = specifiers(text);
            let all = (0..PATCHES).any(|patch| specifiers.contains(&Version::new([3, 12, patch])));
            assert_eq!(admits_line(&specifiers, "3.12"), all, "{text}");
        }
        assert_eq!(
            older_line(&specifiers(">=3.11"), "3.12").as_deref(),
            Some("3.11")
        );
        assert_eq!(older_line(&specifiers(">=3.12"), "3.12"), None);
    }
}
