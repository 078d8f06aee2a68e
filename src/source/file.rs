use super::{Content, LineIndex, Position, Span};
use std::sync::atomic::{AtomicU8, Ordering};
use std::sync::{Arc, OnceLock};

/// How the bytes of a file became text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Encoding {
    /// UTF-8, perhaps with a byte order mark.
    Utf8,
    /// UTF-16 with a byte order mark; offsets count bytes of the UTF-8 text made from it.
    Utf16,
    /// Neither: the first wrong byte stands at this offset, and wrong bytes became U+FFFD.
    Broken(u32),
}

/// A text file of the plugin. Cheap to clone.
#[derive(Clone, Debug)]
pub struct SourceFile(Arc<Inner>);

#[derive(Debug)]
struct Inner {
    path: Arc<str>,
    text: Arc<str>,
    encoding: Encoding,
    lines: OnceLock<LineIndex>,
    /// How many positions were found without `lines`.
    counted: AtomicU8,
}

/// So many positions of a file are found by counting its lines up to there; for more, to know where
/// all lines begin is quicker.
const COUNTED: u8 = 8;

impl SourceFile {
    /// A file of this path, relative to the plugin root, that holds this.
    pub fn new(path: &str, content: impl Into<Content>) -> Self {
        let content = content.into();
        let (text, encoding) = match content.text() {
            Some(text) => (text.clone(), Encoding::Utf8),
            None => decode(&content),
        };
        Self(Arc::new(Inner {
            path: path.into(),
            text,
            encoding,
            lines: OnceLock::new(),
            counted: AtomicU8::new(0),
        }))
    }

    /// Path relative to the plugin root, separated by `/`.
    pub fn path(&self) -> &Arc<str> {
        &self.0.path
    }

    /// The whole text, with its byte order mark if it has one.
    pub fn text(&self) -> &str {
        &self.0.text
    }

    /// The same, for those who keep it.
    pub fn shared_text(&self) -> &Arc<str> {
        &self.0.text
    }

    /// How the bytes became text.
    pub fn encoding(&self) -> Encoding {
        self.0.encoding
    }

    /// True if this would make the same file.
    pub fn is_made_of(&self, content: &Content) -> bool {
        let same = |text: &Arc<str>| *text == self.0.text;
        self.0.encoding == Encoding::Utf8 && content.text().is_some_and(same)
    }

    /// The text of a range; empty when the range is not one of this text.
    pub fn slice(&self, span: Span) -> &str {
        self.0.text.get(span.range()).unwrap_or("")
    }

    /// Line and column of a byte offset.
    pub fn position(&self, offset: u32) -> Position {
        let few = || self.0.counted.fetch_add(1, Ordering::Relaxed) < COUNTED;
        let counted = match self.0.lines.get() {
            None if few() => LineIndex::count_to(&self.0.text, offset),
            _ => None,
        };
        counted.unwrap_or_else(|| self.lines().position(&self.0.text, offset))
    }

    /// Where lines begin; made on first use.
    pub fn lines(&self) -> &LineIndex {
        self.0.lines.get_or_init(|| LineIndex::new(&self.0.text))
    }
}

/// What is not UTF-8.
fn decode(bytes: &[u8]) -> (Arc<str>, Encoding) {
    match bytes {
        [0xff, 0xfe, rest @ ..] => utf16(rest, u16::from_le_bytes),
        [0xfe, 0xff, rest @ ..] => utf16(rest, u16::from_be_bytes),
        _ => {
            let at = str::from_utf8(bytes).map_or_else(|error| error.valid_up_to(), str::len);
            let at = u32::try_from(at).unwrap_or(u32::MAX);
            let text = String::from_utf8_lossy(bytes);
            (text.into(), Encoding::Broken(at))
        }
    }
}

fn utf16(bytes: &[u8], unit: fn([u8; 2]) -> u16) -> (Arc<str>, Encoding) {
    let units = bytes.chunks_exact(2).map(|pair| unit([pair[0], pair[1]]));
    let mut text = String::with_capacity(bytes.len());
    let mut broken = !bytes.len().is_multiple_of(2);
    let mut at = 0;
    for character in char::decode_utf16(units) {
        match character {
            Ok(character) => text.push(character),
            Err(_) => {
                if !broken {
                    at = text.len();
                }
                broken = true;
                text.push(char::REPLACEMENT_CHARACTER);
            }
        }
    }
    let encoding = if broken {
        Encoding::Broken(u32::try_from(at).unwrap_or(u32::MAX))
    } else {
        Encoding::Utf16
    };
    (text.into(), encoding)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn encodings() {
        let file = |bytes: &[u8]| SourceFile::new("x", bytes.to_vec());
        assert_eq!(file("名".as_bytes()).encoding(), Encoding::Utf8);
        assert_eq!(file(b"a\xe9b").encoding(), Encoding::Broken(1));
        let utf16 = file(&[0xff, 0xfe, b'a', 0, 0x0d, 0x54]);
        assert_eq!((utf16.text(), utf16.encoding()), ("a名", Encoding::Utf16));
        assert_eq!(file(&[0xfe, 0xff, 0x54]).encoding(), Encoding::Broken(0));
        // the same text from other bytes is another file
        assert!(file("a名".as_bytes()).is_made_of(&"a名".into()));
        assert!(!utf16.is_made_of(&"a名".into()));
        let broken = file(b"a\xe9b");
        assert!(!broken.is_made_of(&broken.text().into()));
    }
}
