use super::DocumentKind;
use super::console::ConsoleText;
use super::json::{Object, Value};
use super::shape::{
    DaemonKind, DaemonShape, EnumValue, Form, PathTarget, Plain, PlainType, RawNode, SdkShape,
    SdkType, Shape, ShapeId, Shapes, Since, Tag,
};
use crate::texts::schema;
use hashbrown::HashMap;
use std::borrow::Cow;
use std::sync::OnceLock;

/// All shapes.
pub fn shapes() -> &'static Shapes {
    static SHAPES: OnceLock<Shapes> = OnceLock::new();
    SHAPES.get_or_init(|| Shapes::new(Compiler::run))
}

/// The shape of a whole document.
pub fn shape_of(kind: DocumentKind) -> &'static Shape {
    shapes().get(shapes().root(kind))
}

/// The text of a schema file, without its white space; `common` holds what the others share.
pub fn schema_text(name: &str) -> Option<&'static str> {
    let text = match name {
        COMMON => schema!("common.schema.json"),
        "manifest" => schema!("manifest.schema.json"),
        "bundle" => schema!("bundle.schema.json"),
        "tool-provider" => schema!("tool-provider.schema.json"),
        "tool" => schema!("tool.schema.json"),
        "endpoint-group" => schema!("endpoint-group.schema.json"),
        "endpoint" => schema!("endpoint.schema.json"),
        "model-provider" => schema!("model-provider.schema.json"),
        "model" => schema!("model.schema.json"),
        "position" => schema!("position.schema.json"),
        "agent-strategy-provider" => schema!("agent-strategy-provider.schema.json"),
        "agent-strategy" => schema!("agent-strategy.schema.json"),
        "datasource-provider" => schema!("datasource-provider.schema.json"),
        "datasource" => schema!("datasource.schema.json"),
        "trigger-provider" => schema!("trigger-provider.schema.json"),
        "event" => schema!("event.schema.json"),
        _ => return None,
    };
    Some(text)
}

/// The schema file with what the others share.
const COMMON: &str = "common";

/// A schema file as JSON. It stays in memory: to let it go takes as long as to read it.
fn schema(name: &str) -> Option<&'static Value> {
    const NAMES: usize = DocumentKind::ALL.len() + 1;
    static FILES: [OnceLock<Option<Value>>; NAMES] = [const { OnceLock::new() }; NAMES];
    let at = match DocumentKind::from_name(name) {
        Some(kind) => kind as usize,
        None if name == COMMON => DocumentKind::ALL.len(),
        None => return None,
    };
    let read = || serde_json::from_str(schema_text(name)?).ok();
    FILES.get(at)?.get_or_init(read).as_ref()
}

/// Compiles the schema of one kind. The files are part of the program and tests prove them sound,
/// so a mistake in one is a bug of ours; the compiler then leaves the node out rather than panic.
struct Compiler {
    kind: DocumentKind,
    shapes: Vec<Shape>,
    done: HashMap<String, ShapeId>,
}

/// A schema and, below it, what its `$ref` leads to; the upper ones win.
struct View<'f> {
    layers: Vec<&'f Object>,
}

impl<'f> View<'f> {
    fn get(&self, key: &str) -> Option<&'f Value> {
        self.layers.iter().find_map(|layer| layer.get(key))
    }

    /// `x-difylint` of all layers, merged key by key.
    fn own(&self) -> Cow<'f, Object> {
        let own = |layer: &&'f Object| layer.get("x-difylint").and_then(Value::as_object);
        let mut all = self.layers.iter().rev().filter_map(own);
        let lowest = all.next().map_or_else(Cow::default, Cow::Borrowed);
        all.fold(lowest, |below, above| {
            Cow::Owned(overlay(below.into_owned(), above.clone()))
        })
    }
}

impl Compiler {
    fn run(kind: DocumentKind) -> Vec<Shape> {
        let mut compiler = Self {
            kind,
            shapes: vec![Shape::default()],
            done: HashMap::new(),
        };
        let name = kind.as_str();
        compiler.target(&format!("{name}.schema.json"), name);
        compiler.shapes
    }

