//! Values of another type or form than their readers want, turned into what is meant.

use super::{
    Safe, Unsafe, collections, fix, numbers, quote, remove, scalar, words, write, write_inline,
    write_yaml,
};
use crate::dialect::version;
use crate::finding::Fix;
use crate::format::{DaemonKind, PlainType, SdkType, Shape, shapes};
use crate::plugin::Document;
use crate::rules::locales::{is_han, is_kana};
use crate::yaml::edit;
use crate::yaml::{Kind, NodeId, go};

/// A value and what the schema says of it.
#[derive(Clone, Copy)]
pub struct Value<'a> {
    pub document: &'a Document,
    pub node: NodeId,
    pub shape: &'a Shape,
    /// The mapping around it can do without it.
    pub optional: bool,
}

/// A value of the wrong type, as the type that its readers want.
pub fn of_type(value: Value<'_>) -> Option<Fix> {
    let Value {
        document,
        node,
        shape,
        optional,
    } = value;
    let tree = document.tree();
    if tree.kind(node) == Kind::Alias {
        return None;
    }
    let null = tree.is_scalar(node) && go::is_null(tree, node);
    let empty = null
        || !tree.is_scalar(node)
            && tree.pairs(node).next().is_none()
            && tree.items(node).is_empty();
    let in_list = tree.parent(node).is_some_and(|it| tree.is_sequence(it));
    let types = &shape.plain.types;
    if null && types.contains(&PlainType::Array) && !optional && !in_list {
        return write_yaml(document, node, "[]", Unsafe);
    }
    if null && (in_list || optional) {
        // nothing stands there, and to leave it out says the same
        return remove(document, node, Safe);
    }
    if empty && optional && !types.contains(&PlainType::Array) {
        return remove(document, node, Unsafe);
    }
    if shape.noun == "localized text" {
        return localized(document, node);
    }
    let list = types.contains(&PlainType::Array);
    let found = if tree.is_scalar(node) {
        from_scalar(value)
    } else if tree.is_sequence(node) {
        match (list, types.contains(&PlainType::Object)) {
            (true, _) => None,
            (_, true) => collections::as_mapping(value),
            _ => from_list(value),
        }
    } else {
        from_mapping(value).or_else(|| list.then(|| collections::as_list(value))?)
    };
    found.or_else(|| {
        let nothing = optional && tree.is_scalar(node) && is_bool(document, node);
        nothing.then(|| remove(document, node, Unsafe)).flatten()
    })
}

fn is_bool(document: &Document, node: NodeId) -> bool {
    matches!(go::resolve(document.tree(), node), Ok(go::Scalar::Bool(_)))
}

fn from_scalar(value: Value<'_>) -> Option<Fix> {
    let Value {
        document,
        node,
        shape,
        ..
    } = value;
    let tree = document.tree();
    let text = tree.text(node);
    let daemon = shape.daemon.as_ref().map(|daemon| daemon.kind);
    let wants = |wanted| shape.plain.types.contains(&wanted);
    if daemon == Some(DaemonKind::Time) {
        return super::values::time(document, node);
    }
    if daemon == Some(DaemonKind::Decimal)
        || shape
            .sdk
            .as_ref()
            .is_some_and(|sdk| sdk.kind == SdkType::Decimal)
    {
        return price(document, node);
    }
    if wants(PlainType::Array) {
        let block = format!("- {}", list_item(shape, text)?);
        let edit = edit::fill_empty(tree, node, &block)?;
        return fix(document, Unsafe, "make a list of it", vec![edit]);
    }
    if wants(PlainType::String) {
        return match shape.plain.words.as_slice() {
            // what is no text is none of the words either, unless the quotes are all that lacks
            words if words.contains(&text) => quote(document, node, Safe),
            [] => quote(document, node, Safe),
            words => word(document, node, text, words),
        };
    }
    if wants(PlainType::Boolean) {
        return boolean(document, node, text);
    }
    if wants(PlainType::Integer) {
        let number = numbers::whole(text)?;
        let same = number.to_string() == text;
        return write_yaml(
            document,
            node,
            &number.to_string(),
            if same { Safe } else { Unsafe },
        );
    }
    if wants(PlainType::Number) {
        let number = numbers::decimal(text)?;
        let same = number == text;
        return write_yaml(document, node, &number, if same { Safe } else { Unsafe });
    }
    None
}

/// The only item of a list for which a single scalar may stand.
fn list_item(shape: &Shape, text: &str) -> Option<String> {
    let item = shapes().get(shape.items?);
    if !item.plain.types.is_empty() && !item.plain.types.contains(&PlainType::String) {
        return None;
    }
    let known = item.plain.words.is_empty() || item.plain.words.contains(&text);
    (known && !text.contains('\n')).then(|| scalar(text))
}

