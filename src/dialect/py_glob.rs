//! Python 3.12's `Path.glob`, as the SDK (0.8.0 and later) looks for model files.

/// Why Python refuses a pattern, and with it the plugin.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum BadPattern {
    /// It is empty, or only `.`: there is nothing to look for.
    Empty,
    /// It begins with `/`.
    Absolute,
    /// `**` together with other characters.
    PartialDoubleStar,
}

/// An entry of a folder.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Entry {
    /// Its name without the folder.
    pub name: String,
    /// What it is.
    pub kind: EntryKind,
}

/// What an entry of a folder is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum EntryKind {
    /// A file, or a link to one.
    File,
    /// A folder.
    Folder,
    /// A link to a folder: `**` does not go through it, names do.
    FolderLink,
}

/// The most folders that one pattern lists: several `**` visit the same ones again and again.
const MAX_LISTINGS: usize = 100_000;

/// The paths that a pattern finds below the root, folders among them, relative to it; the root is
/// `""`. In the order of the listing; a path found in two ways stands there twice, as in Python.
/// `list` gives the entries of a folder, `None` where there is none.
///
/// # Errors
/// When Python refuses the pattern.
pub fn expand(
    pattern: &str,
    list: &dyn Fn(&str) -> Option<Vec<Entry>>,
) -> Result<Vec<String>, BadPattern> {
    let parts = parts(pattern)?;
    let mut expansion = Expansion {
        list,
        listings: 0,
        found: Vec::new(),
    };
    expansion.select(String::new(), &parts);
    Ok(expansion.found)
}

/// Checks a pattern without looking at files.
///
/// # Errors
/// When Python refuses it.
pub fn check(pattern: &str) -> Result<(), BadPattern> {
    parts(pattern).map(drop)
}

/// True if a name matches one part of a pattern (Python's `fnmatch`): `*`, `?`, `[a-z]`, `[!a]`;
/// nothing escapes, an open `[` is itself.
pub fn matches_name(pattern: &str, name: &str) -> bool {
    let tokens = tokens(pattern);
    let name: Vec<char> = name.chars().collect();
    let (mut token, mut at) = (0, 0);
    // where to go on after the last star: the token behind it, and how much it takes
    let mut retry: Option<(usize, usize)> = None;
    loop {
        match (tokens.get(token), name.get(at)) {
            (None, None) => return true,
            (Some(Token::Star), _) => {
                token += 1;
                retry = Some((token, at));
            }
            (Some(Token::One(set)), Some(char)) if set.contains(*char) => {
                token += 1;
                at += 1;
            }
            _ => match retry {
                Some((after_star, start)) if start < name.len() => {
                    retry = Some((after_star, start + 1));
                    (token, at) = (after_star, start + 1);
                }
                _ => return false,
            },
        }
    }
}

fn parts(pattern: &str) -> Result<Vec<&str>, BadPattern> {
    if pattern.starts_with('/') {
        return Err(BadPattern::Absolute);
    }
    let mut parts: Vec<&str> = pattern
        .split('/')
        .filter(|part| !matches!(*part, "" | "."))
        .collect();
    if parts.is_empty() {
        return Err(BadPattern::Empty);
    }
    if parts
        .iter()
        .any(|part| part.contains("**") && *part != "**")
    {
        return Err(BadPattern::PartialDoubleStar);
    }
    // several in a row are one
    parts.dedup_by(|next, previous| *next == "**" && *previous == "**");
    if pattern.ends_with('/') {
        // folders only
        parts.push("");
    }
    Ok(parts)
}

struct Expansion<'l> {
    list: &'l dyn Fn(&str) -> Option<Vec<Entry>>,
    listings: usize,
    found: Vec<String>,
}

