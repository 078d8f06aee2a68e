//! Endpoint paths as the SDK registers them: rules of werkzeug.

use hashbrown::HashSet;
use std::fmt;

/// Why the SDK refuses a path; the plugin does not start then.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum RouteError {
    /// It does not begin with `/`.
    NoSlash,
    /// A `<` that begins no placeholder; its place in bytes.
    Malformed(usize),
    /// A converter that does not exist.
    UnknownConverter(String),
    /// Arguments that cannot be read.
    Arguments(String),
    /// Arguments that the converter does not take.
    ConverterArguments(String),
    /// The same variable twice.
    DuplicateVariable(String),
    /// A variable with a name that Python keeps for itself.
    ReservedVariable(String),
}

impl fmt::Display for RouteError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::NoSlash => f.write_str("it does not begin with `/`"),
            Self::Malformed(_) => f.write_str("`<` begins no placeholder of the form `<name>`"),
            Self::UnknownConverter(name) => write!(
                f,
                "there is no converter `{name}`; there are string, int, float, path, uuid and any"
            ),
            Self::Arguments(text) => write!(f, "the arguments `{text}` cannot be read"),
            Self::ConverterArguments(name) => {
                write!(f, "the converter `{name}` does not take these arguments")
            }
            Self::DuplicateVariable(name) => write!(f, "the variable `{name}` stands there twice"),
            Self::ReservedVariable(name) => write!(f, "`{name}` is a word of Python"),
        }
    }
}

/// Checks a path as werkzeug compiles it.
///
/// # Errors
/// The first thing that werkzeug cannot take. `{x}`, blanks and `?` are accepted, as literals.
pub fn check(path: &str) -> Result<(), RouteError> {
    if !path.starts_with('/') {
        return Err(RouteError::NoSlash);
    }
    let mut variables = HashSet::new();
    let mut reserved = None;
    let mut duplicate = None;
    let mut at = 0;
    while let Some(found) = path.get(at..).and_then(|rest| rest.find('<')) {
        let start = at + found;
        let inside = path.get(start + 1..).unwrap_or("");
        let placeholder = Placeholder::parse(inside).ok_or(RouteError::Malformed(start))?;
        check_converter(placeholder.converter, placeholder.arguments)?;
        let variable = placeholder.variable;
        if !variables.insert(variable) {
            duplicate.get_or_insert(variable);
        }
        if matches!(variable, "None" | "True" | "False") {
            reserved.get_or_insert(variable);
        }
        at = start + 1 + placeholder.length;
    }
    // these two show only when the whole rule is turned into a Python function
    if let Some(variable) = reserved {
        return Err(RouteError::ReservedVariable(variable.to_owned()));
    }
    duplicate.map_or(Ok(()), |variable| {
        Err(RouteError::DuplicateVariable(variable.to_owned()))
    })
}

struct Placeholder<'t> {
    converter: &'t str,
    arguments: &'t str,
    variable: &'t str,
    /// Length behind the `<`, with the `>`.
    length: usize,
}

impl<'t> Placeholder<'t> {
    fn parse(inside: &'t str) -> Option<Self> {
        let (name, rest) = split_name(inside)?;
        if let Some(rest) = rest.strip_prefix('>') {
            return Some(Self::ending(inside, rest, "default", "", name));
        }
        if let Some(rest) = rest.strip_prefix(':') {
            let (variable, rest) = split_name(rest)?;
            let rest = rest.strip_prefix('>')?;
            return Some(Self::ending(inside, rest, name, "", variable));
        }
        // the arguments end with the first `)` behind which the rest fits; they stay on one line
        let list = rest.strip_prefix('(')?;
        let line = list.split('\n').next().unwrap_or("");
        line.match_indices("):").find_map(|(end, _)| {
            let (variable, rest) = split_name(list.get(end + 2..)?)?;
            let rest = rest.strip_prefix('>')?;
            Some(Self::ending(inside, rest, name, list.get(..end)?, variable))
        })
    }

    fn ending(
        inside: &str,
        rest: &str,
        converter: &'t str,
        arguments: &'t str,
        variable: &'t str,
    ) -> Self {
        Self {
            converter,
            arguments,
            variable,
            length: inside.len() - rest.len(),
        }
    }
}

fn split_name(text: &str) -> Option<(&str, &str)> {
    let end = text
        .bytes()
        .position(|byte| !(byte.is_ascii_alphanumeric() || byte == b'_'))
        .unwrap_or(text.len());
    let starts_well = !text.starts_with(|char: char| char.is_ascii_digit());
    (end > 0 && starts_well)
        .then(|| text.split_at_checked(end))
        .flatten()
}

/// The value of an argument, as far as converters care.
#[derive(Clone, Debug, PartialEq)]
enum Value {
    None,
    Bool(bool),
    Int(i128),
    Float(f64),
    Str(String),
}

