//! From the value of `extra.python.source` to the name of a module.

use std::fmt;

/// Why the SDK finds no file for `extra.python.source`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum LocateError {
    /// The value names no file at all: empty, `.` or `/`.
    Empty,
    /// The module name made of it starts with a dot: `../x.py`, `/x.py`, `.x.py`.
    Relative {
        /// The module name that the SDK makes of the value.
        module: String,
    },
    /// A part of the module name is empty or a folder is called `..`.
    EmptyPart {
        /// The module name that the SDK makes of the value.
        module: String,
    },
    /// The file does not exist.
    Missing {
        /// The path as the SDK opens it.
        path: String,
    },
    /// A folder, or something that looks like one because of a dot in a name, does not exist.
    MissingPackage {
        /// The module that is not found.
        module: String,
        /// True if that is so because a name holds a dot.
        dotted: bool,
    },
    /// A dot in a name makes the SDK look into a file as if it were a folder.
    NotPackage {
        /// The module that is no package.
        module: String,
    },
    /// It exists, but is no Python source: a folder, a `.txt`.
    NotPython {
        /// The path.
        path: String,
    },
    /// The standard library or an installed package has a module of this name, and that is
    /// executed instead.
    Installed {
        /// The module.
        module: String,
    },
    /// A compiled module: the SDK loads it, but what it holds cannot be seen here.
    Compiled {
        /// The path.
        path: String,
    },
}

impl LocateError {
    /// True if the SDK refuses; false if it cannot be judged.
    pub const fn is_refusal(&self) -> bool {
        !matches!(self, Self::Compiled { .. })
    }
}

impl fmt::Display for LocateError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Empty => f.write_str("it names no file"),
            Self::Relative { module } => write!(
                f,
                "Python reads it as the relative module `{module}`, which it cannot import here"
            ),
            Self::EmptyPart { module } => {
                write!(
                    f,
                    "Python reads it as the module `{module}`, which cannot exist"
                )
            }
            Self::Missing { path } => write!(f, "there is no file `{path}`"),
            Self::MissingPackage {
                module,
                dotted: true,
            } => write!(
                f,
                "a dot in a name separates modules, and there is no module `{module}`"
            ),
            Self::MissingPackage { module, .. } => write!(f, "there is no module `{module}`"),
            Self::NotPackage { module } => write!(
                f,
                "a dot in a name separates modules, and `{module}` is a file, not a folder"
            ),
            Self::NotPython { path } => write!(f, "`{path}` is no Python source"),
            Self::Installed { module } => {
                write!(f, "Python executes its own module `{module}` instead")
            }
            Self::Compiled { path } => write!(f, "`{path}` is compiled"),
        }
    }
}

/// The path as Python's `Path` has it: without empty and `.` parts.
pub(super) fn clean(source: &str) -> String {
    let parts: Vec<&str> = source
        .split('/')
        .filter(|part| !part.is_empty() && *part != ".")
        .collect();
    let root = if source.starts_with('/') { "/" } else { "" };
    [root, &parts.join("/")].concat()
}

/// The module name that the SDK makes of a source.
pub(super) fn module_name(source: &str) -> Result<String, LocateError> {
    let path = clean(source);
    let last = path.rsplit('/').next().unwrap_or_default();
    if last.is_empty() {
        return Err(LocateError::Empty);
    }
    // the suffix starts at the last dot, unless that is the first or the last sign
    let suffix = last
        .rfind('.')
        .filter(|at| *at > 0 && *at < last.len() - 1)
        .map_or(0, |at| last.len() - at);
    let module = path[..path.len() - suffix].replace('/', ".");
    if module.starts_with('.') {
        return Err(LocateError::Relative { module });
    }
    if module.split('.').any(str::is_empty) {
        return Err(LocateError::EmptyPart { module });
    }
    Ok(module)
}
