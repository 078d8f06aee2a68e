//! Facts from a plugin's Python sources, without running any of them.
//!
//! [`Module`] holds what one source says; [`Sources`] follows the imports between them and answers
//! what the SDK would find when it looks for the classes that the YAML documents promise.

mod base;
mod closure;
pub mod env;
mod extract;
mod found;
mod imports;
mod known;
mod locate;
mod misplaced;
mod module;
mod nesting;
mod run;
mod safety;
mod sdk;
mod skeleton;
mod sources;
mod standard;
mod syntax;
mod tokens;
pub mod usage;

pub use base::Base;
pub use closure::Closure;
pub use found::{Found, How, Instantiation, Method};
pub use known::Known;
pub use locate::LocateError;
pub use module::{
    Branch, ClassFacts, Expression, FromName, Handler, Import, ImportKind, Module, Parameters, Step,
};
pub use run::{Failure, FailureKind};
pub use sdk::{SdkName, sdk_class_bases, sdk_name, sdk_since};
pub use skeleton::skeleton;
pub use sources::{Shadow, Sources};
pub use syntax::SyntaxError;
pub use tokens::code_tokens;
pub use usage::Usage;
