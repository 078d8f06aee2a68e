use super::Mistake;
use crate::finding::Span;
use crate::policy::nearest;
use crate::policy::said::{ConfigText, Origin, Said};
use std::borrow::Cow;
use std::ops::Range;
use std::sync::Arc;
use toml::Spanned;
use toml::de::{DeTable, DeValue};

/// A value in a TOML text.
pub type Value<'t> = Spanned<DeValue<'t>>;

/// A key in a TOML text.
pub type Key<'t> = Spanned<Cow<'t, str>>;

/// Takes values of the right type out of a TOML text, and keeps what is wrong.
pub struct Reader {
    /// The text.
    pub file: Arc<ConfigText>,
    /// What was wrong so far.
    pub mistakes: Vec<Mistake>,
}

impl Reader {
    /// A value with its place.
    pub fn said<T>(&self, value: T, span: Range<usize>) -> Said<T> {
        Said {
            value,
            origin: Origin::File(self.file.clone(), to_span(span)),
        }
    }

    /// Keeps a mistake.
    pub fn wrong(&mut self, span: Range<usize>, message: String, help: impl Into<String>) {
        self.mistakes.push(Mistake {
            message,
            help: help.into(),
            place: Some((self.file.clone(), to_span(span))),
        });
    }

    /// Keeps that a key is not known.
    pub fn unknown_key(&mut self, key: &Key<'_>, known: &[&str], place: &str) {
        let word = key.get_ref();
        self.wrong(
            key.span(),
            format!("there is no setting `{word}`{place}"),
            meant(word, known),
        );
    }

    /// A text.
    pub fn text(&mut self, name: &str, value: &Value<'_>) -> Option<Said<String>> {
        match value.get_ref() {
            DeValue::String(text) => Some(self.said(text.clone().into_owned(), value.span())),
            _ => self.wrong_type(name, "a text in quotes", value),
        }
    }

    /// A list of texts; what is no text in it is a mistake of its own.
    pub fn texts(&mut self, name: &str, value: &Value<'_>) -> Option<Vec<Said<String>>> {
        let DeValue::Array(items) = value.get_ref() else {
            return self.wrong_type(name, "a list of texts", value);
        };
        let items = items.iter();
        Some(items.filter_map(|item| self.entry(name, item)).collect())
    }

    /// An entry of a list of texts.
    pub fn entry(&mut self, name: &str, value: &Value<'_>) -> Option<Said<String>> {
        match value.get_ref() {
            DeValue::String(text) => Some(self.said(text.clone().into_owned(), value.span())),
            other => {
                let message = format!("an entry of `{name}` must be a text, not {}", kind(other));
                self.wrong(value.span(), message, "put it in quotes");
                None
            }
        }
    }

    /// `true` or `false`
    pub fn boolean(&mut self, name: &str, value: &Value<'_>) -> Option<Said<bool>> {
        match value.get_ref() {
            DeValue::Boolean(answer) => Some(self.said(*answer, value.span())),
            _ => self.wrong_type(name, "`true` or `false`", value),
        }
    }

    /// A whole number in a range.
    pub fn number(
        &mut self,
        name: &str,
        value: &Value<'_>,
        minimum: u64,
        maximum: u64,
    ) -> Option<u64> {
        let DeValue::Integer(integer) = value.get_ref() else {
            return self.wrong_type(name, "a whole number", value);
        };
        let number = u64::from_str_radix(integer.as_str(), integer.radix()).ok();
        let number = number.filter(|number| (minimum..=maximum).contains(number));
        if number.is_none() {
            self.wrong(
                value.span(),
                format!("`{name}` must not be `{}`", integer.as_str()),
                format!("use a number from {minimum} to {maximum}"),
            );
        }
        number
    }

    /// The entries of a table.
    pub fn table<'v, 't>(&mut self, name: &str, value: &'v Value<'t>) -> Option<&'v DeTable<'t>> {
        match value.get_ref() {
            DeValue::Table(table) => Some(table),
            _ => self.wrong_type(name, "a table", value),
        }
    }

    /// Keeps that a value has the wrong type.
    pub fn wrong_type<T>(&mut self, name: &str, wanted: &str, value: &Value<'_>) -> Option<T> {
        let found = kind(value.get_ref());
        self.wrong(
            value.span(),
            format!("`{name}` must be {wanted}, not {found}"),
            format!("write {wanted}"),
        );
        None
    }
}

/// Advice for a word that is none of the known ones.
pub fn meant(word: &str, known: &[&str]) -> String {
    let all = known.join(", ");
    match nearest(word, known.iter().copied()) {
        _ if known.len() == 1 => format!("the only one is `{all}`"),
        Some(near) => format!("did you mean `{near}`? known are {all}"),
        None => format!("known are {all}"),
    }
}

/// A range of the TOML reader; configurations are far smaller than 4 GiB.
pub fn to_span(span: Range<usize>) -> Span {
    let offset = |at: usize| u32::try_from(at).unwrap_or(u32::MAX);
    Span::new(offset(span.start), offset(span.end))
}

const fn kind(value: &DeValue<'_>) -> &'static str {
    match value {
        DeValue::String(_) => "a text",
        DeValue::Integer(_) => "a whole number",
        DeValue::Float(_) => "a number with a fraction",
        DeValue::Boolean(_) => "`true` or `false`",
        DeValue::Datetime(_) => "a date",
        DeValue::Array(_) => "a list",
        DeValue::Table(_) => "a table",
    }
}
