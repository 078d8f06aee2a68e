//! Patterns of paths in configurations, and paths without a look at the machine.

use super::said::ConfigText;
use glob::{MatchOptions, Pattern};
use std::path::{Component, Path, PathBuf};
use std::sync::Arc;

/// A pattern in a configuration file; it is relative to the file's folder.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PathPattern {
    pattern: Pattern,
    file: Arc<ConfigText>,
}

const EXACT: MatchOptions = MatchOptions {
    case_sensitive: true,
    require_literal_separator: true,
    require_literal_leading_dot: false,
};

impl PathPattern {
    /// Reads a pattern: `*` and `?` stay within a name, `**` stands for any folders. A pattern
    /// that matches a folder covers what is in it.
    ///
    /// # Errors
    /// When it is no pattern; says why.
    pub fn parse(text: &str, file: &Arc<ConfigText>) -> Result<Self, String> {
        let text = text.trim_end_matches('/');
        let text = text.strip_prefix("./").unwrap_or(text);
        if text.trim().is_empty() {
            return Err("it matches nothing".to_owned());
        }
        let pattern = Pattern::new(text).map_err(|error| error.msg.to_owned())?;
        Ok(Self {
            pattern,
            file: file.clone(),
        })
    }

    /// Its text.
    pub fn as_str(&self) -> &str {
        self.pattern.as_str()
    }

    /// True if the absolute path, or a folder above it, fits.
    pub fn covers(&self, path: &Path) -> bool {
        let Some(relative) = relative(self.file.folder(), path) else {
            return false;
        };
        let mut rest = relative.as_str();
        loop {
            if self.pattern.matches_with(rest, EXACT) {
                return true;
            }
            match rest.rsplit_once('/') {
                Some((folder, _)) => rest = folder,
                None => return false,
            }
        }
    }
}

/// The path without `.` and `..`; links are not followed.
pub fn clean(path: &Path) -> PathBuf {
    let mut clean = PathBuf::new();
    for part in path.components() {
        match part {
            Component::CurDir => {}
            // above the top is the top
            Component::ParentDir => {
                clean.pop();
            }
            part => clean.push(part),
        }
    }
    clean
}

/// The way from a folder to a path, both absolute and clean, separated by `/`; `None` on another
/// drive.
pub fn relative(folder: &Path, path: &Path) -> Option<String> {
    let mut from = folder.components().peekable();
    let mut to = path.components().peekable();
    let mut common = 0;
    while from.peek().is_some() && from.peek() == to.peek() {
        from.next();
        to.next();
        common += 1;
    }
    if common == 0 {
        return None;
    }
    let up = from.map(|_| "..".to_owned());
    let down = to.map(|part| part.as_os_str().to_string_lossy().into_owned());
    let parts: Vec<String> = up.chain(down).collect();
    Some(parts.join("/"))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn covers(pattern: &str, path: &str) -> bool {
        let file = Arc::new(ConfigText {
            path: PathBuf::from("/repo/difylint.toml"),
            shown: "difylint.toml".to_owned(),
            text: String::new(),
        });
        PathPattern::parse(pattern, &file)
            .unwrap()
            .covers(&clean(Path::new(path)))
    }

    #[test]
    fn patterns() {
        assert!(covers(
            "plugins/*/tools/*.yaml",
            "/repo/plugins/a/tools/b.yaml"
        ));
        assert!(!covers("*.yaml", "/repo/plugins/b.yaml"));
        assert!(covers("**/*.yaml", "/repo/b.yaml") && covers("**/*.yaml", "/repo/a/b/c.yaml"));
        assert!(covers("plugins/old", "/repo/plugins/old/x/y.yaml"));
        assert!(covers("./plugins/old/", "/repo/plugins/../plugins/old/x"));
        assert!(covers("../other/**", "/other/a.yaml"));
        assert!(!covers("plugins/old", "/repo/plugins/older"));
        assert!(covers("工具/**", "/repo/工具/搜索.yaml"));
    }
}
