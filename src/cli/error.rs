use crate::policy::{ConfigError, Mistake, Origin};
use miette::{
    Diagnostic, LabeledSpan, MietteDiagnostic, NamedSource, Report, Severity, SourceSpan,
};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use thiserror::Error;

/// Why the tool itself could not do what it was asked.
#[derive(Debug, Diagnostic, Error)]
pub enum AppError {
    /// No rule, or no category, has this name.
    #[error("there is no rule or category `{word}`")]
    #[diagnostic(code(usage::unknown_rule))]
    UnknownRule {
        /// The word.
        word: String,
        /// What to do.
        #[help]
        help: String,
    },
    /// A word that stands for nothing in its place.
    #[error("{message}")]
    #[diagnostic(code(usage::bad_value))]
    BadValue {
        /// What is wrong.
        message: String,
        /// What to do.
        #[help]
        help: String,
    },
    /// A path instead of a command.
    #[error("`{word}` is not a command")]
    #[diagnostic(code(usage::no_command))]
    NoCommand {
        /// The word.
        word: String,
        /// What to do.
        #[help]
        help: String,
    },
    /// A path to check does not exist.
    #[error("`{}` does not exist", path.display())]
    #[diagnostic(
        code(input::missing_path),
        help("paths are taken from the working directory")
    )]
    MissingPath {
        /// The path.
        path: PathBuf,
    },
    /// There is no plugin where it looked.
    #[error("nothing to check: no plugin in {place}")]
    #[diagnostic(
        code(input::nothing_to_check),
        help(
            "a plugin is a folder with `manifest.yaml`; give its path: `difylint check path/to/plugin`"
        )
    )]
    NothingToCheck {
        /// Where it looked, in words.
        place: String,
    },
    /// A configuration has mistakes.
    #[error(transparent)]
    #[diagnostic(transparent)]
    Configuration(Box<Misconfiguration>),
    /// Something to read could not be read.
    #[error("cannot read {what}: {reason}")]
    #[diagnostic(code(input::unreadable))]
    Unreadable {
        /// What, in words.
        what: String,
        /// The system's words.
        reason: String,
    },
    /// What git was asked, it could not answer.
    #[error("{message}")]
    #[diagnostic(code(input::git))]
    Git {
        /// What is wrong.
        message: String,
        /// What to do.
        #[help]
        help: String,
    },
    /// The file of known findings cannot be understood.
    #[error("the baseline `{}` cannot be understood", path.display())]
    #[diagnostic(
        code(input::bad_baseline),
        help("repair it, or take it away and write it anew: `difylint baseline update`")
    )]
    BadBaseline {
        /// The file.
        path: PathBuf,
        /// Its text.
        #[source_code]
        text: Arc<miette::NamedSource<String>>,
        /// The byte at which reading ended.
        #[label("{message}")]
        at: miette::SourceSpan,
        /// What is wrong there.
        message: String,
    },
    /// Something to write could not be written.
    #[error("cannot write {what}: {reason}")]
    #[diagnostic(code(output::unwritable))]
    Unwritable {
        /// What, in words.
        what: String,
        /// The system's words.
        reason: String,
    },
}

/// A mistake in a configuration.
#[derive(Debug, Diagnostic, Error)]
#[error("{message}")]
#[diagnostic(code(configuration::mistake))]
pub struct Misconfiguration {
    message: String,
    #[help]
    help: String,
    #[source_code]
    text: Option<NamedSource<String>>,
    #[label]
    place: Option<SourceSpan>,
    /// Further mistakes of the same file.
    #[related]
    others: Vec<Misconfiguration>,
}

/// Something in a configuration that should be put right and stops nothing.
pub fn notice(mistake: Mistake) -> Report {
    let told = MietteDiagnostic::new(mistake.message)
        .with_code("configuration::unused")
        .with_severity(Severity::Warning)
        .with_help(mistake.help);
    match mistake.place {
        Some((file, span)) => {
            let told = told.with_label(LabeledSpan::underline(span.range()));
            Report::new(told).with_source_code(NamedSource::new(&file.shown, file.text.clone()))
        }
        None => Report::new(told),
    }
}

impl From<Mistake> for Misconfiguration {
    fn from(mistake: Mistake) -> Self {
        let (text, place) = mistake.place.unzip();
        Self {
            message: mistake.message,
            help: mistake.help,
            text: text.map(|file| NamedSource::new(&file.shown, file.text.clone())),
            place: place.map(|span| SourceSpan::from(span.range())),
            others: Vec::new(),
        }
    }
}

impl AppError {
    /// A baseline that cannot be understood, with the byte at which reading ended.
    pub fn bad_baseline(path: &Path, text: &str, at: usize, message: String) -> Self {
        Self::BadBaseline {
            path: path.to_owned(),
            text: Arc::new(miette::NamedSource::new(
                path.to_string_lossy(),
                text.to_owned(),
            )),
            at: (at, 0).into(),
            message,
        }
    }

    /// The exit status: 3 when there is nothing to check, else 2.
    pub const fn exit_status(&self) -> u8 {
        match self {
            Self::NothingToCheck { .. } => 3,
            _ => 2,
        }
    }
}

/// A configuration that cannot be used; all its mistakes are told.
pub fn configuration(ConfigError { first, others }: ConfigError) -> AppError {
    let mut told = Misconfiguration::from(first);
    told.others = others.into_iter().map(Misconfiguration::from).collect();
    AppError::Configuration(Box::new(told))
}

/// A failure with the place in the configuration that asks for it, if it stands there.
pub fn at(origin: &Origin, error: AppError) -> AppError {
    match (origin.place(), error) {
        (Some(place), AppError::BadValue { message, help }) => configuration(
            Mistake {
                message,
                help,
                place: Some(place),
            }
            .into(),
        ),
        (_, error) => error,
    }
}