    /// What a `$ref` leads to. Another kind is not looked into before it is needed.
    fn reference(&mut self, reference: &str, file: &str) -> ShapeId {
        match reference.strip_suffix(".schema.json") {
            Some(name) => match DocumentKind::from_name(name) {
                Some(kind) => shapes().root(kind),
                None => self.unknown(),
            },
            None => self.target(reference, file),
        }
    }

    const fn unknown(&self) -> ShapeId {
        self.id(0)
    }

    const fn id(&self, at: u16) -> ShapeId {
        ShapeId {
            kind: self.kind,
            at,
        }
    }

    /// Compiles the target of a `$ref` once.
    fn target(&mut self, reference: &str, file: &str) -> ShapeId {
        let Some((file, object)) = Self::resolve(reference, file) else {
            return self.unknown();
        };
        let key = format!(
            "{file}#{}",
            reference.split_once('#').map_or("", |(_, at)| at)
        );
        if let Some(id) = self.done.get(&key) {
            return *id;
        }
        // reserve the place first, so that a schema may refer to itself
        let id = self.reserve();
        self.done.insert(key, id);
        let shape = self.object(object, &file, true);
        self.keep(id, shape);
        id
    }

    fn reserve(&mut self) -> ShapeId {
        // the largest schema has hundreds of nodes
        let id = self.id(u16::try_from(self.shapes.len()).unwrap_or(0));
        self.shapes.push(Shape::default());
        id
    }

    fn keep(&mut self, id: ShapeId, shape: Shape) {
        if let Some(place) = self.shapes.get_mut(usize::from(id.at)) {
            *place = shape;
        }
    }

    fn resolve(reference: &str, file: &str) -> Option<(String, &'static Object)> {
        let (name, pointer) = reference.split_once('#').unwrap_or((reference, ""));
        let name = name.strip_suffix(".schema.json").unwrap_or(name);
        let name = if name.is_empty() { file } else { name };
        let object = schema(name)?.pointer(pointer)?.as_object()?;
        Some((name.to_owned(), object))
    }

    fn node(&mut self, value: &'static Value, file: &str, required: bool) -> ShapeId {
        let Some(object) = value.as_object() else {
            return self.unknown();
        };
        if object.iter().len() == 1
            && required
            && let Some(reference) = object.get("$ref").and_then(Value::as_str)
        {
            return self.reference(reference, file);
        }
        let id = self.reserve();
        let shape = self.object(object, file, required);
        self.keep(id, shape);
        id
    }

    fn object(&mut self, object: &'static Object, file: &str, required: bool) -> Shape {
        let mut file = file.to_owned();
        let mut view = View {
            layers: vec![object],
        };
        while let Some(reference) = view.layers.last().and_then(|lowest| lowest.get("$ref")) {
            let target = reference
                .as_str()
                .and_then(|reference| Self::resolve(reference, &file));
            let Some((target_file, target)) = target else {
                break;
            };
            // a schema that refers to itself and nothing else has no meaning
            if view.layers.iter().any(|layer| std::ptr::eq(*layer, target)) {
                break;
            }
            view.layers.push(target);
            file = target_file;
        }
        self.build(&view, &file, required)
    }

