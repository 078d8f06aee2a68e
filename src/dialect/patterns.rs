//! How a bundle names the plugins it depends on.

use super::version::{is_daemon_version, is_number};

/// A dependency on the asset of a release on GitHub: `owner/repo:1.0.0/plugin.difypkg`.
pub fn github(text: &str) -> bool {
    let Some((name, rest)) = text.split_once(':') else {
        return false;
    };
    let Some((versions, asset)) = rest.split_once('/') else {
        return false;
    };
    is_name(name) && is_versions(versions) && !asset.is_empty() && !asset.contains('/')
}

/// A dependency on a plugin of the Marketplace: `author/name:~1.0.0`.
pub fn marketplace(text: &str) -> bool {
    text.split_once(':')
        .is_some_and(|(name, versions)| is_name(name) && is_versions(versions))
}

fn is_name(text: &str) -> bool {
    let is_word = |word: &str, most| {
        (1..=most).contains(&word.len())
            && word
                .bytes()
                .all(|byte| matches!(byte, b'a'..=b'z' | b'0'..=b'9' | b'_' | b'-'))
    };
    text.split_once('/')
        .is_some_and(|(owner, name)| is_word(owner, 64) && is_word(name, 128))
}

/// One version, perhaps after `~` or `^`; `1.x.x`; or a range `1.0.0-2.0.0`.
fn is_versions(text: &str) -> bool {
    if is_daemon_version(text.strip_prefix(['~', '^']).unwrap_or(text)) {
        return true;
    }
    let is_part = |part: &str| is_number(part) || matches!(part, "x" | "X");
    if text.split('.').count() == 3 && text.split('.').all(is_part) {
        return true;
    }
    text.match_indices('-').any(|(at, _)| {
        let (low, high) = text.split_at(at);
        is_daemon_version(low) && is_daemon_version(high.get(1..).unwrap_or(""))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn dependencies() {
        for versions in [
            "1.0.0",
            "~1.0.0",
            "^1.0.0",
            "1.0.0-beta",
            "~1.0.0-2",
            "x.x.x",
            "1.X.0",
            "1.0.0-2.0.0",
            "1.0.0-a-2.0.0-b",
        ] {
            assert!(marketplace(&format!("org/plugin:{versions}")), "{versions}");
            assert!(
                github(&format!("org/plugin:{versions}/*.difypkg")),
                "{versions}"
            );
        }
        for versions in [
            "",
            "^1.x.x",
            ">=1.0.0",
            "latest",
            "v1.0.0",
            "1.0",
            "1.0.0 - 2.0.0",
            "~1.0.0-2.0.0",
            "1.0.0.0",
        ] {
            assert!(
                !marketplace(&format!("org/plugin:{versions}")),
                "{versions}"
            );
            assert!(!github(&format!("org/plugin:{versions}/a")), "{versions}");
        }
        for text in [
            "owner/repo/1.0.0/a",
            "owner/repo:1.0.0",
            "owner/repo:1.0.0/",
            "o/r:1.0.0/a/b",
            "O/r:1.0.0/a",
            "/r:1.0.0/a",
        ] {
            assert!(!github(text), "{text}");
        }
        assert!(!marketplace("plugin:1.0.0"));
    }
}