/// A list of one where a single value belongs.
fn from_list(value: Value<'_>) -> Option<Fix> {
    let tree = value.document.tree();
    let [only] = tree.items(value.node) else {
        return None;
    };
    let wants_scalar = !value.shape.plain.types.contains(&PlainType::Object);
    let text = tree.text(*only);
    let sound = wants_scalar
        && tree.is_scalar(*only)
        && tree.tag(*only).is_none()
        && (value.shape.plain.words.is_empty() || value.shape.plain.words.contains(&text));
    let one_line = !tree.raw(value.node).contains('\n') && !tree.raw(*only).is_empty();
    (sound && one_line).then(|| write_yaml(value.document, value.node, tree.raw(*only), Unsafe))?
}

/// A mapping with a text in English where a plain text belongs, or an empty one for a list.
fn from_mapping(value: Value<'_>) -> Option<Fix> {
    let Value {
        document,
        node,
        shape,
        ..
    } = value;
    let tree = document.tree();
    if shape.plain.types.contains(&PlainType::Array) {
        let empty = tree.pairs(node).next().is_none();
        return empty.then(|| write_inline(document, node, "[]", Safe))?;
    }
    if !shape.plain.types.contains(&PlainType::String) {
        return None;
    }
    let english = tree.get(node, "en_US").filter(|it| tree.is_scalar(*it))?;
    let text = tree.text(english);
    write_inline(document, node, &scalar(text), Unsafe)
}

/// A plain text where one for each language belongs.
fn localized(document: &Document, node: NodeId) -> Option<Fix> {
    let tree = document.tree();
    let text = tree.text(node);
    let plain = tree.is_scalar(node) && tree.tag(node).is_none();
    if !plain || text.trim().is_empty() || text.contains('\n') {
        return None;
    }
    let foreign = text.chars().any(|c| is_han(c) || is_kana(c));
    if foreign {
        return None;
    }
    let written = scalar(text);
    // a text without languages is shown to everybody, and so is English
    let title = "write it below `en_US`";
    let edit = edit::fill_empty(tree, node, &format!("en_US: {written}")).or_else(|| {
        Some((
            tree.span(node),
            format!("{{en_US: {}}}", edit::plain_or_quoted(text, true)),
        ))
    })?;
    fix(document, Safe, title, vec![edit])
}

fn boolean(document: &Document, node: NodeId, text: &str) -> Option<Fix> {
    let lower = text.trim().to_ascii_lowercase();
    let (value, how) = match lower.as_str() {
        "true" => ("true", Safe),
        "false" => ("false", Safe),
        "yes" | "y" | "on" => ("true", Safe),
        "no" | "n" | "off" => ("false", Safe),
        "t" | "1" | "1.0" | "enabled" | "required" => ("true", Unsafe),
        "f" | "0" | "0.0" | "" | "disabled" | "optional" | "none" => ("false", Unsafe),
        _ => return None,
    };
    write_yaml(document, node, value, how)
}

/// A price: plain digits in quotes, without a currency.
pub fn price(document: &Document, node: NodeId) -> Option<Fix> {
    let tree = document.tree();
    if !tree.is_scalar(node) {
        return None;
    }
    let text = tree.text(node);
    let number = numbers::decimal(text)?;
    if number == text {
        return quote(document, node, Safe);
    }
    write_yaml(document, node, &format!("'{number}'"), Unsafe)
}

/// One of the known words in place of another.
pub fn word(document: &Document, node: NodeId, text: &str, known: &[&str]) -> Option<Fix> {
    let (meant, how) = match words::meant(text, known) {
        Some(found) => found,
        None => match known {
            [only] => (*only, Unsafe),
            _ => return None,
        },
    };
    write(document, node, meant, how)
}

/// A date and time in the one form that every reader takes, if the text says just that.
pub fn time(document: &Document, node: NodeId) -> Option<Fix> {
    let text = document.tree().text(node);
    let meant = as_time(text)?;
    write_yaml(document, node, &meant, Unsafe).filter(|_| meant != text)
}

/// `2025-06-01T08:00:00Z` of other spellings of it; a bare date begins at midnight in Greenwich.
fn as_time(text: &str) -> Option<String> {
    let text = text.trim();
    let at = text.find(['T', 't', ' ']).unwrap_or(text.len());
    let (date, rest) = text.split_at(at);
    let separator = ['-', '/', '.'].into_iter().find(|c| date.contains(*c))?;
    let mut parts = date.split(separator);
    let mut part = |digits: usize, least: u32, most: u32| {
        let part = parts.next()?;
        let number: u32 = part.parse().ok()?;
        let sound = part.len() <= digits && (least..=most).contains(&number);
        sound.then_some(number)
    };
    let (year, month, day) = (part(4, 1970, 9999)?, part(2, 1, 12)?, part(2, 1, 31)?);
    if parts.next().is_some() {
        return None;
    }
    let rest = rest.trim_start_matches(['T', 't', ' ']).trim();
    let zone_at = rest.find(['Z', 'z', '+', '-', ' ']).unwrap_or(rest.len());
    let (clock, zone) = rest.split_at(zone_at);
    let clock = as_clock(clock)?;
    let zone = as_zone(zone.trim())?;
    Some(format!("{year:04}-{month:02}-{day:02}T{clock}{zone}"))
}

