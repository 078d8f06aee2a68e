//! What people see of a plugin in Dify, as plain data: its card, and what it offers.

/// A language of localized texts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Locale {
    /// The key in documents.
    pub key: &'static str,
    /// The language tag of BCP 47.
    pub tag: &'static str,
    /// The language in its own words.
    pub name: &'static str,
}

/// The languages that Dify shows, the one first that it falls back to. That these are the keys of
/// the schema is tested.
pub const LOCALES: [Locale; 4] = [
    locale("en_US", "en", "English"),
    locale("zh_Hans", "zh-Hans", "中文"),
    locale("ja_JP", "ja", "日本語"),
    locale("pt_BR", "pt-BR", "Português"),
];

const fn locale(key: &'static str, tag: &'static str, name: &'static str) -> Locale {
    Locale { key, tag, name }
}

/// A text in the languages of [`LOCALES`], in their order; `None` where the author gave none.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Localized(pub [Option<String>; LOCALES.len()]);

impl Localized {
    /// True if there is no text in any language.
    pub fn is_empty(&self) -> bool {
        self.0.iter().all(Option::is_none)
    }

    /// The number of the language that Dify shows in place of this one: itself, else English, else
    /// the first that there is.
    pub fn shown(&self, locale: usize) -> Option<usize> {
        let has = |at: &usize| self.0.get(*at).is_some_and(Option::is_some);
        [locale, 0]
            .into_iter()
            .find(has)
            .or_else(|| (0..self.0.len()).find(has))
    }
}

/// A picture that a document names.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Picture {
    /// At hand: its media type and its bytes.
    Bytes(&'static str, Vec<u8>),
    /// Larger than what is kept: its size in bytes.
    TooLarge(u64),
    /// No file of this path.
    Missing(String),
    /// A file that is no picture of a known kind.
    Unknown(String),
}

/// The largest picture that is kept, in bytes.
pub const MAX_PICTURE_BYTES: u64 = 256 * 1024;

/// A plugin as people see it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Card {
    /// Its icon.
    pub icon: Option<Picture>,
    /// Its icon on a dark ground.
    pub icon_dark: Option<Picture>,
    /// What it is called.
    pub label: Localized,
    /// What it is for.
    pub description: Localized,
    /// Its tags as written.
    pub tags: Vec<String>,
    /// Other lines of the manifest, each with its key: repository, contact, memory.
    pub facts: Vec<(&'static str, String)>,
    /// What it may do: a permission, and what is said about it.
    pub permissions: Vec<(String, String)>,
    /// What it provides.
    pub parts: Vec<Part>,
    /// Some of its parts or fields are left out, because there are too many.
    pub cut: bool,
}

/// A provider, or one of what it provides.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Part {
    /// What it is: `tool provider`, `model`.
    pub noun: &'static str,
    /// Its name for programs.
    pub name: String,
    /// What people call it.
    pub label: Localized,
    /// What it is for.
    pub description: Localized,
    /// What a language model is told of it.
    pub llm: Option<String>,
    /// What else is said in a word or two: the type of a model, the route of an endpoint.
    pub facts: Vec<String>,
    /// Credentials, settings or parameters.
    pub fields: Vec<Field>,
    /// What it provides itself.
    pub parts: Vec<Part>,
}

/// A parameter, a credential or a setting.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Field {
    /// What it is: `parameter`, `credential`, `setting`.
    pub noun: &'static str,
    /// Its name for programs.
    pub name: String,
    /// Its type as written.
    pub kind: String,
    /// It must be filled in.
    pub required: bool,
    /// Who fills it in: `llm`, `form`; as written.
    pub form: String,
    /// What people call it.
    pub label: Localized,
    /// What it is for.
    pub description: Localized,
}
