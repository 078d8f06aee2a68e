/// What is wrong with the text of a YAML document.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Problem {
    /// A control character, which YAML does not allow anywhere.
    ControlCharacter(char),
    /// A tab where a line's indentation is measured.
    TabIndentation,
    /// A tab between two tokens, or after the last one of a line.
    TabBetweenTokens,
    /// A tab inside a text without quotes.
    TabInPlainText,
    /// A tab in the indentation of a `|` or `>` text.
    TabInBlockText,
    /// A character that no value can begin with.
    BadFirstCharacter(char),
    /// A quote that is never closed.
    UnclosedQuote(char),
    /// `---` or `...` at the start of a line inside quotes.
    MarkerInQuotes,
    /// A backslash and a character that mean nothing together.
    UnknownEscape(char),
    /// `\x`, `\u` or `\U` without its two, four or eight hexadecimal digits.
    ShortEscape(char),
    /// `\u` or `\U` with a number that is no character.
    EscapeWithoutCharacter,
    /// A second `: ` on a line.
    SecondColon,
    /// `- ` after a key or another value on the same line.
    ItemOnKeyLine,
    /// `? ` where no key may begin.
    KeyNotAllowed,
    /// A line that should be `key: value` has no colon.
    MissingColon,
    /// A key of more than 1,024 characters.
    LongKey,
    /// A key that goes over several lines.
    KeyOnSeveralLines,
    /// Something other than `+`, `-`, a digit or a comment after `|` or `>`.
    BlockHeader(char),
    /// `|0` or `>0`.
    ZeroIndentation,
    /// `&` or `*` without a name, or with one that is not made of letters, digits, `-` and `_`.
    BadAnchorName(char),
    /// `*name` without a `&name` before it.
    UnknownAlias(Box<str>),
    /// `&name` twice.
    DuplicateAnchor(Box<str>),
    /// A `!` that does not begin a tag.
    BadTag,
    /// A tag whose handle no `%TAG` line defines.
    UnknownTagHandle(Box<str>),
    /// A `%` line that cannot be read.
    BadDirective,
    /// A `%` line that is neither `%YAML` nor `%TAG`.
    UnknownDirective,
    /// `%YAML` with another version than 1.1.
    Version,
    /// `%YAML` twice, or `%TAG` twice for the same handle.
    DuplicateDirective,
    /// A `%` line without `---` after it.
    MissingDocumentStart,
    /// A second document in the same file.
    SecondDocument,
    /// Text after the end of the document.
    TextAfterDocument,
    /// A bracket that is never closed.
    UnclosedBracket(char),
    /// A closing bracket without its opening one.
    StrayBracket(char),
    /// Two items in brackets without a comma between them.
    MissingComma(char),
    /// Text directly after a closing quote.
    TextAfterQuote,
    /// Text directly after a closing bracket.
    TextAfterBracket,
    /// A `:` in brackets that directly touches the bracket or comma after it.
    TightColon,
    /// A line that is indented like none of its neighbours.
    Indentation,
    /// A list item among keys.
    ItemAmongKeys,
    /// A key among list items.
    KeyAmongItems,
    /// A value is missing, or cannot stand here.
    ExpectedValue,
    /// Something that cannot follow here.
    Unexpected,
    /// More levels of nesting than a reader can take.
    TooDeep,
    /// More nodes than difylint keeps.
    TooManyNodes,
    /// More bytes than difylint reads.
    TooLong,
}

impl Problem {
    /// What is wrong, in lower case and without a full stop.
    pub fn message(&self) -> String {
        match self {
            Self::ControlCharacter(c) => {
                format!(
                    "the control character U+{:04X} is not allowed",
                    u32::from(*c)
                )
            }
            Self::BadFirstCharacter('`') => {
                "a value without quotes cannot begin with a backtick".to_owned()
            }
            Self::BadFirstCharacter(c) => format!("a value without quotes cannot begin with `{c}`"),
            Self::UnclosedQuote(c) => format!("the quote `{c}` is never closed"),
            Self::UnknownEscape(c) => format!("`\\{c}` is not an escape"),
            Self::ShortEscape(c) => {
                let digits = match c {
                    'x' => 2,
                    'u' => 4,
                    _ => 8,
                };
                format!("`\\{c}` needs {digits} hexadecimal digits")
            }
            Self::BlockHeader(c) => format!("`{c}` cannot follow `|` or `>` on the same line"),
            Self::BadAnchorName(c) => format!(
                "`{c}` begins {}, and what follows is not a name",
                if *c == '*' { "an alias" } else { "an anchor" }
            ),
            Self::UnknownAlias(name) => format!("no anchor `&{name}` stands before `*{name}`"),
            Self::DuplicateAnchor(name) => format!("the anchor `&{name}` is defined twice"),
            Self::UnknownTagHandle(handle) => format!("no %TAG line defines the handle `{handle}`"),
            Self::UnclosedBracket(c) => format!("the bracket `{c}` is never closed"),
            Self::StrayBracket(c) => format!("`{c}` closes a bracket that was not opened"),
            Self::MissingComma(c) => format!("`,` or `{c}` is missing before this"),
            _ => self.plain_message().to_owned(),
        }
    }

