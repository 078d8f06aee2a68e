//! What `schemas/` says about a node, ready to be walked.

use super::DocumentKind;
use super::console::ConsoleText;
use super::properties::Properties;
use std::sync::OnceLock;

/// A node of the compiled schemas: the kind whose schema it belongs to, and its number there.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct ShapeId {
    pub(super) kind: DocumentKind,
    pub(super) at: u16,
}

/// The compiled schemas. Each is compiled when something first looks into it: a run over one plugin
/// needs few of them.
#[derive(Debug)]
pub struct Shapes {
    kinds: [OnceLock<Vec<Shape>>; DocumentKind::ALL.len()],
    compile: fn(DocumentKind) -> Vec<Shape>,
    unknown: Shape,
}

impl Shapes {
    /// Shapes that this function makes, those of one kind at a time; [`Shapes::root`] is the second
    /// of them.
    pub(super) fn new(compile: fn(DocumentKind) -> Vec<Shape>) -> Self {
        Self {
            kinds: [const { OnceLock::new() }; DocumentKind::ALL.len()],
            compile,
            unknown: Shape::default(),
        }
    }

    /// The shape of a whole document.
    pub const fn root(&self, kind: DocumentKind) -> ShapeId {
        ShapeId { kind, at: 1 }
    }

    /// A shape by its id.
    #[inline]
    pub fn get(&self, id: ShapeId) -> &Shape {
        let known = self.kinds.get(id.kind as usize);
        let shapes = known.map(|it| it.get_or_init(|| (self.compile)(id.kind)));
        let shape = shapes.and_then(|shapes| shapes.get(usize::from(id.at)));
        shape.unwrap_or(&self.unknown)
    }
}

/// One node of a schema.
#[derive(Debug, Default)]
pub struct Shape {
    /// What a person calls one such thing; empty if the schema gives no word.
    pub noun: &'static str,
    /// For a plugin author at the keyboard.
    pub description: &'static str,
    /// The plain meaning of the schema: what a sound document looks like.
    pub plain: Plain,
    /// Keys of a mapping, in the order in which an author would write them.
    pub properties: Properties,
    /// Items of a list, or values of a mapping from names.
    pub items: Option<ShapeId>,
    /// Values of keys that `properties` does not list.
    pub additional: Option<ShapeId>,
    /// How the daemon decodes the node; `None`: it never looks.
    pub daemon: Option<DaemonShape>,
    /// How the SDK validates the node; `None`: it never looks.
    pub sdk: Option<SdkShape>,
    /// What the text points to.
    pub path: Option<PathTarget>,
    /// First releases that know the key.
    pub since: Option<Since>,
    /// What is known of single enum values.
    pub values: Vec<EnumValue>,
    /// What the Dify API demands of the text; `None`: nothing that is known.
    pub console: Option<ConsoleText>,
    /// Floors that hold for some values only.
    pub forms: Vec<Form>,
    /// What to write instead.
    pub deprecated: Option<&'static str>,
    /// True if some release does not know the key, or one of its forms or values.
    pub has_floors: bool,
}

/// A floor that holds only for values of some form.
#[derive(Debug)]
pub struct Form {
    /// Which values.
    pub condition: Plain,
    /// Their floor.
    pub since: Since,
}

impl Shape {
    /// The shape of a key of this mapping.
    pub fn property(&self, key: &str) -> Option<ShapeId> {
        let at = self.properties.position(key)?;
        self.properties.get(at).map(|(_, id)| *id)
    }
}

/// JSON types.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[expect(missing_docs, reason = "the names are those of JSON Schema")]
pub enum PlainType {
    Null,
    Boolean,
    Integer,
    Number,
    String,
    Array,
    Object,
}

/// The plain keywords of a schema node.
#[derive(Debug, Default)]
pub struct Plain {
    /// Accepted types; empty: any.
    pub types: Vec<PlainType>,
    /// Accepted words; empty: any.
    pub words: Vec<&'static str>,
    /// Keys that must be there.
    pub required: Vec<&'static str>,
    /// A regular expression (searched, not anchored).
    pub pattern: Option<&'static str>,
    /// Fewest code points.
    pub min_length: Option<u64>,
    /// Most code points.
    pub max_length: Option<u64>,
    /// Smallest number.
    pub minimum: Option<f64>,
    /// Largest number.
    pub maximum: Option<f64>,
    /// Fewest items.
    pub min_items: Option<u64>,
    /// Most items.
    pub max_items: Option<u64>,
}

