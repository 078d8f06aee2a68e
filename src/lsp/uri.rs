//! Paths of files and their URIs.

use crate::policy::clean;
use lsp_types::Uri;
use std::path::{Path, PathBuf};

/// The path of a `file:` URI; `None` for any other, such as that of a text without a name.
pub fn to_path(uri: &Uri) -> Option<PathBuf> {
    let rest = uri.0.get(..5).filter(|it| it.eq_ignore_ascii_case("file:"));
    let rest = rest.and_then(|_| uri.0.get(5..))?;
    let rest = rest.split(['?', '#']).next().unwrap_or(rest);
    let (host, path) = match rest.strip_prefix("//") {
        Some(rest) => rest.split_at(rest.find('/')?),
        None => ("", rest),
    };
    let path = decode(path)?;
    if path.contains('\0') {
        return None;
    }
    if !cfg!(windows) {
        let local = host.is_empty() || host.eq_ignore_ascii_case("localhost");
        return (local && path.starts_with('/')).then(|| clean(Path::new(&path)));
    }
    // `file:///c:/x` is `c:/x`, `file://host/share/x` is `//host/share/x`
    let text = match path.strip_prefix('/') {
        Some(rest) if rest.get(1..2) == Some(":") => rest.to_owned(),
        _ if !host.is_empty() => format!("//{host}{path}"),
        _ => path,
    };
    Some(clean(Path::new(&text)))
}

/// The URI of an absolute path.
pub fn of_path(path: &Path) -> Uri {
    let text = path.to_string_lossy().replace('\\', "/");
    let mut uri = "file://".to_owned();
    if !text.starts_with('/') {
        uri.push('/');
    }
    for byte in text.bytes() {
        match byte {
            b'/' | b'-' | b'_' | b'.' | b'~' => uri.push(char::from(byte)),
            byte if byte.is_ascii_alphanumeric() => uri.push(char::from(byte)),
            byte => uri.push_str(&format!("%{byte:02X}")),
        }
    }
    Uri(uri)
}

fn decode(text: &str) -> Option<String> {
    let mut bytes = Vec::with_capacity(text.len());
    let mut rest = text.bytes();
    while let Some(byte) = rest.next() {
        if byte == b'%' {
            let digit = |byte: Option<u8>| char::from(byte?).to_digit(16);
            let (high, low) = (digit(rest.next())?, digit(rest.next())?);
            bytes.push(u8::try_from(high * 16 + low).ok()?);
        } else {
            bytes.push(byte);
        }
    }
    String::from_utf8(bytes).ok()
}

#[cfg(all(test, unix))]
mod tests {
    use super::*;

    fn path(uri: &str) -> Option<String> {
        to_path(&uri.into()).map(|path| path.to_string_lossy().into_owned())
    }

    #[test]
    fn there_and_back() {
        for text in ["/a/b.yaml", "/with space/名称 #1?.yaml", "/100%/~x"] {
            assert_eq!(path(&of_path(Path::new(text)).0).as_deref(), Some(text));
        }
        assert_eq!(
            of_path(Path::new("/a b/名.py")).0,
            "file:///a%20b/%E5%90%8D.py"
        );
    }

    #[test]
    fn what_clients_write() {
        assert_eq!(
            path("file:///a/./b/../c.yaml").as_deref(),
            Some("/a/c.yaml")
        );
        assert_eq!(path("file://localhost/a").as_deref(), Some("/a"));
        assert_eq!(path("FILE:/a%2Fb").as_deref(), Some("/a/b"));
        for bad in [
            "",
            "file:",
            "untitled:x",
            "file:///a%",
            "file:///%ff",
            "file:///a%00b",
            "名",
        ] {
            assert_eq!(path(bad), None, "{bad}");
        }
    }
}