impl Expansion<'_> {
    fn select(&mut self, folder: String, parts: &[&str]) {
        match parts.split_first() {
            None | Some((&"", _)) => self.found.push(folder),
            Some((&"**", rest)) => {
                // with a second `**` the same path is found in many ways, but given once
                let before = self.found.len();
                self.descend(folder, rest, 0);
                if rest.contains(&"**") {
                    let mut seen = hashbrown::HashSet::new();
                    let mut index = 0;
                    self.found.retain(|path| {
                        index += 1;
                        index <= before || seen.insert(path.clone())
                    });
                }
            }
            Some((&"..", rest)) => {
                // what lies above the root is not ours to see
                if let Some((above, _)) = folder.rsplit_once('/') {
                    self.select(above.to_owned(), rest);
                } else if !folder.is_empty() {
                    self.select(String::new(), rest);
                }
            }
            Some((part, rest)) => {
                for entry in self.entries(&folder) {
                    let is_candidate = rest.is_empty() || entry.kind != EntryKind::File;
                    if is_candidate && matches_name(part, &entry.name) {
                        self.select(join(&folder, &entry.name), rest);
                    }
                }
            }
        }
    }

    fn entries(&mut self, folder: &str) -> Vec<Entry> {
        self.listings += 1;
        if self.listings > MAX_LISTINGS {
            return Vec::new();
        }
        (self.list)(folder).unwrap_or_default()
    }

    /// The folder itself and every folder below it.
    fn descend(&mut self, folder: String, rest: &[&str], depth: u16) {
        if depth > 256 {
            return;
        }
        let entries = self.entries(&folder);
        self.select(folder.clone(), rest);
        for entry in entries {
            if entry.kind == EntryKind::Folder {
                self.descend(join(&folder, &entry.name), rest, depth + 1);
            }
        }
    }
}

fn join(folder: &str, name: &str) -> String {
    if folder.is_empty() {
        name.to_owned()
    } else {
        [folder, "/", name].concat()
    }
}

enum Token {
    Star,
    One(Set),
}

/// The characters that one place of a pattern takes.
enum Set {
    Any,
    Char(char),
    Class {
        negated: bool,
        ranges: Vec<(char, char)>,
    },
}

impl Set {
    fn contains(&self, char: char) -> bool {
        match self {
            Self::Any => true,
            Self::Char(own) => *own == char,
            Self::Class { negated, ranges } => {
                ranges
                    .iter()
                    .any(|(low, high)| (*low..=*high).contains(&char))
                    != *negated
            }
        }
    }
}

fn tokens(pattern: &str) -> Vec<Token> {
    let chars: Vec<char> = pattern.chars().collect();
    let mut tokens = Vec::new();
    let mut index = 0;
    while let Some(char) = chars.get(index) {
        index += 1;
        match char {
            '*' => {
                if !matches!(tokens.last(), Some(Token::Star)) {
                    tokens.push(Token::Star);
                }
            }
            '?' => tokens.push(Token::One(Set::Any)),
            '[' => match class_end(&chars, index) {
                Some(end) => {
                    tokens.push(Token::One(class(chars.get(index..end).unwrap_or_default())));
                    index = end + 1;
                }
                None => tokens.push(Token::One(Set::Char('['))),
            },
            _ => tokens.push(Token::One(Set::Char(*char))),
        }
    }
    tokens
}

/// Where the `]` of a class stands; as its first member it is a character.
fn class_end(chars: &[char], start: usize) -> Option<usize> {
    let mut index = start;
    if chars.get(index) == Some(&'!') {
        index += 1;
    }
    if chars.get(index) == Some(&']') {
        index += 1;
    }
    (index..chars.len()).find(|index| chars.get(*index) == Some(&']'))
}

