//! URLs as the daemon's validator takes them: Go's `url.Parse`, then a look at the parts.

/// True if the text passes the validator's `url` tag.
///
/// It needs a scheme, and a host, a fragment or an opaque part (`mailto:x`, even `a:b`); for
/// `file:` a path other than `/`.
pub fn is_go_url(text: &str) -> bool {
    let text = text.to_lowercase();
    let Some(parts) = parse(&text) else {
        return false;
    };
    match parts.scheme {
        "" => false,
        "file" => !matches!(parts.path, "" | "/"),
        _ => !parts.host.is_empty() || !parts.fragment.is_empty() || !parts.opaque.is_empty(),
    }
}

#[derive(Default)]
struct Parts<'t> {
    scheme: &'t str,
    opaque: &'t str,
    host: &'t str,
    path: &'t str,
    fragment: &'t str,
}

fn parse(text: &str) -> Option<Parts<'_>> {
    if text.bytes().any(|byte| byte < b' ' || byte == 0x7f) {
        return None;
    }
    let (text, fragment) = text.split_once('#').unwrap_or((text, ""));
    if !escapes_are_sound(fragment) {
        return None;
    }
    let (scheme, rest) = split_scheme(text)?;
    let rest = rest.split_once('?').map_or(rest, |(rest, _)| rest);
    let mut parts = Parts {
        scheme,
        fragment,
        ..Parts::default()
    };
    if !rest.starts_with('/') {
        if !scheme.is_empty() {
            parts.opaque = rest;
            return Some(parts);
        }
        let segment = rest.split_once('/').map_or(rest, |(segment, _)| segment);
        if segment.contains(':') {
            return None;
        }
    }
    parts.path = rest;
    let has_authority = !scheme.is_empty() || !rest.starts_with("///");
    if has_authority && let Some(authority) = rest.strip_prefix("//") {
        let end = authority.find('/').unwrap_or(authority.len());
        let (authority, path) = authority.split_at(end);
        parts.path = path;
        let (user, host) = authority
            .rsplit_once('@')
            .map_or((None, authority), |(user, host)| (Some(user), host));
        if user.is_some_and(|user| !is_user(user)) || !is_host(host) {
            return None;
        }
        parts.host = host;
    }
    escapes_are_sound(parts.path).then_some(parts)
}

/// The scheme, empty if there is none; `None` for a text that begins with a colon.
fn split_scheme(text: &str) -> Option<(&str, &str)> {
    for (index, byte) in text.bytes().enumerate() {
        match byte {
            b'a'..=b'z' | b'A'..=b'Z' => {}
            b'0'..=b'9' | b'+' | b'-' | b'.' if index > 0 => {}
            b':' => {
                let (scheme, rest) = text.split_at_checked(index)?;
                return (index > 0).then(|| (scheme, rest.get(1..).unwrap_or("")));
            }
            _ => break,
        }
    }
    Some(("", text))
}

fn is_user(user: &str) -> bool {
    let allowed = |byte: u8| byte.is_ascii_alphanumeric() || b"-._:~!$&'()*+,;=%@".contains(&byte);
    user.bytes().all(allowed) && escapes_are_sound(user)
}

fn is_host(host: &str) -> bool {
    if let Some(bracketed) = host.strip_prefix('[') {
        let Some((address, port)) = bracketed.rsplit_once(']') else {
            return false;
        };
        let (address, zone) = match address.find("%25") {
            Some(at) => address.split_at(at),
            None => (address, ""),
        };
        return is_port(port)
            && host_chars_are_sound(address)
            && zone_is_sound(zone)
            && host_chars_are_sound(port);
    }
    let port_is_sound = host
        .rfind(':')
        .is_none_or(|at| is_port(host.get(at..).unwrap_or("")));
    port_is_sound && host_chars_are_sound(host)
}

/// Nothing, or `:` and digits, of which there may be none.
fn is_port(text: &str) -> bool {
    text.is_empty()
        || text
            .strip_prefix(':')
            .is_some_and(|digits| digits.bytes().all(|byte| byte.is_ascii_digit()))
}

/// In a host only bytes outside ASCII may be escaped, and the percent sign itself.
fn host_chars_are_sound(host: &str) -> bool {
    let bytes = host.as_bytes();
    escapes_are_sound(host)
        && bytes.iter().enumerate().all(|(index, byte)| match byte {
            b'%' => match bytes.get(index + 1..index + 3) {
                Some([b'2', b'5']) => true,
                Some([high, _]) => !matches!(high, b'0'..=b'7'),
                _ => false,
            },
            _ => is_host_byte(*byte),
        })
}

/// What follows `%25` in the address of a network interface.
fn zone_is_sound(zone: &str) -> bool {
    let bytes = zone.as_bytes();
    escapes_are_sound(zone)
        && bytes.iter().enumerate().all(|(index, byte)| match byte {
            b'%' => {
                let escaped = zone
                    .get(index + 1..index + 3)
                    .and_then(|digits| u8::from_str_radix(digits, 16).ok());
                escaped.is_some_and(|byte| {
                    matches!(byte, b'%' | b' ') || (byte < 0x80 && is_host_byte(byte))
                })
            }
            _ => is_host_byte(*byte),
        })
}

fn is_host_byte(byte: u8) -> bool {
    byte >= 0x80 || byte.is_ascii_alphanumeric() || b"-_.~!$&'()*+,;=:[]<>\"".contains(&byte)
}

/// Every `%` is followed by two hexadecimal digits.
fn escapes_are_sound(text: &str) -> bool {
    text.split('%').skip(1).all(|rest| {
        rest.as_bytes()
            .get(..2)
            .is_some_and(|digits| digits.iter().all(u8::is_ascii_hexdigit))
    })
}

#[cfg(test)]
mod tests {
    use super::is_go_url;

    #[test]
    fn urls() {
        for text in [
            "https://x",
            "https://github.com/a/b",
            "HTTPS://GitHub.com",
            "a:b",
            "mailto:a@b.c",
            "http:x",
            "https://user:pw@host:8080/p?q=%zz#f",
            "https://host:",
            "https://例え.jp/道",
            "https://[::1]:80/",
            "https://[fe80::1%25en0]/",
            "https://x/a b",
            "https://x/%20",
            "https:/#f",
            "file:///etc/x",
            "file:/x",
            "https://%e4%bd%a0/",
        ] {
            assert!(is_go_url(text), "{text}");
        }
        for text in [
            "",
            "github.com/x",
            "https://",
            "https:///path",
            "https:",
            "://x",
            ":x",
            "//x",
            "file:///",
            "file:x",
            "file://",
            "https://x y/",
            "https://x:port/",
            "https://x/%zz",
            "https://x/%2",
            "https://%20/",
            "https://x\\y",
            "https://[::1",
            "https://a b@x/",
            "https://x/\n",
            "https://x\u{7f}",
            "git@github.com:a/b",
            "1http://x",
            "https://x#%g",
            "*",
            "N/A",
            " https://x",
            "https://{x}/",
        ] {
            assert!(!is_go_url(text), "{text}");
        }
    }
}
