use crate::finding::Span;
use toml::de::{DeTable, DeValue};

/// The edit by which a configuration ignores one rule more; `pyproject.toml` has its settings in
/// `[tool.difylint]`. `None` where the text is no TOML, or has its settings in a form that nothing
/// is added to, as an inline table.
pub fn ignoring(text: &str, in_pyproject: bool, rule: &str) -> Option<(Span, String)> {
    let document = DeTable::parse(text).ok()?;
    let top = match in_pyproject {
        false => document.get_ref(),
        true => table(document.get_ref(), "tool").and_then(|tool| table(tool, "difylint"))?,
    };
    if let Some(list) = top.get("ignore").or_else(|| top.get("extend-ignore")) {
        let DeValue::Array(items) = list.get_ref() else {
            return None;
        };
        let (at, separator) = match items.last() {
            Some(last) => (last.span().end, separator(text, last.span().start)?),
            None => (list.span().start + 1, String::new()),
        };
        return Some((at_offset(at)?, format!("{separator}\"{rule}\"")));
    }
    // what another file ignores stays ignored
    let key = match top.contains_key("extend") {
        true => "extend-ignore",
        false => "ignore",
    };
    let newline = if text.contains("\r\n") { "\r\n" } else { "\n" };
    let entry = format!("{key} = [\"{rule}\"]{newline}");
    let ends = top.iter().filter(|(_, value)| !has_tables(value.get_ref()));
    let at = match ends.map(|(_, value)| value.span().end).max() {
        Some(end) => next_line(text, end)?,
        None if in_pyproject => next_line(text, header(text)?)?,
        None => first_line(text),
    };
    let broken = text.get(..at)?.ends_with('\n') || matches!(text.get(..at)?, "" | "\u{feff}");
    let before = if broken { "" } else { newline };
    Some((at_offset(at)?, format!("{before}{entry}")))
}

fn table<'t, 'd>(of: &'t DeTable<'d>, name: &str) -> Option<&'t DeTable<'d>> {
    match of.get(name)?.get_ref() {
        DeValue::Table(table) => Some(table),
        _ => None,
    }
}

/// True for what stands below the settings: `[severity]`, `[[overrides]]`.
fn has_tables(value: &DeValue<'_>) -> bool {
    match value {
        DeValue::Table(_) => true,
        DeValue::Array(items) => items.first().is_some_and(|it| it.get_ref().is_table()),
        _ => false,
    }
}

/// What stands between the last item of a list and one more: a line break where it has a line of
/// its own.
fn separator(text: &str, last: usize) -> Option<String> {
    let before = text.get(..last)?;
    let begin = before.rfind('\n').map_or(0, |at| at + 1);
    let indent = before.get(begin..)?;
    let alone = begin > 0 && indent.trim().is_empty();
    let newline = if before.ends_with(&format!("\r\n{indent}")) {
        "\r\n"
    } else {
        "\n"
    };
    Some(match alone {
        true => format!(",{newline}{indent}"),
        false => ", ".to_owned(),
    })
}

/// The offset behind the line that an offset is in.
fn next_line(text: &str, offset: usize) -> Option<usize> {
    let rest = text.get(offset..)?;
    Some(rest.find('\n').map_or(text.len(), |at| offset + at + 1))
}

/// Where the line `[tool.difylint]` begins.
fn header(text: &str) -> Option<usize> {
    let mut at = 0;
    for line in text.split_inclusive('\n') {
        let words = line.split('#').next().unwrap_or(line);
        if words.split_whitespace().collect::<String>() == "[tool.difylint]" {
            return Some(at);
        }
        at += line.len();
    }
    None
}

/// The top of a file without settings of its own; what editors are told there stays first.
fn first_line(text: &str) -> usize {
    let mark = if text.starts_with('\u{feff}') { 3 } else { 0 };
    let rest = text.get(mark..).unwrap_or("");
    let told = rest.split_inclusive('\n');
    mark + told
        .take_while(|line| line.starts_with("#:"))
        .map(str::len)
        .sum::<usize>()
}

fn at_offset(at: usize) -> Option<Span> {
    Some(Span::at(u32::try_from(at).ok()?))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn ignored(text: &str, in_pyproject: bool) -> Option<String> {
        let (span, edit) = ignoring(text, in_pyproject, "i18n/x")?;
        let mut text = text.to_owned();
        text.replace_range(span.range(), &edit);
        let read = DeTable::parse(&text);
        assert!(read.is_ok(), "{text}");
        Some(text)
    }

    #[test]
    fn a_list_grows_by_one() {
        for (before, after) in [
            ("", "ignore = [\"i18n/x\"]\n"),
            ("ignore = []\n", "ignore = [\"i18n/x\"]\n"),
            (
                "ignore = [ 'a/b', ] # 名\n",
                "ignore = [ 'a/b', \"i18n/x\", ] # 名\n",
            ),
            (
                "ignore = [\r\n  \"a/b\",\r\n]\r\n",
                "ignore = [\r\n  \"a/b\",\r\n  \"i18n/x\",\r\n]\r\n",
            ),
            (
                "extend-ignore = [\"a/b\"]",
                "extend-ignore = [\"a/b\", \"i18n/x\"]",
            ),
        ] {
            assert_eq!(ignored(before, false).as_deref(), Some(after));
        }
    }

    #[test]
    fn a_list_is_begun_before_the_tables() {
        for (before, after) in [
            (
                "profile = \"author\" # 作者",
                "profile = \"author\" # 作者\nignore = [\"i18n/x\"]\n",
            ),
            (
                "extend = \"../a.toml\"\r\n\r\n[severity]\r\ni18n = \"info\"\r\n",
                "extend = \"../a.toml\"\r\nextend-ignore = [\"i18n/x\"]\r\n\r\n[severity]\r\ni18n = \"info\"\r\n",
            ),
            (
                "[[overrides]]\npaths = [\"x\"]\n",
                "ignore = [\"i18n/x\"]\n[[overrides]]\npaths = [\"x\"]\n",
            ),
            (
                "\u{feff}#:schema x\n# why\n[severity]\n",
                "\u{feff}#:schema x\nignore = [\"i18n/x\"]\n# why\n[severity]\n",
            ),
        ] {
            assert_eq!(ignored(before, false).as_deref(), Some(after));
        }
    }

    #[test]
    fn in_the_table_of_a_project() {
        assert_eq!(
            ignored(
                "[project]\nname = \"x\"\n\n[ tool.difylint ] # us\n\n[tool.difylint.severity]\n",
                true
            )
            .as_deref(),
            Some(
                "[project]\nname = \"x\"\n\n[ tool.difylint ] # us\nignore = [\"i18n/x\"]\n\n[tool.difylint.severity]\n"
            )
        );
        assert_eq!(ignored("[tool.other]\n", true), None);
    }

    #[test]
    fn what_is_no_list_is_left_alone() {
        assert_eq!(ignored("ignore = 1", false), None);
        assert_eq!(ignored("ignore = [", false), None);
    }
}
