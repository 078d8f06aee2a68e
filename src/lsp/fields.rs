//! What the schemas say about a field, for a person who is about to write it.

use crate::format::words::one_of;
use crate::format::{
    ConsoleText, DaemonKind, DaemonShape, DocumentKind, PlainType, Shape, ShapeId, Since, shapes,
};

/// A key of a mapping in a document of a kind.
#[derive(Clone, Copy)]
pub struct Field<'f> {
    /// The mapping; `None` for a whole document and for items.
    pub parent: Option<&'f Shape>,
    /// Its key.
    pub key: &'f str,
    /// What it holds.
    pub shape: &'f Shape,
    /// The kind of the document.
    pub kind: DocumentKind,
}

impl Field<'_> {
    /// A sound document has it.
    pub fn is_required(&self) -> bool {
        let required = |parent: &Shape| parent.plain.required.contains(&self.key);
        self.parent.is_some_and(required)
    }

    /// Nobody reads it, or something else replaced it.
    pub fn is_dead(&self) -> bool {
        self.shape.deprecated.is_some() || self.shape.daemon.is_none() && self.shape.sdk.is_none()
    }

    /// Who wants it and since when it is known, on one line.
    pub fn detail(&self) -> String {
        let mut parts = Vec::new();
        if self.is_required() {
            let stages = self.demanded_at();
            parts.push(match stages.is_empty() {
                true => "required".to_owned(),
                false => format!("required at {}", stages.join(", ")),
            });
        }
        parts.extend(self.shape.since.as_ref().map(since));
        parts.join(" · ")
    }

    /// The stages that stop without it.
    fn demanded_at(&self) -> Vec<&'static str> {
        let mut stages = Vec::new();
        // the packager validates what stands in the manifest, and nothing else
        let validated = matches!(self.kind, DocumentKind::Manifest | DocumentKind::Bundle);
        let daemon = self.shape.daemon.as_ref();
        if validated && daemon.is_some_and(DaemonShape::is_required) {
            stages.push("package");
        }
        if self.shape.sdk.as_ref().is_some_and(|sdk| sdk.required) {
            stages.push("start");
        }
        stages
    }

    /// Everything, in Markdown.
    pub fn documentation(&self) -> String {
        let mut text = String::new();
        let mut paragraph = |words: &str| {
            if !words.is_empty() {
                if !text.is_empty() {
                    text.push_str("\n\n");
                }
                text.push_str(words);
            }
        };
        paragraph(self.shape.description);
        if let Some(instead) = &self.shape.deprecated {
            paragraph(&format!("Write `{instead}` instead."));
        }
        paragraph(&sentence(&self.detail()));
        paragraph(&self.readers());
        text
    }

    /// What each reader takes it for.
    fn readers(&self) -> String {
        let daemon = match &self.shape.daemon {
            None => "does not look at it".to_owned(),
            Some(daemon) if daemon.hard.iter().any(|word| !word.is_empty()) => {
                let words: Vec<_> = daemon.hard.iter().filter(|it| !it.is_empty()).collect();
                format!("refuses all but {}", one_of(&words))
            }
            Some(daemon) => format!("reads {}", go_type(daemon.kind)),
        };
        let sdk = match &self.shape.sdk {
            None => "does not look at it".to_owned(),
            Some(sdk) => {
                let mut words = format!("reads {}", plain_type(self.shape));
                if !sdk.words.is_empty() && sdk.words != self.shape.plain.words {
                    words.push_str(&format!(", one of {}", one_of(&sdk.words)));
                }
                if sdk.required {
                    words.push_str(", stops without it");
                }
                if sdk.null {
                    words.push_str(", takes null");
                }
                words
            }
        };
        let mut text =
            format!("- **package**, **install**: the daemon {daemon}\n- **start**: the SDK {sdk}");
        if let Some(words) = self
            .shape
            .console
            .as_ref()
            .map(ConsoleText::words)
            .filter(|words| !words.is_empty())
        {
            text.push_str(&format!("\n- **console**: Dify takes {}", one_of(words)));
        }
        text
    }
}

/// First releases, on one line.
pub fn since(since: &Since) -> String {
    let version = |part: &str, version: Option<&str>| Some(format!("{part} {}", version?));
    let parts = [
        version("Dify", since.dify),
        version("daemon", since.daemon),
        version("SDK", since.sdk),
    ];
    let parts: Vec<String> = parts.into_iter().flatten().collect();
    format!("since {}", parts.join(", "))
}

fn sentence(words: &str) -> String {
    let mut letters = words.chars();
    match letters.next() {
        Some(first) => format!("{}{}.", first.to_uppercase(), letters.as_str()),
        None => String::new(),
    }
}

fn go_type(kind: DaemonKind) -> &'static str {
    match kind {
        DaemonKind::String { .. } => "a text",
        DaemonKind::Bool => "true or false",
        DaemonKind::Int { .. } | DaemonKind::Uint => "a whole number",
        DaemonKind::Float { .. } | DaemonKind::Decimal => "a number",
        DaemonKind::Time => "a date with time",
        DaemonKind::Struct { .. } | DaemonKind::Map => "a mapping",
        DaemonKind::List => "a list",
        DaemonKind::Any | DaemonKind::Node(_) => "any value",
    }
}

fn plain_type(shape: &Shape) -> String {
    let names: Vec<&str> = shape
        .plain
        .types
        .iter()
        .filter_map(|kind| match kind {
            PlainType::Null => None,
            PlainType::Boolean => Some("true or false"),
            PlainType::Integer => Some("a whole number"),
            PlainType::Number => Some("a number"),
            PlainType::String => Some("a text"),
            PlainType::Array => Some("a list"),
            PlainType::Object => Some("a mapping"),
        })
        .collect();
    if names.is_empty() {
        "any value".to_owned()
    } else {
        names.join(" or ")
    }
}

/// True if the value may be of this type; a shape that names no type takes any.
pub fn takes(shape: &Shape, kind: PlainType) -> bool {
    shape.plain.types.contains(&kind)
}

/// A shape by its id.
pub fn shape(id: ShapeId) -> &'static Shape {
    shapes().get(id)
}
