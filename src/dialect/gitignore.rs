//! Ignore files as the packager applies them to its walk (go-git's patterns, used in an odd way).

use super::go_glob;
use std::borrow::Cow;
use std::cell::OnceCell;

/// The patterns of one ignore file.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Patterns(Vec<Pattern>);

/// One line that is neither empty nor a comment.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Pattern {
    /// Line number, from 1.
    pub line: u32,
    /// The line without the white space around it.
    pub text: String,
    /// What the line can do.
    pub effect: Effect,
    /// Ends with `/`: folders only.
    pub folders_only: bool,
    kind: Kind,
}

/// What a line of an ignore file can do.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Effect {
    /// It excludes what it matches.
    Excludes,
    /// It begins with `!`: the packager ignores it, nothing is included again.
    Negation,
    /// It can match nothing.
    Nothing(Reason),
}

/// Why a line matches nothing.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Reason {
    /// It begins with a byte order mark, which counts as part of a name.
    ByteOrderMark,
    /// Go does not understand it: an open bracket, a trailing `\`.
    BadPattern,
    /// `**` together with other characters between slashes.
    PartialDoubleStar,
    /// A part is `.` or `..`, which no path of the walk has.
    DotPart,
    /// Nothing is left of it, as of `/`.
    Empty,
}

#[derive(Clone, Debug, PartialEq, Eq)]
enum Kind {
    /// Without a slash: tried on every part of the path.
    Name(Part),
    /// With a slash: its parts are tried from the root on.
    Rooted(Vec<Part>),
}

/// What one name of a path is compared with. Most are plain words or endings, and every file of
/// a plugin is held against every one.
#[derive(Clone, Debug, PartialEq, Eq)]
enum Part {
    /// The name itself.
    Word(String),
    /// `*` and what the name ends with.
    Ending(String),
    /// A pattern in Go's dialect, and a text that each name that it matches holds.
    Glob(String, String),
}

impl Part {
    fn new(text: &str) -> Self {
        let plain = |text: &str| !text.contains(['*', '?', '[', '\\', '/']);
        match text.strip_prefix('*') {
            _ if plain(text) => Self::Word(text.to_owned()),
            Some(ending) if plain(ending) => Self::Ending(ending.to_owned()),
            _ => {
                let held = text.trim_start_matches('*');
                let end = held.find(['*', '?', '[', '\\']).unwrap_or(held.len());
                Self::Glob(text.to_owned(), held[..end].to_owned())
            }
        }
    }

    fn matches(&self, name: &str) -> bool {
        match self {
            Self::Word(word) => word == name,
            Self::Ending(ending) => name.ends_with(ending.as_str()),
            Self::Glob(pattern, held) => {
                name.contains(held.as_str()) && go_glob::matches(pattern, name).unwrap_or(false)
            }
        }
    }

    /// The part as it is written.
    fn text(&self) -> Cow<'_, str> {
        match self {
            Self::Word(text) | Self::Glob(text, _) => text.into(),
            Self::Ending(ending) => format!("*{ending}").into(),
        }
    }

    /// True for `**`.
    fn is_double_star(&self) -> bool {
        matches!(self, Self::Glob(text, _) if text == "**")
    }

    fn has_double_star(&self) -> bool {
        matches!(self, Self::Glob(text, _) if text.contains("**"))
    }
}

impl Patterns {
    /// Reads the text of an ignore file.
    pub fn parse(text: &str) -> Self {
        let lines = (1..).zip(text.split('\n'));
        Self(
            lines
                .filter_map(|(line, text)| Pattern::parse(line, text.trim()))
                .collect(),
        )
    }

    /// The number of the line, from 1, for which the packager leaves a file or folder out; the path
    /// is clean and relative to the root. What stands below an excluded folder is never reached,
    /// so ask for the folders above first, or use [`Patterns::excludes_below`].
    pub fn excludes(&self, path: &str, is_folder: bool) -> Option<u32> {
        let name = path.rsplit('/').next().unwrap_or_default();
        let parts = OnceCell::new();
        let parts = || -> &[&str] { parts.get_or_init(|| path.split('/').collect::<Vec<_>>()) };
        let mut effective = self.0.iter().filter(|it| it.effect == Effect::Excludes);
        let found = effective.find(|pattern| match &pattern.kind {
            // the folders above were asked for by their own names
            Kind::Name(part) => (is_folder || !pattern.folders_only) && part.matches(name),
            Kind::Rooted(wanted) => pattern.matches_rooted(wanted, parts(), is_folder),
        });
        found.map(|pattern| pattern.line)
    }

    /// Like [`Patterns::excludes`], with every folder above the path: the line that keeps it out of
    /// the package.
    pub fn excludes_below(&self, path: &str, is_folder: bool) -> Option<u32> {
        path.match_indices('/')
            .find_map(|(end, _)| self.excludes(path.get(..end)?, true))
            .or_else(|| self.excludes(path, is_folder))
    }

    /// The patterns, in the order of their lines.
    pub fn iter(&self) -> impl Iterator<Item = &Pattern> {
        self.0.iter()
    }
}

impl Pattern {
    fn parse(line: u32, text: &str) -> Option<Self> {
        if text.is_empty() || text.starts_with('#') {
            return None;
        }
        let (negated, bare) = match text.strip_prefix('!') {
            Some(bare) => (true, bare),
            None => (false, text),
        };
        let (folders_only, bare) = match bare.strip_suffix('/') {
            Some(bare) => (true, bare),
            None => (false, bare),
        };
        let kind = if bare.contains('/') {
            let parts = bare.split('/').filter(|part| !part.is_empty());
            Kind::Rooted(parts.map(Part::new).collect())
        } else {
            Kind::Name(Part::new(bare))
        };
        let effect = if negated {
            Effect::Negation
        } else {
            kind.dead_reason(text)
                .map_or(Effect::Excludes, Effect::Nothing)
        };
        Some(Self {
            line,
            text: text.to_owned(),
            effect,
            folders_only,
            kind,
        })
    }

