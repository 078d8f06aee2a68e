//! The standard library of Python 3.12, by name.

use hashbrown::{HashMap, HashSet};
use std::sync::OnceLock;

/// Dotted names; packages end in `/`.
const LIST: &str = include_str!("stdlib.txt");

/// What a name of the standard library stands for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Standard {
    /// A module.
    Module,
    /// A package: it may hold modules.
    Package,
}

/// What the dotted name stands for in the standard library; `None` if nothing.
pub fn find(name: &str) -> Option<Standard> {
    static NAMES: OnceLock<HashMap<&'static str, Standard>> = OnceLock::new();
    let names = NAMES.get_or_init(|| {
        let names = LIST.lines().map(|name| match name.strip_suffix('/') {
            Some(package) => (package, Standard::Package),
            None => (name, Standard::Module),
        });
        names.collect()
    });
    names.get(name).copied()
}

/// Modules that the interpreter holds before it looks into the plugin's folder for the first time:
/// a file of that name in the plugin root hides nothing.
pub fn is_preloaded(name: &str) -> bool {
    matches!(
        name,
        "abc"
            | "builtins"
            | "codecs"
            | "encodings"
            | "genericpath"
            | "io"
            | "marshal"
            | "os"
            | "posix"
            | "posixpath"
            | "site"
            | "stat"
            | "sys"
            | "time"
            | "zipimport"
    )
}

/// Names that every module sees without defining them (Python 3.12).
const BUILTINS: &str = "ArithmeticError AssertionError AttributeError BaseException BaseExceptionGroup \
    BlockingIOError BrokenPipeError BufferError BytesWarning ChildProcessError \
    ConnectionAbortedError ConnectionError ConnectionRefusedError ConnectionResetError \
    DeprecationWarning EOFError Ellipsis EncodingWarning EnvironmentError Exception \
    ExceptionGroup False FileExistsError FileNotFoundError FloatingPointError FutureWarning \
    GeneratorExit IOError ImportError ImportWarning IndentationError IndexError \
    InterruptedError IsADirectoryError KeyError KeyboardInterrupt LookupError MemoryError \
    ModuleNotFoundError NameError None NotADirectoryError NotImplemented NotImplementedError \
    OSError OverflowError PendingDeprecationWarning PermissionError ProcessLookupError \
    RecursionError ReferenceError ResourceWarning RuntimeError RuntimeWarning \
    StopAsyncIteration StopIteration SyntaxError SyntaxWarning SystemError SystemExit \
    TabError TimeoutError True TypeError UnboundLocalError UnicodeDecodeError \
    UnicodeEncodeError UnicodeError UnicodeTranslateError UnicodeWarning UserWarning \
    ValueError Warning WindowsError ZeroDivisionError __annotations__ __build_class__ \
    __builtins__ __cached__ __debug__ __dict__ __doc__ __file__ __import__ __loader__ \
    __module__ __name__ __package__ __path__ __qualname__ __spec__ abs aiter all anext any \
    ascii bin bool breakpoint bytearray bytes callable chr classmethod compile complex \
    copyright credits delattr dict dir divmod enumerate eval exec exit filter float format \
    frozenset getattr globals hasattr hash help hex id input int isinstance issubclass iter \
    len license list locals map max memoryview min next object oct open ord pow print \
    property quit range repr reversed round set setattr slice sorted staticmethod str sum \
    super tuple type vars zip";

/// True if every module sees this name without defining it.
pub fn is_builtin(name: &str) -> bool {
    static NAMES: OnceLock<HashSet<&'static str>> = OnceLock::new();
    let names = NAMES.get_or_init(|| BUILTINS.split(' ').collect());
    names.contains(name)
}

/// Import names of what every installation of the SDK brings along. A folder of such a name without
/// `__init__.py` loses against the installed package.
pub fn is_sdk_dependency(name: &str) -> bool {
    matches!(
        name,
        "annotated_types"
            | "anyio"
            | "blinker"
            | "certifi"
            | "charset_normalizer"
            | "click"
            | "dotenv"
            | "flask"
            | "gevent"
            | "greenlet"
            | "h11"
            | "httpcore"
            | "httpx"
            | "idna"
            | "itsdangerous"
            | "jinja2"
            | "markupsafe"
            | "multidict"
            | "packaging"
            | "propcache"
            | "pydantic"
            | "pydantic_core"
            | "pydantic_settings"
            | "regex"
            | "requests"
            | "socksio"
            | "tiktoken"
            | "typing_extensions"
            | "typing_inspection"
            | "urllib3"
            | "werkzeug"
            | "yaml"
            | "yarl"
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names() {
        assert_eq!(find("os"), Some(Standard::Module));
        assert_eq!(find("json"), Some(Standard::Package));
        assert_eq!(find("json.decoder"), Some(Standard::Module));
        assert_eq!(find("imp"), None, "removed in 3.12");
        assert_eq!(find(""), None);
        assert_eq!(find("tools"), None);
    }
}