    fn build(&mut self, object: &View<'static>, file: &str, required: bool) -> Shape {
        let own = object.own();
        let plain = plain(&|key| object.get(key));
        let must = plain.required.clone();
        let properties = object
            .get("properties")
            .and_then(Value::as_object)
            .into_iter()
            .flat_map(Object::iter)
            .map(|(key, value)| {
                let required = must.contains(&key);
                (key, self.node(value, file, required))
            })
            .collect();
        let items = object
            .get("items")
            .map(|items| self.node(items, file, true));
        let additional = object
            .get("additionalProperties")
            .filter(|value| value.as_object().is_some())
            .map(|value| self.node(value, file, true));
        let since = own.get("since").and_then(since);
        let values = values(&plain, own.get("values"));
        let forms = own.get("forms").and_then(Value::as_array);
        let forms: Vec<Form> = forms.into_iter().flatten().filter_map(form).collect();
        let some_value_has = values.iter().any(|value| value.since.is_some());
        Shape {
            has_floors: since.is_some() || !forms.is_empty() || some_value_has,
            noun: text(own.get("noun")),
            description: text(object.get("description")),
            daemon: daemon(own.get("daemon"), &plain),
            sdk: sdk(own.get("sdk"), &plain, required),
            path: own
                .get("path")
                .and_then(Value::as_str)
                .and_then(path_target),
            since,
            values,
            console: own
                .get("console")
                .and_then(|console| console_text(console, &plain)),
            forms,
            deprecated: own.get("deprecated").and_then(Value::as_str),
            plain,
            properties,
            items: items.or(additional),
            additional,
        }
    }
}

fn console_text(console: &Value, plain: &Plain) -> Option<ConsoleText> {
    if console.as_str() == Some("enum") {
        return Some(ConsoleText::Words(plain.words.clone()));
    }
    if console.as_str() == Some("pep440") {
        return Some(ConsoleText::Pep440);
    }
    if let Some(words) = console.get("enum") {
        return Some(ConsoleText::Words(strings(Some(words))));
    }
    let pattern = console.get("pattern").and_then(Value::as_str)?;
    Some(ConsoleText::Pattern(pattern))
}

/// `above` over `below`; `x-difylint` and the readers' objects in it are merged key by key.
fn overlay(mut below: Object, above: Object) -> Object {
    for (key, value) in above {
        let merged = match (below.remove(key), value) {
            (Some(Value::Object(old)), Value::Object(new))
                if matches!(key, "x-difylint" | "daemon" | "sdk") =>
            {
                Value::Object(overlay(old, new))
            }
            (_, value) => value,
        };
        below.push(key, merged);
    }
    below
}

fn text(value: Option<&Value>) -> &'static str {
    value.and_then(Value::as_str).unwrap_or_default()
}

fn strings(value: Option<&Value>) -> Vec<&'static str> {
    let items = value.and_then(Value::as_array).unwrap_or_default();
    items.iter().filter_map(Value::as_str).collect()
}

fn plain<'f>(get: &dyn Fn(&str) -> Option<&'f Value>) -> Plain {
    let number = |key: &str| get(key).and_then(Value::as_f64);
    let count = |key: &str| get(key).and_then(Value::as_u64);
    let types = match get("type") {
        Some(Value::String(name)) => plain_type(name).into_iter().collect(),
        Some(Value::Array(names)) => names
            .iter()
            .filter_map(Value::as_str)
            .filter_map(plain_type)
            .collect(),
        _ => Vec::new(),
    };
    let mut words = strings(get("enum"));
    words.extend(get("const").and_then(Value::as_str));
    Plain {
        types,
        words,
        required: strings(get("required")),
        pattern: get("pattern").and_then(Value::as_str),
        min_length: count("minLength"),
        max_length: count("maxLength"),
        minimum: number("minimum"),
        maximum: number("maximum"),
        min_items: count("minItems"),
        max_items: count("maxItems"),
    }
}

fn plain_type(name: &str) -> Option<PlainType> {
    Some(match name {
        "null" => PlainType::Null,
        "boolean" => PlainType::Boolean,
        "integer" => PlainType::Integer,
        "number" => PlainType::Number,
        "string" => PlainType::String,
        "array" => PlainType::Array,
        "object" => PlainType::Object,
        _ => return None,
    })
}

fn main_type(plain: &Plain) -> Option<PlainType> {
    plain
        .types
        .iter()
        .copied()
        .find(|kind| *kind != PlainType::Null)
}

