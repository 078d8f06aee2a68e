//! Paths as Go's `io/fs` takes them inside a package.

/// True if a package can be asked for this path. `.` is valid, but a folder.
///
/// The daemon opens files of an uploaded package by the very words of the manifest, so `./a`,
/// `a//b` and `/a`, which work from a folder, are refused here.
pub fn valid_path(path: &str) -> bool {
    path == "." || path.split('/').all(|part| !matches!(part, "" | "." | ".."))
}

#[cfg(test)]
mod tests {
    use super::valid_path;

    #[test]
    fn validity() {
        for path in [".", "a", "a/b.yaml", "...", "a b", "工具"] {
            assert!(valid_path(path), "{path}");
        }
        for path in ["", "/", "/a", "a/", "./a", "a/./b", "a/../b", "..", "a//b"] {
            assert!(!valid_path(path), "{path}");
        }
    }
}