    /// Greedy from left to right, without a second try after a `**`.
    fn matches_rooted(&self, parts: &[Part], path: &[&str], is_folder: bool) -> bool {
        let mut path = path;
        let mut can_skip = false;
        let mut matched = false;
        for (index, part) in parts.iter().enumerate() {
            if part.is_double_star() {
                if index + 1 == parts.len() {
                    return true;
                }
                can_skip = true;
                continue;
            }
            if part.has_double_star() {
                return false;
            }
            let skipped = if can_skip {
                path.iter().position(|name| part.matches(name))
            } else {
                path.first().filter(|name| part.matches(name)).map(|_| 0)
            };
            let Some(skipped) = skipped else {
                return false;
            };
            path = path.get(skipped + 1..).unwrap_or_default();
            can_skip = false;
            matched = true;
            if index + 1 < parts.len() && path.is_empty() {
                // only a trailing `**` is content with nothing
                return parts
                    .get(index + 1..)
                    .is_some_and(|rest| matches!(rest, [part] if part.is_double_star()));
            }
        }
        matched && !(self.folders_only && path.is_empty() && !is_folder)
    }
}

impl Kind {
    fn dead_reason(&self, text: &str) -> Option<Reason> {
        let (parts, rooted) = match self {
            Self::Name(name) => (std::slice::from_ref(name), false),
            Self::Rooted(parts) => (parts.as_slice(), true),
        };
        if parts.iter().all(|part| part.text().is_empty()) {
            return Some(Reason::Empty);
        }
        if text.starts_with('\u{feff}') {
            return Some(Reason::ByteOrderMark);
        }
        if parts.iter().any(|part| !go_glob::is_valid(&part.text())) {
            return Some(Reason::BadPattern);
        }
        if rooted
            && parts
                .iter()
                .any(|part| part.has_double_star() && !part.is_double_star())
        {
            return Some(Reason::PartialDoubleStar);
        }
        parts
            .iter()
            .any(|part| matches!(&*part.text(), "." | ".."))
            .then_some(Reason::DotPart)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn excludes(pattern: &str, path: &str) -> bool {
        let (path, is_folder) = match path.strip_suffix('/') {
            Some(path) => (path, true),
            None => (path, false),
        };
        Patterns::parse(pattern)
            .excludes_below(path, is_folder)
            .is_some()
    }

    #[test]
    fn names_and_roots() {
        for (pattern, path) in [
            ("lib", "lib"),
            ("lib", "a/lib/b.py"),
            ("lib/", "a/lib/"),
            ("lib/", "a/lib/b.py"),
            ("*.pyc", "a/b.pyc"),
            ("a**c", "abc"),
            ("/a", "a"),
            ("/a", "a/b"),
            ("sub/a", "sub/a"),
            ("sub/a", "sub/a/b/c"),
            ("sub//a", "sub/a"),
            ("sub/**", "sub/"),
            ("sub/**", "sub/a/b"),
            ("**/a", "a"),
            ("**/a", "x/y/a"),
            ("**/a", "x/y/a/b"),
            ("sub/**/a", "sub/a"),
            ("sub/**/a", "sub/x/y/a"),
            ("sub/*/a", "sub/x/a"),
            ("/a/", "a/"),
            ("/a/", "a/b"),
            ("  lib  \r", "lib"),
            ("*", "a/b"),
            ("*/", "a/"),
            ("**/**", "a"),
        ] {
            assert!(excludes(pattern, path), "{pattern} {path}");
        }
        for (pattern, path) in [
            ("lib/", "lib"),
            ("lib", "libs"),
            ("/a", "b/a"),
            ("sub/a", "x/sub/a"),
            ("sub/a", "sub"),
            ("sub/a**", "sub/ab"),
            ("./a", "a"),
            ("a/./b", "a/b"),
            ("**/a/b", "a/x/a/b"),
            ("a/b/", "a/b"),
            ("!a", "a"),
            ("# a", "a"),
            ("\u{feff}a", "a"),
            ("foo\\", "foo"),
            ("[", "["),
            ("/", "a"),
            ("LIB", "lib"),
            ("[!a]x", "bx"),
        ] {
            assert!(!excludes(pattern, path), "{pattern} {path}");
        }
    }

    #[test]
    fn first_line_wins_and_negation_does_nothing() {
        let patterns = Patterns::parse("# note\n\n!a.yaml\n*.yaml\r\na.yaml\n!*.yaml\n");
        assert_eq!(patterns.excludes("a.yaml", false), Some(4));
        assert_eq!(patterns.excludes("a.py", false), None);
        let patterns = Patterns::parse("build/");
        assert_eq!(patterns.excludes_below("x/build/a.py", false), Some(1));
        assert_eq!(patterns.excludes_below("build", false), None);
    }

    #[test]
    fn effects() {
        let text = "\u{feff}a\n!b\nc[\nd/e**\n./f\n/\ng\n**\na**b\n";
        let effects: Vec<_> = Patterns::parse(text)
            .iter()
            .map(|pattern| pattern.effect)
            .collect();
        assert_eq!(
            effects,
            [
                Effect::Nothing(Reason::ByteOrderMark),
                Effect::Negation,
                Effect::Nothing(Reason::BadPattern),
                Effect::Nothing(Reason::PartialDoubleStar),
                Effect::Nothing(Reason::DotPart),
                Effect::Nothing(Reason::Empty),
                Effect::Excludes,
                Effect::Excludes,
                Effect::Excludes,
            ]
        );
    }
}
