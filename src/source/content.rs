use std::ops::Deref;
use std::sync::Arc;

/// What a file holds. Whether that is UTF-8 is found out once. Cheap to clone.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Content(Kind);

#[derive(Clone, Debug, PartialEq, Eq)]
enum Kind {
    Text(Arc<str>),
    /// Not UTF-8.
    Bytes(Arc<[u8]>),
}

impl Content {
    /// The text; `None` if it is not UTF-8. A byte order mark is part of it.
    pub const fn text(&self) -> Option<&Arc<str>> {
        match &self.0 {
            Kind::Text(text) => Some(text),
            Kind::Bytes(_) => None,
        }
    }

    /// The text, with U+FFFD for what is not UTF-8.
    pub fn lossy(&self) -> Arc<str> {
        match &self.0 {
            Kind::Text(text) => text.clone(),
            Kind::Bytes(bytes) => String::from_utf8_lossy(bytes).into(),
        }
    }
}

impl Deref for Content {
    type Target = [u8];

    fn deref(&self) -> &[u8] {
        match &self.0 {
            Kind::Text(text) => text.as_bytes(),
            Kind::Bytes(bytes) => bytes,
        }
    }
}

impl From<&[u8]> for Content {
    fn from(bytes: &[u8]) -> Self {
        Self(match str::from_utf8(bytes) {
            Ok(text) => Kind::Text(text.into()),
            Err(_) => Kind::Bytes(bytes.into()),
        })
    }
}

impl<const N: usize> From<&[u8; N]> for Content {
    fn from(bytes: &[u8; N]) -> Self {
        Self::from(bytes.as_slice())
    }
}

impl From<Vec<u8>> for Content {
    fn from(bytes: Vec<u8>) -> Self {
        Self::from(bytes.as_slice())
    }
}

impl From<Arc<str>> for Content {
    fn from(text: Arc<str>) -> Self {
        Self(Kind::Text(text))
    }
}

impl From<&str> for Content {
    fn from(text: &str) -> Self {
        Self::from(Arc::from(text))
    }
}

impl From<String> for Content {
    fn from(text: String) -> Self {
        Self::from(Arc::from(text))
    }
}
