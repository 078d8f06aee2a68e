use super::Span;

/// The insertion that adds lines at the end of a text, with its own line breaks; a text that ends
/// without one still does.
pub fn append_lines(text: &str, lines: &[&str]) -> (Span, String) {
    let newline = match text.find('\n') {
        Some(at) if text.get(..at).is_some_and(|it| it.ends_with('\r')) => "\r\n",
        _ => "\n",
    };
    let end = Span::at(u32::try_from(text.len()).unwrap_or(u32::MAX));
    let joined = lines.join(newline);
    let bare = text.trim_start_matches('\u{feff}');
    let text = if bare.is_empty() || bare.ends_with('\n') {
        joined + newline
    } else {
        format!("{newline}{joined}")
    };
    (end, text)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_follow_those_that_are_there() {
        let appended = |text: &str| text.to_owned() + &append_lines(text, &["x", "y"]).1;
        assert_eq!(appended(""), "x\ny\n");
        assert_eq!(appended("a\n"), "a\nx\ny\n");
        assert_eq!(appended("a"), "a\nx\ny");
        assert_eq!(appended("a\r\nb"), "a\r\nb\r\nx\r\ny");
    }
}
