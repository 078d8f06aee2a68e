//! The requirement of `dify_plugin` beside the SDK release that the plugin really needs.

use crate::finding::{Fix, RuleId};
use crate::plugin::Plugin;
use crate::requirements::Requirement;
use crate::requires::{Cause, Part, before, releases, version};
use crate::rules::registry::dependency_entries::OLDEST;
use crate::rules::{Context, Draft, On, repair};
use pep440_rs::{Version, VersionSpecifiers};

pub const CHECK: On = On::Plugin(check);

/// The SDK's name as packages are compared.
pub const SDK: &str = "dify-plugin";

fn check(_: &Plugin, cx: &mut Context<'_>) {
    let Some((cause, floor)) = cx.requires().floor(Part::Sdk) else {
        return;
    };
    for requirement in cx.requirements().of(SDK) {
        let Some(specifiers) = requirement.specifiers() else {
            continue;
        };
        let old = oldest_allowed(specifiers).filter(|old| before(old, floor));
        if excludes(specifiers, floor) {
            excluding(requirement, cause, floor, cx);
        } else if let Some(old) = old {
            too_low(requirement, cause, floor, old, cx);
        }
    }
}

fn excluding(requirement: &Requirement, cause: &Cause, floor: &str, cx: &mut Context<'_>) {
    let written = &requirement.written;
    cx.report(
        Draft::new(
            requirement.place.clone(),
            format!(
                "`{written}` keeps out SDK {floor}, which brought {}",
                cause.feature
            ),
        )
        .rule(RuleId("compat/sdk-requirement-excludes"))
        .label(cause.place.clone(), format!("since SDK {floor}"))
        .note("every SDK that may be installed refuses the feature, so the plugin cannot start")
        .fix(raised(requirement, floor, cx))
        .help(format!(
            "ask for `dify_plugin>={floor}` and raise the upper bound"
        )),
    );
}

fn too_low(requirement: &Requirement, cause: &Cause, floor: &str, old: &str, cx: &mut Context<'_>) {
    let written = &requirement.written;
    cx.report(
        Draft::new(
            requirement.place.clone(),
            format!(
                "`{written}` admits SDK {old}, but {} came with {floor}",
                cause.feature
            ),
        )
        .rule(RuleId("compat/sdk-requirement-too-low"))
        .label(cause.place.clone(), format!("since SDK {floor}"))
        .note("where an older SDK is installed or locked, the plugin does not start or lacks this")
        .fix(raised(requirement, floor, cx))
        .help(format!("raise the lower bound: `dify_plugin>={floor}`")),
    );
}

/// The oldest known SDK that may be installed.
pub fn oldest_allowed(specifiers: &VersionSpecifiers) -> Option<&'static str> {
    let allowed = |text: &str| version(text).is_some_and(|it| specifiers.contains(&it));
    releases().sdk.iter().copied().find(|text| allowed(text))
}

/// True if some version may be installed, but none from the floor on, not even one to come.
fn excludes(specifiers: &VersionSpecifiers, floor: &str) -> bool {
    let Some(floor) = version(floor) else {
        return false;
    };
    let known = releases().sdk.iter().filter_map(|text| version(text));
    let bounds = specifiers.iter().flat_map(|it| {
        let bound = it.version().clone();
        let mut next: Vec<u64> = bound.release().to_vec();
        next.push(1);
        [bound, Version::new(next)]
    });
    let far = Version::new([u64::from(u32::MAX)]);
    let mut some = false;
    for candidate in known.chain(bounds).chain([floor.clone(), far]) {
        if specifiers.contains(&candidate) {
            if candidate >= floor {
                return false;
            }
            some = true;
        }
    }
    some
}

/// The lower bound at the floor, or at the oldest SDK that the Marketplace takes if that is newer.
fn raised(requirement: &Requirement, floor: &str, cx: &Context<'_>) -> Option<Fix> {
    let oldest = Version::new(OLDEST).to_string();
    let floor = if before(floor, &oldest) {
        &oldest
    } else {
        floor
    };
    repair::requirement::floor(cx.plugin(), &requirement.place, &requirement.written, floor)
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::str::FromStr;

    fn specifiers(text: &str) -> VersionSpecifiers {
        VersionSpecifiers::from_str(text).expect("valid")
    }

    #[test]
    fn exclusion() {
        for text in [
            "<0.6.0",
            ">=0.4,<0.6",
            "==0.5.1",
            "~=0.5.0",
            "==0.5.*",
            "<=0.5.9",
        ] {
            assert!(excludes(&specifiers(text), "0.6.0"), "{text}");
        }
        for text in [
            "",
            ">=0.5.0",
            "~=0.5",
            "<0.7",
            "!=0.6.0",
            ">=0.11",
            "==0.6.0",
            "<0.6.0,>0.6",
        ] {
            assert!(!excludes(&specifiers(text), "0.6.0"), "{text}");
        }
    }

    #[test]
    fn the_oldest() {
        assert_eq!(oldest_allowed(&specifiers(">=0.5")), Some("0.5.0"));
        assert_eq!(oldest_allowed(&specifiers("")), Some("0.1.0"));
        assert_eq!(oldest_allowed(&specifiers(">=0.11")), None);
    }
}
