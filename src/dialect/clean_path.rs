/// The path that Go's `filepath.Join(root, path)` leads to on Unix, relative to the root and
/// clean: no empty, `.` or `..` element; the root itself is `""`. `None` when it leaves the root.
///
/// A leading `/` means nothing here, and a path that leaves the root and seems to come back
/// (`../plugin/x`) has left it: nobody knows what the root is called elsewhere.
pub fn clean_path(path: &str) -> Option<String> {
    let mut parts: Vec<&str> = Vec::new();
    for part in path.split('/') {
        match part {
            "" | "." => {}
            ".." => {
                parts.pop()?;
            }
            _ => parts.push(part),
        }
    }
    Some(parts.join("/"))
}

#[cfg(test)]
mod tests {
    use super::clean_path;

    #[test]
    fn cleans() {
        for (path, clean) in [
            ("a/b.yaml", Some("a/b.yaml")),
            ("./a//b/", Some("a/b")),
            ("/a", Some("a")),
            ("a/../b", Some("b")),
            ("a/..", Some("")),
            ("", Some("")),
            ("a/../../b", None),
            ("..", None),
            ("a\\..\\b", Some("a\\..\\b")),
            ("...", Some("...")),
            ("工具/a.yaml", Some("工具/a.yaml")),
        ] {
            assert_eq!(clean_path(path).as_deref(), clean, "{path}");
        }
    }
}
