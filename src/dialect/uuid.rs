//! UUIDs as the daemon's library (google/uuid) parses them.

/// True if the text parses as a UUID: 32 hexadecimal digits, with or without dashes; in the
/// library's `{}` form the first and last characters can be anything, and `urn:uuid:` may precede.
/// An author with such a name cannot upload.
pub fn is_uuid(text: &str) -> bool {
    let bytes = text.as_bytes();
    match bytes.len() {
        32 => bytes.iter().all(u8::is_ascii_hexdigit),
        36 => is_dashed(bytes),
        38 => bytes.get(1..37).is_some_and(is_dashed),
        45 => {
            let prefix = bytes.get(..9).unwrap_or_default();
            prefix.eq_ignore_ascii_case(b"urn:uuid:") && bytes.get(9..).is_some_and(is_dashed)
        }
        _ => false,
    }
}

fn is_dashed(bytes: &[u8]) -> bool {
    bytes.iter().enumerate().all(|(index, byte)| match index {
        8 | 13 | 18 | 23 => *byte == b'-',
        _ => byte.is_ascii_hexdigit(),
    })
}

#[cfg(test)]
mod tests {
    use super::is_uuid;

    #[test]
    fn forms() {
        let uuid = "6ba7b810-9dad-11d1-80b4-00c04fd430c8";
        assert!(is_uuid(uuid));
        assert!(is_uuid(&uuid.to_uppercase()));
        assert!(is_uuid(&uuid.replace('-', "")));
        assert!(is_uuid(&format!("{{{uuid}}}")));
        assert!(is_uuid(&format!("a{uuid}b")));
        assert!(is_uuid(&format!("URN:uuid:{uuid}")));
        for text in [
            "",
            "alice",
            "6ba7b810-9dad-11d1-80b4-00c04fd430cg",
            "6ba7b8109dad-11d1-80b4-00c04fd430c8-",
        ] {
            assert!(!is_uuid(text), "{text}");
        }
        assert!(!is_uuid("ääääääääääääääää"));
    }
}
