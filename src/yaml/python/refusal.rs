use std::fmt;

/// Why PyYAML's constructor refuses a node, and with it the whole file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Refusal {
    /// The text has the form of a date or time, but there is none such.
    Date(DateProblem),
    /// A plain `=` as a value.
    Equals,
    /// A plain `<<` as a value.
    MergeAsValue,
    /// A number with more digits than Python converts.
    HugeNumber,
    /// A tag that the safe loader does not know.
    UnknownTag(String),
    /// A text that is not what its tag says.
    Misfit {
        /// The tag, such as `!!int`.
        tag: &'static str,
    },
    /// A tag on the wrong kind of node.
    WrongKind {
        /// The tag, such as `!!seq`; empty when a scalar was asked for and there is none.
        tag: &'static str,
        /// What the tag goes with.
        expected: &'static str,
        /// What the node is.
        found: &'static str,
    },
    /// An item of `!!omap` or `!!pairs` that is not a mapping of one entry.
    Pair {
        /// `!!omap` or `!!pairs`.
        tag: &'static str,
    },
    /// A list or a mapping as a key.
    Unhashable {
        /// What the key is.
        found: &'static str,
        /// Written as `{{ ... }}`, most likely meant as a template.
        braces: bool,
    },
    /// `<<` with something that is not a mapping.
    Merge {
        /// What stands there.
        found: &'static str,
    },
}

/// What is impossible about a date or time.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum DateProblem {
    /// The year 0.
    Year,
    /// A month below 1 or above 12.
    Month,
    /// A day that the month does not have.
    Day,
    /// An hour above 23.
    Hour,
    /// A minute above 59.
    Minute,
    /// A second above 59.
    Second,
    /// A zone a day or more away from Greenwich.
    Offset,
}

impl Refusal {
    /// What is wrong; lower case, no full stop.
    pub fn message(&self) -> String {
        match self {
            Self::Date(problem) => format!("impossible date: {problem}"),
            Self::Equals => "a bare `=` is a special word of YAML 1.1, not a text".into(),
            Self::MergeAsValue => "a bare `<<` is the merge sign of YAML, not a text".into(),
            Self::HugeNumber => "a whole number of more than 4300 digits".into(),
            Self::UnknownTag(tag) => format!("unknown tag `{}`", short(tag)),
            Self::Misfit { tag } => format!("the text does not fit its tag `{tag}`"),
            Self::WrongKind {
                tag: "",
                expected,
                found,
            } => format!("{found} instead of {expected}"),
            Self::WrongKind {
                tag,
                expected,
                found,
            } => {
                format!("the tag `{tag}` goes with {expected}, not with {found}")
            }
            Self::Pair { tag } => {
                format!("every item of a `{tag}` must be a mapping of exactly one entry")
            }
            Self::Unhashable { found, .. } => format!("{found} cannot be a key"),
            Self::Merge { found } => format!("`<<` takes a mapping or a list of them, not {found}"),
        }
    }

    /// What to do.
    pub fn help(&self) -> &'static str {
        match self {
            Self::Date(_) => "correct the date, or put it in quotes if it is meant as a text",
            Self::Equals | Self::MergeAsValue | Self::HugeNumber => "put it in quotes",
            Self::UnknownTag(_) => "remove the tag, or put the whole value in quotes",
            Self::Misfit { .. } => "remove the tag or correct the value",
            Self::WrongKind { .. } => "remove the tag",
            Self::Pair { .. } => "write one `- key: value` per item, or remove the tag",
            Self::Unhashable { braces: true, .. } => "put the template in quotes: \"{{ ... }}\"",
            Self::Unhashable { .. } => "use a plain word as the key, or put it in quotes",
            Self::Merge { .. } => "merge an alias of a mapping (`<<: *name`), or remove the `<<`",
        }
    }
}

impl fmt::Display for DateProblem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Year => "there is no year 0",
            Self::Month => "the month must be 1 to 12",
            Self::Day => "the month does not have that day",
            Self::Hour => "the hour must be 0 to 23",
            Self::Minute => "the minute must be 0 to 59",
            Self::Second => "the second must be 0 to 59",
            Self::Offset => "the zone must be less than 24 hours from Greenwich",
        })
    }
}

fn short(tag: &str) -> String {
    tag.strip_prefix("tag:yaml.org,2002:")
        .map_or_else(|| tag.to_owned(), |name| format!("!!{name}"))
}