    fn plain_message(&self) -> &'static str {
        match self {
            Self::TabIndentation => "a line is indented with a tab",
            Self::TabBetweenTokens => "a tab stands where only spaces are allowed",
            Self::TabInPlainText => "a tab stands in a text without quotes",
            Self::TabInBlockText => "a tab stands in the indentation of a block text",
            Self::MarkerInQuotes => "a line of a quoted text begins with a document marker",
            Self::EscapeWithoutCharacter => "the escape does not stand for a character",
            Self::SecondColon => "a second `: ` on the same line",
            Self::ItemOnKeyLine => "a list item cannot begin here",
            Self::KeyNotAllowed => "a key cannot begin here",
            Self::MissingColon => "`:` is missing after the key",
            Self::LongKey => "a key is longer than 1024 characters",
            Self::KeyOnSeveralLines => "a key must stand on one line",
            Self::ZeroIndentation => "the indentation of a block text cannot be 0",
            Self::BadTag => "`!` begins a tag, and what follows is not one",
            Self::BadDirective => "a line that begins with `%` cannot be read",
            Self::UnknownDirective => "a line begins with `%`, but is neither %YAML nor %TAG",
            Self::Version => "only YAML version 1.1 is read",
            Self::DuplicateDirective => "a % line is repeated",
            Self::MissingDocumentStart => "a % line must be followed by `---`",
            Self::SecondDocument => "a second document begins in the same file",
            Self::TextAfterDocument => "text stands after the end of the document",
            Self::TextAfterQuote => "text stands directly after a closing quote",
            Self::TextAfterBracket => "text stands directly after a closing bracket",
            Self::TightColon => "a `:` in brackets is not followed by a space",
            Self::Indentation => "the indentation does not fit the lines before",
            Self::ItemAmongKeys => "a list item stands where a key is expected",
            Self::KeyAmongItems => "a list item is expected here",
            Self::ExpectedValue => "a value is expected here",
            Self::TooDeep => "the document is nested too deeply",
            Self::TooManyNodes => "the document has too many values to be checked",
            Self::TooLong => "the document is too long to be checked",
            _ => "this cannot stand here",
        }
    }

    /// What to do about it.
    pub const fn help(&self) -> Option<&'static str> {
        Some(match self {
            Self::ControlCharacter(_) => {
                "remove the character, or write it as an escape in \"...\""
            }
            Self::TabIndentation | Self::TabInBlockText | Self::TabBetweenTokens => {
                "replace the tab by spaces"
            }
            Self::TabInPlainText => "replace the tab by a space, or quote the text",
            Self::BadFirstCharacter(_)
            | Self::SecondColon
            | Self::BadAnchorName(_)
            | Self::BadTag => "quote the value",
            Self::UnclosedQuote(_) => "add the closing quote",
            Self::MarkerInQuotes => "indent the line",
            Self::UnknownEscape(_) => "double the backslash, or use single quotes",
            Self::EscapeWithoutCharacter => "write the character itself",
            Self::ItemOnKeyLine => "begin the list on the next line",
            Self::MissingColon => "write `key: value`, or indent the line if it continues a text",
            Self::LongKey | Self::KeyOnSeveralLines => "shorten the key to one line",
            Self::BlockHeader(_) => "begin the text on the next line",
            Self::UnknownAlias(_) => "define the anchor first, or quote the value",
            Self::DuplicateAnchor(_) => "give each anchor its own name",
            Self::Version | Self::UnknownDirective => "remove the line",
            Self::SecondDocument => "keep one document in a file",
            Self::UnclosedBracket(_) => "add the closing bracket, or quote the value",
            Self::StrayBracket(_) => "remove the bracket, or quote the value",
            Self::TextAfterQuote | Self::TextAfterBracket => "put the whole value in quotes",
            Self::TightColon => "write a space after the `:`",
            Self::Indentation => "indent the line like its neighbours",
            _ => return None,
        })
    }
}