/// The Go type that the daemon decodes a node into.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum DaemonKind {
    /// `string`, or `*string` when `pointer`.
    String {
        /// Absent and null stay nil.
        pointer: bool,
    },
    /// `bool`
    Bool,
    /// `int`, `int64`, or pointers to them.
    Int {
        /// Absent and null stay nil.
        pointer: bool,
    },
    /// `uint64`
    Uint,
    /// `float64`, `*float64`
    Float {
        /// Absent and null stay nil.
        pointer: bool,
    },
    /// `time.Time`
    Time,
    /// `decimal.Decimal`
    Decimal,
    /// A struct, or a pointer to one.
    Struct {
        /// Absent and null stay nil.
        pointer: bool,
    },
    /// A slice.
    List,
    /// `map[string]any`
    Map,
    /// `any`
    Any,
    /// Kept as it is written and looked at by the daemon's own code.
    Node(RawNode),
}

/// What the daemon's own code makes of a node.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum RawNode {
    /// Paths of child documents, or child documents themselves.
    Children,
    /// The same with the endpoint group's odd loop.
    Endpoints,
    /// Credentials of a tool provider, list or mapping.
    Credentials,
    /// `credentials_for_provider`, read when the former has no children.
    CredentialsFallback,
    /// Credentials of a datasource provider.
    CredentialsDatasource,
    /// Credentials and subscription schema of a trigger provider.
    CredentialsStrict,
    /// `models` of a model provider.
    Models,
    /// `subscription_constructor` of a trigger provider.
    Constructor,
    /// `value` of a bundle's dependency.
    Dependency,
}

/// How the daemon decodes a node.
#[derive(Debug)]
pub struct DaemonShape {
    /// The Go type.
    pub kind: DaemonKind,
    /// The validator tag, in order.
    pub validate: Vec<Tag>,
    /// True if the validator visits the items of this list.
    pub dive: bool,
    /// The words that the decoder itself accepts; empty: any.
    pub hard: Vec<&'static str>,
    /// The daemon turns the keys of all levels of this mapping into texts.
    pub normalised: bool,
}

impl DaemonShape {
    /// True if the validator refuses a document without it.
    pub fn is_required(&self) -> bool {
        self.validate.contains(&Tag::Required)
    }
}

/// One part of a validator tag.
#[derive(Clone, Debug, PartialEq)]
#[expect(missing_docs, reason = "the names are those of the validator")]
pub enum Tag {
    Required,
    OmitEmpty,
    Max(f64),
    Min(f64),
    Less(f64),
    Greater(f64),
    Equal(&'static str),
    OneOf(Vec<&'static str>),
    Url,
    Version,
    Name,
    Scope,
    Basic,
    Never,
}

/// The Python type that the SDK validates a node as.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[expect(missing_docs, reason = "the names are those of schemas/README.md")]
pub enum SdkType {
    Str,
    Int,
    Float,
    Decimal,
    Bool,
    Enum,
    List,
    Dict,
    Model,
    DateTime,
    Json,
    Any,
    Stringified,
    IntFloatStr,
    FloatIntStr,
    FloatInt,
    IntFloatStrList,
    IntFloatStrBoolList,
    PathOrChild,
    Iterable,
    Named,
    ListOrNamed,
}

/// How the SDK validates a node.
#[derive(Debug)]
pub struct SdkShape {
    /// The Python type.
    pub kind: SdkType,
    /// The key must be there.
    pub required: bool,
    /// Not required when a sibling has one of these values.
    pub required_unless: Option<(&'static str, Vec<&'static str>)>,
    /// An explicit null is accepted.
    pub null: bool,
    /// A second spelling of the key, read when this one is absent.
    pub alias: Option<&'static str>,
    /// Keys that the schema does not list are refused.
    pub closed: bool,
    /// Values that Python calls false count as absent.
    pub falsy_is_absent: bool,
    /// Accepted words.
    pub words: Vec<&'static str>,
    /// A regular expression over the whole text.
    pub pattern: Option<&'static str>,
    /// `pep440` or `route`.
    pub format: Option<&'static str>,
    /// Smallest number.
    pub min: Option<f64>,
    /// Largest number.
    pub max: Option<f64>,
    /// Every key of this mapping must be a string.
    pub splat: bool,
    /// The name of a cross-field rule.
    pub check: Option<&'static str>,
}

/// What a text points to.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[expect(missing_docs, reason = "the names are those of schemas/README.md")]
pub enum PathTarget {
    Document(DocumentKind),
    ModelGlob,
    Asset,
    Python,
    Module,
    File,
}

/// The first releases that know a feature.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Since {
    /// The feature in words.
    pub feature: &'static str,
    /// First SDK release.
    pub sdk: Option<&'static str>,
    /// First daemon release.
    pub daemon: Option<&'static str>,
    /// First Dify release.
    pub dify: Option<&'static str>,
    /// Older releases ignore it rather than refuse.
    pub soft: bool,
}

/// What is known of one enum value.
#[derive(Clone, Debug)]
pub struct EnumValue {
    /// The value as written.
    pub value: &'static str,
    /// For a plugin author at the keyboard.
    pub description: &'static str,
    /// First releases that know it.
    pub since: Option<Since>,
}