fn daemon(value: Option<&Value>, plain: &Plain) -> Option<DaemonShape> {
    if value == Some(&Value::Bool(false)) {
        return None;
    }
    let word = |key: &str| value.and_then(|value| value.get(key));
    let kind = match word("kind").and_then(Value::as_str) {
        Some(name) => daemon_kind(name)?,
        None => match main_type(plain) {
            Some(PlainType::String) => DaemonKind::String { pointer: false },
            Some(PlainType::Boolean) => DaemonKind::Bool,
            Some(PlainType::Integer) => DaemonKind::Int { pointer: false },
            Some(PlainType::Number) => DaemonKind::Float { pointer: false },
            Some(PlainType::Array) => DaemonKind::List,
            Some(PlainType::Object) => DaemonKind::Struct { pointer: false },
            _ => DaemonKind::Any,
        },
    };
    Some(DaemonShape {
        kind,
        validate: word("validate")
            .and_then(Value::as_str)
            .map(tags)
            .unwrap_or_default(),
        dive: word("dive") != Some(&Value::Bool(false)),
        hard: strings(word("hard").and_then(|hard| hard.get("oneof"))),
        normalised: word("normalised") == Some(&Value::Bool(true)),
    })
}

fn daemon_kind(name: &str) -> Option<DaemonKind> {
    let pointer = name.starts_with('*');
    Some(match name.trim_start_matches('*') {
        "string" => DaemonKind::String { pointer },
        "bool" => DaemonKind::Bool,
        "int" => DaemonKind::Int { pointer },
        "uint" => DaemonKind::Uint,
        "float" => DaemonKind::Float { pointer },
        "time" => DaemonKind::Time,
        "decimal" => DaemonKind::Decimal,
        "struct" => DaemonKind::Struct { pointer },
        "list" => DaemonKind::List,
        "map" => DaemonKind::Map,
        "any" => DaemonKind::Any,
        "node:children" => DaemonKind::Node(RawNode::Children),
        "node:endpoints" => DaemonKind::Node(RawNode::Endpoints),
        "node:credentials" => DaemonKind::Node(RawNode::Credentials),
        "node:credentials-fallback" => DaemonKind::Node(RawNode::CredentialsFallback),
        "node:credentials-datasource" => DaemonKind::Node(RawNode::CredentialsDatasource),
        "node:credentials-strict" => DaemonKind::Node(RawNode::CredentialsStrict),
        "node:models" => DaemonKind::Node(RawNode::Models),
        "node:constructor" => DaemonKind::Node(RawNode::Constructor),
        "node:dependency" => DaemonKind::Node(RawNode::Dependency),
        _ => return None,
    })
}

fn tags(text: &'static str) -> Vec<Tag> {
    text.split(',')
        .filter_map(|part| tag(part.trim()))
        .collect()
}

fn tag(part: &'static str) -> Option<Tag> {
    let (name, value) = part.split_once('=').unwrap_or((part, ""));
    let number = || value.parse().ok();
    Some(match name {
        "required" => Tag::Required,
        "omitempty" => Tag::OmitEmpty,
        "max" | "lte" => Tag::Max(number()?),
        "min" | "gte" => Tag::Min(number()?),
        "lt" => Tag::Less(number()?),
        "gt" => Tag::Greater(number()?),
        "eq" => Tag::Equal(value),
        "oneof" => Tag::OneOf(value.split(' ').collect()),
        "url" => Tag::Url,
        "version" => Tag::Version,
        "name" => Tag::Name,
        "scope" => Tag::Scope,
        "basic" => Tag::Basic,
        "never" => Tag::Never,
        _ => return None,
    })
}