fn as_clock(text: &str) -> Option<String> {
    let (text, fraction) = text.split_once('.').unwrap_or((text, ""));
    if text.is_empty() {
        return fraction.is_empty().then(|| "00:00:00".to_owned());
    }
    let mut numbers = [0_u32; 3];
    let parts: Vec<&str> = text.split(':').collect();
    if !(2..=3).contains(&parts.len()) {
        return None;
    }
    for ((number, part), most) in numbers.iter_mut().zip(&parts).zip([23, 59, 59]) {
        *number = part.parse().ok().filter(|it| *it <= most)?;
    }
    let [hour, minute, second] = numbers;
    let fraction = match fraction {
        "" => String::new(),
        digits if digits.bytes().all(|b| b.is_ascii_digit()) => format!(".{digits}"),
        _ => return None,
    };
    Some(format!("{hour:02}:{minute:02}:{second:02}{fraction}"))
}

fn as_zone(text: &str) -> Option<String> {
    if matches!(text, "" | "Z" | "z" | "UTC") {
        return Some("Z".to_owned());
    }
    let sign = text.chars().next().filter(|c| matches!(c, '+' | '-'))?;
    let digits: String = text.chars().skip(1).filter(|c| *c != ':').collect();
    let (hours, minutes) = match digits.len() {
        1 | 2 => (digits.as_str(), "00"),
        4 => digits.split_at_checked(2)?,
        _ => return None,
    };
    let hours: u32 = hours.parse().ok().filter(|it| *it < 24)?;
    let minutes: u32 = minutes.parse().ok().filter(|it| *it < 60)?;
    Some(format!("{sign}{hours:02}:{minutes:02}"))
}

/// `1.0.0` of `v1.0.0`, `1.0`, `1` and `1.0.0.0`.
pub fn as_version(text: &str) -> Option<String> {
    let text = text.trim();
    let text = text.strip_prefix(['v', 'V', '=', '^', '~']).unwrap_or(text);
    let end = text.find(|c: char| !c.is_ascii_digit() && c != '.');
    let (numbers, rest) = text.split_at(end.unwrap_or(text.len()));
    let rest = rest.trim_start_matches(['-', '_', '+', '.']);
    let mut parts: Vec<&str> = numbers.trim_end_matches('.').split('.').collect();
    while parts.len() < 3 {
        parts.push("0");
    }
    while parts.len() > 3 && parts.last() == Some(&"0") {
        parts.pop();
    }
    let suffix: String = rest.chars().filter(char::is_ascii_alphanumeric).collect();
    let meant = match suffix.as_str() {
        "" => parts.join("."),
        suffix => format!("{}-{suffix}", parts.join(".")),
    };
    version::is_daemon_version(&meant).then_some(meant)
}

/// A text of the letters, digits, `_` and `-` that an identity is made of.
pub fn as_identity(text: &str, most: usize) -> Option<String> {
    let mut name = String::new();
    for c in text.trim().chars() {
        match c.to_ascii_lowercase() {
            c if c.is_ascii_alphanumeric() || matches!(c, '_' | '-') => name.push(c),
            ' ' | '.' | '/' | '@' | '&' | '+' | '\'' | ':' => name.push('-'),
            // other alphabets have no spelling that would be theirs
            _ => return None,
        }
    }
    let name = name.trim_matches('-');
    (!name.is_empty() && name.len() <= most).then(|| name.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times() {
        for (text, meant) in [
            ("2024-07-12", "2024-07-12T00:00:00Z"),
            ("2024/7/1", "2024-07-01T00:00:00Z"),
            ("2024-01-01 08:30", "2024-01-01T08:30:00Z"),
            ("2024-01-01t00:00:00z", "2024-01-01T00:00:00Z"),
            ("2024-01-01T00:00:00+0800", "2024-01-01T00:00:00+08:00"),
            ("2024-01-01T00:00:00.5+8", "2024-01-01T00:00:00.5+08:00"),
        ] {
            assert_eq!(as_time(text).as_deref(), Some(meant), "{text}");
        }
        for text in [
            "",
            "July 1, 2024",
            "true",
            "2024-13-01",
            "1-2-3",
            "2024-01-01T25:00",
            "2024-01-01X",
        ] {
            assert_eq!(as_time(text), None, "{text}");
        }
    }

    #[test]
    fn versions() {
        for (text, meant) in [
            ("v1.0.0", "1.0.0"),
            ("1.0", "1.0.0"),
            ("1", "1.0.0"),
            ("1.2.3.0", "1.2.3"),
            ("1.0.0rc1", "1.0.0-rc1"),
            ("1.0.0+build.5", "1.0.0-build5"),
        ] {
            assert_eq!(as_version(text).as_deref(), Some(meant), "{text}");
        }
        for text in ["", "latest", "1.2.3.4", "1..2", "12345.0.0"] {
            assert_eq!(as_version(text), None, "{text}");
        }
    }

    #[test]
    fn identities() {
        assert_eq!(as_identity("My Plugin", 128).as_deref(), Some("my-plugin"));
        assert_eq!(as_identity(" Acme_1 ", 64).as_deref(), Some("acme_1"));
        assert_eq!(as_identity("搜索", 64), None);
        assert_eq!(as_identity("a".repeat(65).as_str(), 64), None);
    }
}
