//! The documents that are open in the editor.

use super::position::{Encoding, Lines};
use crate::source::{LineIndex, MAX_FILE_BYTES};
use lsp_types::{Range, Uri};
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::Arc;

/// An open document.
#[derive(Clone, Debug)]
pub struct Document {
    /// Its URI as the client writes it.
    pub uri: Uri,
    /// Its version by the client's count.
    pub version: i32,
    /// Its text.
    pub text: Arc<str>,
}

/// A change of a document: of a range, or of all of it.
#[derive(Debug, serde::Deserialize)]
pub struct Change {
    /// What is replaced; everything without it.
    pub range: Option<Range>,
    /// What stands there now.
    pub text: String,
}

/// All open documents, by path. Cheap to clone.
#[derive(Clone, Debug, Default)]
pub struct Documents(Arc<BTreeMap<PathBuf, Document>>);

impl Documents {
    /// The document of a path.
    pub fn get(&self, path: &Path) -> Option<&Document> {
        self.0.get(path)
    }

    /// The documents below a folder.
    pub fn below<'d>(&'d self, folder: &'d Path) -> impl Iterator<Item = (&'d Path, &'d Document)> {
        let from = (
            std::ops::Bound::Included(folder),
            std::ops::Bound::Unbounded,
        );
        self.0
            .range::<Path, _>(from)
            .take_while(move |(path, _)| path.starts_with(folder))
            .map(|(path, document)| (path.as_path(), document))
    }

    /// All documents.
    pub fn iter(&self) -> impl Iterator<Item = (&Path, &Document)> {
        self.0.iter().map(|(path, it)| (path.as_path(), it))
    }

    /// Opens a document, or puts another in its place.
    pub fn open(&mut self, path: PathBuf, document: Document) {
        Arc::make_mut(&mut self.0).insert(path, document);
    }

    /// Closes a document; true if it was open.
    pub fn close(&mut self, path: &Path) -> bool {
        self.0.contains_key(path) && Arc::make_mut(&mut self.0).remove(path).is_some()
    }

    /// Applies changes in their order; false if the document is not open.
    pub fn change(
        &mut self,
        path: &Path,
        version: i32,
        changes: Vec<Change>,
        encoding: Encoding,
    ) -> bool {
        let Some(document) = Arc::make_mut(&mut self.0).get_mut(path) else {
            return false;
        };
        let mut text = document.text.to_string();
        for change in changes {
            match change.range {
                None => text = change.text,
                Some(range) => {
                    let index = LineIndex::new(&text);
                    let span = Lines::new(&text, &index, encoding).span(range);
                    text.replace_range(span.range(), &change.text);
                }
            }
        }
        document.text = text.into();
        document.version = version;
        true
    }
}

impl Document {
    /// True if the text may be laid over the disk: what is too large for a file is too large here.
    pub fn is_readable(&self) -> bool {
        self.text.len() as u64 <= MAX_FILE_BYTES
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use lsp_types::Position;

    fn change(from: (u32, u32), to: (u32, u32), text: &str) -> Change {
        let at = |(line, character)| Position { line, character };
        Change {
            range: Some(Range {
                start: at(from),
                end: at(to),
            }),
            text: text.to_owned(),
        }
    }

    #[test]
    fn changes_apply_one_after_the_other() {
        let mut documents = Documents::default();
        let path = PathBuf::from("/p/a.yaml");
        let document = Document {
            uri: "file:///p/a.yaml".into(),
            version: 1,
            text: "名: 🚀b\r\nc".into(),
        };
        documents.open(path.clone(), document);
        let changes = vec![
            change((0, 5), (0, 6), "乙"),
            change((0, 6), (1, 0), ""),
            change((0, 3), (0, 5), "\"🚀\" "),
        ];
        assert!(documents.change(&path, 2, changes, Encoding::Utf16));
        assert_eq!(&*documents.get(&path).unwrap().text, "名: \"🚀\" 乙c");
        let turned = vec![change((0, 9), (0, 0), "x")];
        assert!(
            documents.change(&path, 3, turned, Encoding::Utf16),
            "an end before the start"
        );
        assert!(!documents.change(Path::new("/p/b.yaml"), 1, Vec::new(), Encoding::Utf16));
    }

    #[test]
    fn below_a_folder() {
        let mut documents = Documents::default();
        for path in ["/p/a", "/p/b/c", "/p-x/d", "/q"] {
            let document = Document {
                uri: path.into(),
                version: 1,
                text: "".into(),
            };
            documents.open(path.into(), document);
        }
        let below: Vec<_> = documents
            .below(Path::new("/p"))
            .map(|(path, _)| path)
            .collect();
        assert_eq!(below, [Path::new("/p/a"), Path::new("/p/b/c")]);
    }
}