fn check_converter(name: &str, arguments: &str) -> Result<(), RouteError> {
    // werkzeug reads the arguments first
    let arguments = Arguments::parse(arguments)?;
    let accepted = match name {
        "default" | "string" => string_accepts(&arguments),
        "any" => {
            // the items are joined to a pattern, so they must be texts
            arguments.named.is_empty()
                && arguments
                    .plain
                    .iter()
                    .all(|value| matches!(value, Value::Str(_)))
        }
        "path" | "uuid" => arguments
            .named
            .iter()
            .all(|(name, _)| name != "map" && name != "self"),
        "int" => arguments
            .fit(&["fixed_digits", "min", "max", "signed"])
            .is_some(),
        "float" => arguments.fit(&["min", "max", "signed"]).is_some(),
        _ => return Err(RouteError::UnknownConverter(name.to_owned())),
    };
    if accepted {
        Ok(())
    } else {
        Err(RouteError::ConverterArguments(name.to_owned()))
    }
}

fn string_accepts(arguments: &Arguments) -> bool {
    let Some(values) = arguments.fit(&["minlength", "maxlength", "length"]) else {
        return false;
    };
    // Python's int() of the value
    let whole = |value: &Value| match value {
        Value::Int(_) | Value::Bool(_) => true,
        Value::Float(value) => value.is_finite(),
        // what could be a number has become one
        Value::None | Value::Str(_) => false,
    };
    match values.as_slice() {
        [_, _, Some(length)] if *length != Value::None => whole(length),
        [minlength, maxlength, _] => {
            minlength.as_ref().is_none_or(whole)
                && maxlength
                    .as_ref()
                    .is_none_or(|value| *value == Value::None || whole(value))
        }
        _ => false,
    }
}

#[derive(Debug, Default)]
struct Arguments {
    plain: Vec<Value>,
    named: Vec<(String, Value)>,
}

impl Arguments {
    fn parse(text: &str) -> Result<Self, RouteError> {
        let text = format!("{text},");
        let mut arguments = Self::default();
        let mut done = 0;
        while let Some((start, argument)) = Argument::search(&text, done) {
            if start != done {
                let skipped = text.get(done..start).unwrap_or("");
                return Err(RouteError::Arguments(skipped.to_owned()));
            }
            match argument.name {
                Some(name) => {
                    arguments.named.retain(|(known, _)| *known != name);
                    arguments.named.push((name, argument.value));
                }
                None => arguments.plain.push(argument.value),
            }
            done = argument.end;
        }
        // what follows the last argument is dropped without a word
        Ok(arguments)
    }

    /// The values in the order of the parameters; `None` when there are too many, unknown or
    /// doubled ones.
    fn fit(&self, parameters: &[&str]) -> Option<Vec<Option<Value>>> {
        let mut values: Vec<Option<Value>> = vec![None; parameters.len()];
        for (index, value) in self.plain.iter().enumerate() {
            *values.get_mut(index)? = Some(value.clone());
        }
        for (name, value) in &self.named {
            let index = parameters.iter().position(|parameter| parameter == name)?;
            let place = values.get_mut(index)?;
            if place.replace(value.clone()).is_some() {
                return None;
            }
        }
        Some(values)
    }
}

struct Argument {
    name: Option<String>,
    value: Value,
    end: usize,
}

impl Argument {
    /// The first argument at or behind a place, as a regular expression search finds it.
    fn search(text: &str, from: usize) -> Option<(usize, Self)> {
        let tail = text.get(from..)?;
        tail.char_indices()
            .find_map(|(offset, _)| Some((from + offset, Self::at(text, from + offset)?)))
    }

    /// `name = value ,` with blanks around all of them.
    fn at(text: &str, start: usize) -> Option<Self> {
        let rest = text.get(start..)?.trim_start();
        if let Some((name, after)) = split_word(rest)
            && let Some(value) = after.trim_start().strip_prefix('=')
            && let Some((value, after)) = split_value(value.trim_start())
        {
            let end = text.len() - after.len();
            return Some(Self {
                name: Some(name.to_owned()),
                value,
                end,
            });
        }
        let (value, after) = split_value(rest)?;
        Some(Self {
            name: None,
            value,
            end: text.len() - after.len(),
        })
    }
}

fn is_word_char(char: char) -> bool {
    char.is_alphanumeric() || char == '_'
}

fn split_word(text: &str) -> Option<(&str, &str)> {
    let end = text.find(|char| !is_word_char(char)).unwrap_or(text.len());
    (end > 0).then(|| text.split_at_checked(end)).flatten()
}

/// A value with the comma behind it.
fn split_value(text: &str) -> Option<(Value, &str)> {
    let comma = |rest: &str| rest.trim_start().strip_prefix(',').map(str::len);
    let tail = |length: usize| text.get(text.len() - length..).unwrap_or("");
    // the number patterns of werkzeug have an unescaped point: any character can join two numbers
    for end in joined_ends(text) {
        let (value, rest) = text.split_at_checked(end)?;
        if let Some(length) = comma(rest) {
            return Some((python_value(value), tail(length)));
        }
    }
    let end = text
        .find(|char| !is_word_char(char) && char != '.')
        .unwrap_or(text.len());
    if end > 0 {
        let (value, rest) = text.split_at_checked(end)?;
        if let Some(length) = comma(rest) {
            return Some((python_value(value), tail(length)));
        }
    }
    let quoted = text.strip_prefix(['u', 'r', 'U', 'R']).unwrap_or(text);
    let quote = quoted
        .chars()
        .next()
        .filter(|char| matches!(char, '"' | '\''))?;
    let (content, rest) = quoted.get(1..)?.split_once(quote)?;
    // even a quoted number becomes a number
    comma(rest).map(|length| (python_value(content), tail(length)))
}

