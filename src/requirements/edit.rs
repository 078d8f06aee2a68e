//! Other versions in requirement files, and more requirements; the rest stays as it is written.

use super::{Requirement, span};
use crate::finding::Span;
use pep440_rs::{Version, VersionSpecifiers};
use std::str::FromStr;
use toml::de::{DeTable, DeValue};

/// Lets a requirement begin at a version: `>=0.3,<1` becomes `>=0.5,<1`, `==0.3` becomes `==0.5`,
/// a bare name gets `>=0.5`. `text` is the file's. `None` where an address, a hash or an upper
/// bound stands against it.
pub fn raise_floor(text: &str, requirement: &Requirement, floor: &str) -> Option<(Span, String)> {
    let wanted = Version::from_str(floor).ok()?;
    requirement.specifiers.as_ref()?;
    let place = requirement.place.span;
    let raw = text.get(place.range())?;
    let inner = raw.find(&requirement.written)?;
    let begin = place.start as usize + inner;
    if has_hash(text.get(place.end as usize..)?) {
        return None;
    }
    let written = requirement.written.as_str();
    let written = written.split(';').next().unwrap_or(written).trim_end();
    let signs = |c: char| "<>=!~(".contains(c);
    let first = written.find(signs).unwrap_or(written.len());
    let head = written.get(..first)?.trim_end();
    let range = |from: usize, to: usize| span(begin + from..begin + to);
    if first == written.len() {
        return Some((range(head.len(), head.len()), format!(">={floor}")));
    }
    let clauses = written.get(first..)?;
    // `name (>=1)` is an old form
    if clauses.starts_with('(') {
        return None;
    }
    let mut at = first;
    let mut lower = None;
    for clause in clauses.split(',') {
        let start = at + (clause.len() - clause.trim_start().len());
        at += clause.len() + 1;
        let clause = clause.trim();
        let version = clause
            .find(|c: char| !"<>=!~".contains(c))
            .unwrap_or(clause.len());
        match clause.get(..version)? {
            ">=" | ">" => lower = lower.or(Some((">=", start, clause.len()))),
            sign @ ("==" | "~=") => lower = lower.or(Some((sign, start, clause.len()))),
            "<" | "<=" | "!=" => {}
            _ => return None,
        }
    }
    let (from, to, new) = match lower {
        Some((sign, start, length)) => (start, start + length, format!("{sign}{floor}")),
        None => (first, first, format!(">={floor},")),
    };
    let after = [written.get(first..from)?, &new, written.get(to..)?].concat();
    let after = VersionSpecifiers::from_str(&after).ok()?;
    after.contains(&wanted).then(|| (range(from, to), new))
}

/// True if the logical line goes on with a hash, which fits one version only.
fn has_hash(rest: &str) -> bool {
    let mut lines = rest.lines();
    loop {
        match lines.next() {
            Some(line) if line.contains("--hash") => return true,
            Some(line) if line.trim_end().ends_with('\\') => {}
            _ => return false,
        }
    }
}

/// Adds a requirement to `dependencies` of a `pyproject.toml`, in the style of the list. `None` if
/// there is no such list.
pub fn add_dependency(text: &str, requirement: &str) -> Option<(Span, String)> {
    if requirement.contains(['"', '\\', '\n']) {
        return None;
    }
    let mark = text.len() - text.trim_start_matches('\u{feff}').len();
    let table = DeTable::parse(text.get(mark..)?).ok()?;
    let DeValue::Table(project) = table.get_ref().get("project")?.get_ref() else {
        return None;
    };
    let list = project.get("dependencies")?;
    let DeValue::Array(items) = list.get_ref() else {
        return None;
    };
    let Some(last) = items.last() else {
        let end = mark + list.span().end.checked_sub(1)?;
        return Some((span(end..end), format!("\"{requirement}\"")));
    };
    let (start, end) = (mark + last.span().start, mark + last.span().end);
    let line = text.get(..start)?.rfind('\n').map_or(0, |at| at + 1);
    let indent = text.get(line..start)?;
    let lead = match indent.trim().is_empty() {
        true if text.contains("\r\n") => format!(",\r\n{indent}"),
        true => format!(",\n{indent}"),
        false => ", ".to_owned(),
    };
    Some((span(end..end), format!("{lead}\"{requirement}\"")))
}

#[cfg(test)]
mod tests {
    use super::super::Requirements;
    use super::*;
    use crate::source::Memory;

    fn raised(file: &str, text: &str, floor: &str) -> Option<String> {
        let mut files = Memory::new();
        files.insert(file, text.as_bytes().to_vec());
        let found = Requirements::read(&files);
        let entry = found.of("dify-plugin").next().unwrap();
        let (span, new) = raise_floor(text, entry, floor)?;
        let mut after = text.to_owned();
        after.replace_range(span.range(), &new);
        Some(after)
    }

    #[test]
    fn floors_rise_and_the_rest_stays() {
        for (before, after) in [
            ("dify_plugin", Some("dify_plugin>=0.5.0")),
            (
                "dify_plugin>=0.3,<0.9  # why",
                Some("dify_plugin>=0.5.0,<0.9  # why"),
            ),
            (
                "dify_plugin >= 0.3 , < 0.9",
                Some("dify_plugin >=0.5.0 , < 0.9"),
            ),
            ("dify_plugin>0.3", Some("dify_plugin>=0.5.0")),
            ("dify_plugin==0.3.1", Some("dify_plugin==0.5.0")),
            ("dify_plugin~=0.3.1", Some("dify_plugin~=0.5.0")),
            ("dify_plugin<1", Some("dify_plugin>=0.5.0,<1")),
            (
                "httpx\r\ndify_plugin[x]>=0.1; python_version > '3.8'\r\n",
                Some("httpx\r\ndify_plugin[x]>=0.5.0; python_version > '3.8'\r\n"),
            ),
            ("dify_plugin<0.4", None),
            ("dify_plugin>=0.3,!=0.5.0", None),
            ("dify_plugin===0.3", None),
            ("dify_plugin @ https://example.com/x.whl", None),
            ("dify_plugin==0.3 --hash=sha256:00", None),
            ("dify_plugin==0.3 \\\n    --hash=sha256:00", None),
        ] {
            let found = raised("requirements.txt", before, "0.5.0");
            assert_eq!(found.as_deref(), after, "{before}");
        }
        let toml = "[project]\nname = \"x\"\ndependencies = [\n  'dify_plugin>=0.1', # two\n]\n";
        assert_eq!(
            raised("pyproject.toml", toml, "0.5.0").unwrap(),
            toml.replace("0.1", "0.5.0")
        );
    }

    #[test]
    fn dependencies_join_their_list() {
        for (before, after) in [
            ("[]", "[\"httpx\"]"),
            ("[\"a\"]", "[\"a\", \"httpx\"]"),
            (
                "[\n  \"a\",\n  \"b\", # c\n]",
                "[\n  \"a\",\n  \"b\",\n  \"httpx\", # c\n]",
            ),
        ] {
            let text = format!("\u{feff}[project]\ndependencies = {before}\n");
            let (span, new) = add_dependency(&text, "httpx").unwrap();
            let mut found = text.clone();
            found.replace_range(span.range(), &new);
            assert_eq!(
                found,
                format!("\u{feff}[project]\ndependencies = {after}\n")
            );
        }
        assert_eq!(add_dependency("[tool.x]\n", "httpx"), None);
    }
}