fn class(chars: &[char]) -> Set {
    let (negated, members) = match chars.split_first() {
        Some(('!', rest)) => (true, rest),
        _ => (false, chars),
    };
    let mut ranges = Vec::new();
    let mut index = 0;
    while let Some(low) = members.get(index) {
        match (members.get(index + 1), members.get(index + 2)) {
            (Some('-'), Some(high)) => {
                // a range that runs backwards is empty
                if low <= high {
                    ranges.push((*low, *high));
                }
                index += 3;
            }
            _ => {
                ranges.push((*low, *low));
                index += 1;
            }
        }
    }
    Set::Class { negated, ranges }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names() {
        for (pattern, name, matched) in [
            ("*.yaml", "a.yaml", true),
            ("*.yaml", ".yaml", true),
            ("*.yaml", "._a.yaml", true),
            ("*.yaml", "a.yml", false),
            ("*", "", true),
            ("a*b*c", "abcbc", true),
            ("a*b*c", "abcb", false),
            ("?", "工", true),
            ("[!a]", "b", true),
            ("[!a]", "a", false),
            ("[^a]", "^", true),
            ("[^a]", "b", false),
            ("[]a]", "]", true),
            ("[!]]", "]", false),
            ("[a-c]", "b", true),
            ("[c-a]", "b", false),
            ("[!c-a]", "b", true),
            ("[a-]", "-", true),
            ("[-a]", "-", true),
            ("[", "[", true),
            ("[a", "[a", true),
            ("\\*", "\\x", true),
            ("\\*", "*", false),
            ("{a,b}", "a", false),
            ("A", "a", false),
        ] {
            assert_eq!(matches_name(pattern, name), matched, "{pattern} {name}");
        }
        assert!(!matches_name(&("*a".repeat(500) + "b"), &"a".repeat(5000)));
    }

    fn list(folder: &str) -> Option<Vec<Entry>> {
        let entry = |name: &str, kind| Entry {
            name: name.to_owned(),
            kind,
        };
        let file = |name| entry(name, EntryKind::File);
        let folder_entry = |name| entry(name, EntryKind::Folder);
        Some(match folder {
            "" => vec![
                file("manifest.yaml"),
                folder_entry("models"),
                entry("link", EntryKind::FolderLink),
            ],
            "models" => vec![folder_entry("llm"), file("top.yaml")],
            "models/llm" => vec![file("._a.yaml"), file("a.yaml"), file("b.yml")],
            "link" => vec![file("l.yaml")],
            _ => return None,
        })
    }

    fn found(pattern: &str) -> String {
        expand(pattern, &list).unwrap().join(" ")
    }

    #[test]
    fn expansion() {
        assert_eq!(
            found("models/llm/*.yaml"),
            "models/llm/._a.yaml models/llm/a.yaml"
        );
        assert_eq!(found("./models//llm/a.yaml"), "models/llm/a.yaml");
        assert_eq!(
            found("models/**/*.yaml"),
            "models/top.yaml models/llm/._a.yaml models/llm/a.yaml"
        );
        assert_eq!(found("**/a.yaml"), "models/llm/a.yaml");
        assert_eq!(found("**/*llm/**/a.yaml"), "models/llm/a.yaml");
        assert_eq!(found("**/**/a.yaml"), "models/llm/a.yaml");
        assert_eq!(found("**"), " models models/llm");
        assert_eq!(found("**/l.yaml"), "");
        assert_eq!(found("link/*"), "link/l.yaml");
        assert_eq!(found("models/*/"), "models/llm");
        assert_eq!(found("models/llm/../top.yaml"), "models/top.yaml");
        assert_eq!(found("nothing/*.yaml"), "");
        assert_eq!(found("models/llm/{a,b}.yaml"), "");
    }

    #[test]
    fn refused() {
        for (pattern, problem) in [
            ("", BadPattern::Empty),
            (".", BadPattern::Empty),
            ("/a", BadPattern::Absolute),
            ("a/b**", BadPattern::PartialDoubleStar),
            ("**.yaml", BadPattern::PartialDoubleStar),
        ] {
            assert_eq!(expand(pattern, &list), Err(problem), "{pattern}");
            assert_eq!(check(pattern), Err(problem), "{pattern}");
        }
    }
}
