//! The schemas' JSON: texts stay where they stand in the program, and objects are searched from the
//! front, because they are small. `serde_json` would copy and hash everything, which took longer
//! than to check a small plugin.

use serde::de::{Deserialize, Deserializer, Error, MapAccess, SeqAccess, Visitor};
use std::fmt;

/// A value in a schema file.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Value {
    Null,
    Bool(bool),
    Number(f64),
    String(&'static str),
    Array(Vec<Self>),
    Object(Object),
}

/// Keys and values, in order; no key stands there twice.
#[derive(Clone, Debug, Default, PartialEq)]
pub(super) struct Object(Vec<(&'static str, Value)>);

impl Object {
    pub fn get(&self, key: &str) -> Option<&Value> {
        let found = self.0.iter().find(|(own, _)| *own == key);
        found.map(|(_, value)| value)
    }

    pub fn iter(&self) -> impl ExactSizeIterator<Item = (&'static str, &Value)> {
        self.0.iter().map(|(key, value)| (*key, value))
    }

    /// Takes the value of a key away.
    pub fn remove(&mut self, key: &str) -> Option<Value> {
        let at = self.0.iter().position(|(own, _)| *own == key)?;
        Some(self.0.remove(at).1)
    }

    /// Adds a key that is not there.
    pub fn push(&mut self, key: &'static str, value: Value) {
        self.0.push((key, value));
    }
}

impl IntoIterator for Object {
    type Item = (&'static str, Value);
    type IntoIter = std::vec::IntoIter<Self::Item>;

    fn into_iter(self) -> Self::IntoIter {
        self.0.into_iter()
    }
}

impl Value {
    pub fn get(&self, key: &str) -> Option<&Self> {
        self.as_object()?.get(key)
    }

    /// What a JSON Pointer without escapes leads to.
    pub fn pointer(&self, pointer: &str) -> Option<&Self> {
        let mut parts = pointer.split('/').skip(1);
        parts.try_fold(self, |value, part| value.get(part))
    }

    pub const fn as_object(&self) -> Option<&Object> {
        match self {
            Self::Object(object) => Some(object),
            _ => None,
        }
    }

    pub fn as_array(&self) -> Option<&[Self]> {
        match self {
            Self::Array(items) => Some(items),
            _ => None,
        }
    }

    pub const fn as_str(&self) -> Option<&'static str> {
        match self {
            Self::String(text) => Some(text),
            _ => None,
        }
    }

    pub const fn as_bool(&self) -> Option<bool> {
        match self {
            Self::Bool(value) => Some(*value),
            _ => None,
        }
    }

    pub const fn as_f64(&self) -> Option<f64> {
        match self {
            Self::Number(number) => Some(*number),
            _ => None,
        }
    }

    pub fn as_u64(&self) -> Option<u64> {
        let number = self.as_f64()?;
        (number >= 0.0 && number.fract() == 0.0).then_some(number as u64)
    }
}

impl Deserialize<'static> for Value {
    fn deserialize<D: Deserializer<'static>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(Reader)
    }
}

struct Reader;

impl Visitor<'static> for Reader {
    type Value = Value;

    fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("JSON")
    }

    fn visit_unit<E: Error>(self) -> Result<Value, E> {
        Ok(Value::Null)
    }

    fn visit_bool<E: Error>(self, value: bool) -> Result<Value, E> {
        Ok(Value::Bool(value))
    }

    fn visit_u64<E: Error>(self, number: u64) -> Result<Value, E> {
        Ok(Value::Number(number as f64))
    }

    fn visit_i64<E: Error>(self, number: i64) -> Result<Value, E> {
        Ok(Value::Number(number as f64))
    }

    fn visit_f64<E: Error>(self, number: f64) -> Result<Value, E> {
        Ok(Value::Number(number))
    }

    fn visit_borrowed_str<E: Error>(self, text: &'static str) -> Result<Value, E> {
        Ok(Value::String(text))
    }

    // with escapes: few, and the schemas stay as long as the program runs
    fn visit_str<E: Error>(self, text: &str) -> Result<Value, E> {
        Ok(Value::String(Box::leak(text.into())))
    }

    fn visit_seq<A: SeqAccess<'static>>(self, mut items: A) -> Result<Value, A::Error> {
        let mut found = Vec::new();
        while let Some(item) = items.next_element()? {
            found.push(item);
        }
        Ok(Value::Array(found))
    }

    fn visit_map<A: MapAccess<'static>>(self, mut entries: A) -> Result<Value, A::Error> {
        let mut found = Object::default();
        while let Some((key, value)) = entries.next_entry::<&'static str, Value>()? {
            found.push(key, value);
        }
        Ok(Value::Object(found))
    }
}