/// Where `\d+.\d+` and `\d+.` can end, longest first.
fn joined_ends(text: &str) -> Vec<usize> {
    let digits = text
        .find(|char: char| !char.is_ascii_digit())
        .unwrap_or(text.len());
    if digits == 0 {
        return Vec::new();
    }
    let mut ends = Vec::new();
    if let Some(joint) = text.get(digits..).and_then(|rest| rest.chars().next()) {
        let after = digits + joint.len_utf8();
        let more = text.get(after..).map_or(0, |rest| {
            rest.find(|char: char| !char.is_ascii_digit())
                .unwrap_or(rest.len())
        });
        if more > 0 {
            ends.push(after + more);
        }
        if joint != '\n' {
            ends.push(after);
        }
    }
    ends
}

fn python_value(text: &str) -> Value {
    match text {
        "None" => return Value::None,
        "True" => return Value::Bool(true),
        "False" => return Value::Bool(false),
        _ => {}
    }
    let bare = text.trim();
    let digits = bare.strip_prefix(['-', '+']).unwrap_or(bare);
    if single_underscores(digits) && digits.bytes().all(|b| b.is_ascii_digit() || b == b'_') {
        return Value::Int(bare.replace('_', "").parse().unwrap_or(i128::MAX));
    }
    let is_float = !digits.is_empty() && single_underscores(digits);
    match bare.replace('_', "").parse() {
        Ok(value) if is_float => Value::Float(value),
        _ => Value::Str(text.to_owned()),
    }
}

/// Underscores stand between digits only.
fn single_underscores(text: &str) -> bool {
    let bytes = text.as_bytes();
    let is_digit = |at: Option<usize>| {
        at.and_then(|at| bytes.get(at))
            .is_some_and(u8::is_ascii_digit)
    };
    !bytes.is_empty()
        && bytes.iter().enumerate().all(|(index, byte)| {
            *byte != b'_' || (is_digit(index.checked_sub(1)) && is_digit(index.checked_add(1)))
        })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn accepted() {
        for path in [
            "/",
            "/a/b",
            "//a",
            "/<x>",
            "/<x>/<y>",
            "/<string:x>",
            "/<default:x>",
            "/<int:x>.json",
            "/<path:x>",
            "/<path(1, a=2):x>",
            "/<int(min=1, max=5):x>",
            "/<int(4):x>",
            "/<int(signed=True):x>",
            "/<float(min=0.5):x>",
            "/<string(length=2):x>",
            "/<string(1, 5):x>",
            "/<string(maxlength=None):x>",
            "/<any(about, help, 'a b'):x>",
            "/<any():x>",
            "/<any(!):x>",
            "/{x}",
            "/a b?c",
            "/工具/<x>",
            "/a>b",
            "/<any('):', b):x>",
        ] {
            assert_eq!(check(path), Ok(()), "{path}");
        }
    }

    #[test]
    fn refused() {
        type Check = fn(&RouteError) -> bool;
        let malformed: Check = |error| matches!(error, RouteError::Malformed(_));
        let unknown: Check = |error| matches!(error, RouteError::UnknownConverter(_));
        let arguments: Check = |error| matches!(error, RouteError::ConverterArguments(_));
        let unreadable: Check = |error| matches!(error, RouteError::Arguments(_));
        let duplicate: Check = |error| matches!(error, RouteError::DuplicateVariable(_));
        let reserved: Check = |error| matches!(error, RouteError::ReservedVariable(_));
        for (path, is_expected) in [
            ("/<", malformed),
            ("/<>", malformed),
            ("/<x", malformed),
            ("/<1x>", malformed),
            ("/<x y>", malformed),
            ("/< x>", malformed),
            ("/<x-y>", malformed),
            ("/<int:>", malformed),
            ("/<int(1)x>", malformed),
            ("/<工>", malformed),
            ("/<foo:x>", unknown),
            ("/<str:x>", unknown),
            ("/<int(foo=1):x>", arguments),
            ("/<int(1, 2, 3, True, 5):x>", arguments),
            ("/<int(1, fixed_digits=2):x>", arguments),
            ("/<string(length=a):x>", arguments),
            ("/<string(minlength=None):x>", arguments),
            ("/<any(1, 2):x>", arguments),
            ("/<any(a=b):x>", arguments),
            ("/<any(!, a):x>", unreadable),
            ("/<x>/<x>", duplicate),
            ("/<None>", reserved),
            ("/<int:True>", reserved),
        ] {
            let error = check(path).unwrap_err();
            assert!(is_expected(&error), "{path}: {error}");
        }
        assert_eq!(check("a"), Err(RouteError::NoSlash));
        assert_eq!(check(""), Err(RouteError::NoSlash));
    }
}
