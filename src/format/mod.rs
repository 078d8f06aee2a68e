//! The plugin format as data: document kinds, and shapes compiled from `schemas/`.

mod bundle;
mod compile;
mod console;
mod daemon;
mod identity;
mod json;
mod kind;
pub mod pattern;
pub mod plain;
mod properties;
mod refusal;
mod sdk;
mod shape;
mod validate;
pub mod words;

pub use bundle::bundle;
pub use compile::{schema_text, shape_of, shapes};
pub use console::{ConsoleText, check as check_console};
pub use daemon::{
    Child, ChildSource, MODEL_KEYS, check as check_daemon, children, entries as daemon_entries,
    entry as daemon_entry,
};
pub use identity::check as check_identity;
pub use kind::DocumentKind;
pub use properties::Properties;
pub use refusal::{Part, Refusal};
pub use sdk::{
    check as check_sdk, children as sdk_children, get as sdk_get, sdk_word, text as sdk_text,
};
pub use shape::{
    DaemonKind, DaemonShape, EnumValue, Form, PathTarget, Plain, PlainType, SdkShape, SdkType,
    Shape, ShapeId, Shapes, Since, Tag,
};
pub use validate::{check as check_validators, scopes};
