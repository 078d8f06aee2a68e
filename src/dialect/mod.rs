//! The small languages of the plugin's readers that are not YAML: versions, patterns, paths,
//! routes, coercions. Pure functions; nothing here reads a file.

mod clean_path;
pub mod gitignore;
pub mod go_glob;
pub mod io_fs;
pub mod patterns;
pub mod pep440;
pub mod py_glob;
pub mod pydantic;
pub mod route;
pub mod url;
pub mod uuid;
pub mod version;

pub use clean_path::clean_path;