fn sdk(value: Option<&Value>, plain: &Plain, required: bool) -> Option<SdkShape> {
    if value == Some(&Value::Bool(false)) {
        return None;
    }
    let word = |key: &str| value.and_then(|value| value.get(key));
    let flag = |key: &str| word(key).and_then(Value::as_bool);
    let kind = match word("type").and_then(Value::as_str) {
        Some(name) => sdk_type(name)?,
        None => match main_type(plain) {
            Some(PlainType::String) if !plain.words.is_empty() => SdkType::Enum,
            Some(PlainType::String) => SdkType::Str,
            Some(PlainType::Boolean) => SdkType::Bool,
            Some(PlainType::Integer) => SdkType::Int,
            Some(PlainType::Number) => SdkType::Float,
            Some(PlainType::Array) => SdkType::List,
            Some(PlainType::Object) => SdkType::Model,
            _ => SdkType::Any,
        },
    };
    let unless = word("requiredUnless").and_then(Value::as_object);
    Some(SdkShape {
        kind,
        required: flag("required").unwrap_or(required || unless.is_some()),
        required_unless: unless
            .and_then(|unless| unless.iter().next())
            .map(|(key, words)| (key, strings(Some(words)))),
        null: flag("null")
            .unwrap_or(plain.types.len() == 2 && plain.types.contains(&PlainType::Null)),
        alias: word("alias").and_then(Value::as_str),
        closed: flag("closed").unwrap_or(false),
        falsy_is_absent: word("falsy").and_then(Value::as_str) == Some("absent"),
        words: word("enum").map_or_else(|| plain.words.clone(), |words| strings(Some(words))),
        pattern: word("pattern").and_then(Value::as_str),
        format: word("format").and_then(Value::as_str),
        min: word("min").and_then(Value::as_f64),
        max: word("max").and_then(Value::as_f64),
        splat: flag("splat").unwrap_or(false),
        check: word("check").and_then(Value::as_str),
    })
}

fn sdk_type(name: &str) -> Option<SdkType> {
    Some(match name {
        "str" => SdkType::Str,
        "int" => SdkType::Int,
        "float" => SdkType::Float,
        "decimal" => SdkType::Decimal,
        "bool" => SdkType::Bool,
        "enum" => SdkType::Enum,
        "list" => SdkType::List,
        "dict" => SdkType::Dict,
        "model" => SdkType::Model,
        "datetime" => SdkType::DateTime,
        "json" => SdkType::Json,
        "any" => SdkType::Any,
        "str()" => SdkType::Stringified,
        "int|float|str" => SdkType::IntFloatStr,
        "float|int|str" => SdkType::FloatIntStr,
        "float|int" => SdkType::FloatInt,
        "int|float|str|list" => SdkType::IntFloatStrList,
        "int|float|str|bool|list" => SdkType::IntFloatStrBoolList,
        "str|child" => SdkType::PathOrChild,
        "named" => SdkType::Named,
        "iterable" => SdkType::Iterable,
        "list|named" => SdkType::ListOrNamed,
        _ => return None,
    })
}

fn path_target(name: &str) -> Option<PathTarget> {
    Some(match name {
        "model-glob" => PathTarget::ModelGlob,
        "asset" => PathTarget::Asset,
        "python" => PathTarget::Python,
        "module" => PathTarget::Module,
        "file" => PathTarget::File,
        kind => PathTarget::Document(DocumentKind::from_name(kind)?),
    })
}

fn since(value: &Value) -> Option<Since> {
    let version = |key: &str| value.get(key).and_then(Value::as_str);
    Some(Since {
        feature: version("feature")?,
        sdk: version("sdk"),
        daemon: version("daemon"),
        dify: version("dify"),
        soft: value.get("soft").and_then(Value::as_bool).unwrap_or(false),
    })
}

fn form(value: &Value) -> Option<Form> {
    let condition = value.get("if")?.as_object()?;
    Some(Form {
        condition: plain(&|key| condition.get(key)),
        since: since(value.get("since")?)?,
    })
}

fn values(plain: &Plain, described: Option<&Value>) -> Vec<EnumValue> {
    let described = described.and_then(Value::as_object);
    plain
        .words
        .iter()
        .map(|word| {
            let facts = described.and_then(|values| values.get(word));
            EnumValue {
                value: word,
                description: text(facts.and_then(|facts| facts.get("description"))),
                since: facts.and_then(|facts| facts.get("since")).and_then(since),
            }
        })
        .collect()
}
