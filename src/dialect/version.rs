//! Versions as the daemon checks them: `1.2.3`, up to four digits each, perhaps `-` and a suffix
//! of up to 16 letters, digits and underscores.

/// `version` and `meta.version` of the manifest: exactly three numbers.
pub fn is_daemon_version(text: &str) -> bool {
    is_version(text, 3, 3)
}

/// The version in a plugin's identity and in the older SDKs: two to four numbers.
pub fn is_identity_version(text: &str) -> bool {
    is_version(text, 2, 4)
}

fn is_version(text: &str, fewest: usize, most: usize) -> bool {
    let (numbers, suffix) = text
        .split_once('-')
        .map_or((text, None), |(a, b)| (a, Some(b)));
    let count = numbers.split('.').count();
    (fewest..=most).contains(&count)
        && numbers.split('.').all(is_number)
        && suffix.is_none_or(|suffix| {
            (1..=16).contains(&suffix.len())
                && suffix
                    .bytes()
                    .all(|byte| byte.is_ascii_alphanumeric() || byte == b'_')
        })
}

/// One to four ASCII digits.
pub(super) fn is_number(text: &str) -> bool {
    (1..=4).contains(&text.len()) && text.bytes().all(|byte| byte.is_ascii_digit())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn daemon_versions() {
        for text in [
            "0.0.1",
            "9999.9999.9999",
            "1.0.0-beta_1",
            "1.0.0-1234567890abcdef",
            "01.0.0",
        ] {
            assert!(is_daemon_version(text), "{text}");
        }
        for text in [
            "",
            "1",
            "1.0",
            "1.0.0.0",
            "12345.0.0",
            "1.0.0-",
            "1.0.0-beta.1",
            "v1.0.0",
            "1.0.0+x",
            "1.0.0-a-b",
            "1.0.0-12345678901234567",
            " 1.0.0",
            "1.0.0\n",
            "1..0",
            "１.0.0",
            "1.0.0-ä",
        ] {
            assert!(!is_daemon_version(text), "{text}");
        }
    }

    #[test]
    fn identity_versions() {
        for text in ["1.0", "1.0.0", "1.0.0.0", "1.0-rc1"] {
            assert!(is_identity_version(text), "{text}");
        }
        for text in ["1", "1.0.0.0.0", "1.0.", "x"] {
            assert!(!is_identity_version(text), "{text}");
        }
    }
}
