//! Places as SARIF has them: URIs, and regions in lines and columns.

use crate::finding::{Edit, Place, Span};
use crate::report::{PluginReport, means_whole_file};
use crate::source::{Encoding, SourceFile};
use serde_json::{Value, json};

/// A place: its file, and the region in it unless the file as a whole is meant.
pub(super) fn physical(report: &PluginReport, place: &Place) -> Value {
    let mut value = json!({ "artifactLocation": artifact(&report.path_of(&place.file)) });
    let source = report.sources.get(&place.file);
    if let Some(source) = source.filter(|_| !means_whole_file(place)) {
        value["region"] = region(source, place.span);
    }
    value
}

/// The region that an edit replaces. In a file that is to be made, its first column.
pub(super) fn replaced_region(report: &PluginReport, edit: &Edit) -> Option<Value> {
    match report.sources.get(&edit.file) {
        Some(source) => Some(region(source, edit.span)),
        None if edit.span == Span::at(0) => Some(json!({
            "startLine": 1, "startColumn": 1, "endLine": 1, "endColumn": 1
        })),
        None => None,
    }
}

/// Lines and columns, and bytes where the file has the bytes that difylint counts.
fn region(source: &SourceFile, span: Span) -> Value {
    let length = u32::try_from(source.text().len()).unwrap_or(u32::MAX);
    let start = span.start.min(length);
    let end = span.end.clamp(start, length);
    let index = source.lines();
    let first = index.position(source.text(), start);
    let last = index.position(source.text(), end);
    let mut region = json!({
        "startLine": first.line,
        "startColumn": first.column,
        "endLine": last.line,
        "endColumn": last.column,
    });
    if source.encoding() == Encoding::Utf8 {
        region["byteOffset"] = start.into();
        region["byteLength"] = (end - start).into();
    }
    region
}

/// A file by its URI; one below the working directory is relative to it.
pub(super) fn artifact(path: &str) -> Value {
    let uri = uri(path);
    let is_below = !uri.starts_with("file:") && !uri.starts_with("../") && uri != "..";
    if is_below {
        json!({ "uri": uri, "uriBaseId": "%SRCROOT%" })
    } else {
        json!({ "uri": uri })
    }
}

/// The path, separated by `/`, as a URI or a relative reference.
fn uri(path: &str) -> String {
    let drive = match path.as_bytes() {
        [letter, b':', b'/', ..] if letter.is_ascii_alphabetic() => path.get(..2),
        _ => None,
    };
    let mut uri = String::with_capacity(path.len() + 16);
    let rest = match drive {
        Some(drive) => {
            uri.push_str("file:///");
            uri.push_str(drive);
            path.get(2..).unwrap_or("")
        }
        // a host of Windows: `//server/share`
        None if path.starts_with("//") => {
            uri.push_str("file:");
            path
        }
        None if path.starts_with('/') => {
            uri.push_str("file://");
            path
        }
        None => path,
    };
    for byte in rest.bytes() {
        match byte {
            b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'-' | b'.' | b'_' | b'~' | b'/' => {
                uri.push(char::from(byte));
            }
            _ => uri.push_str(&format!("%{byte:02X}")),
        }
    }
    uri
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn uris() {
        for (path, expected) in [
            (".", "."),
            (
                "plugins/my demo/名.yaml",
                "plugins/my%20demo/%E5%90%8D.yaml",
            ),
            ("a:b/100%.yaml", "a%3Ab/100%25.yaml"),
            ("x?#[y].yaml", "x%3F%23%5By%5D.yaml"),
            ("../other/a.yaml", "../other/a.yaml"),
            ("/home/me/a b.yaml", "file:///home/me/a%20b.yaml"),
            ("C:/plugins/a.yaml", "file:///C:/plugins/a.yaml"),
            ("//server/share/a.yaml", "file://server/share/a.yaml"),
            ("demo.difypkg/manifest.yaml", "demo.difypkg/manifest.yaml"),
        ] {
            assert_eq!(uri(path), expected);
        }
        assert_eq!(artifact("a")["uriBaseId"], "%SRCROOT%");
        assert!(artifact("/a").get("uriBaseId").is_none());
        assert!(artifact("../a").get("uriBaseId").is_none());
    }
}
