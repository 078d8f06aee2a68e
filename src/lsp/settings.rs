use super::documents::Documents;
use crate::policy::baseline::Baseline;
use crate::policy::{ConfigError, ConfigText, Layer, Policy, Resolver, Search, Settings};
use crate::source::{Files, Folder};
use std::path::{Path, PathBuf};
use std::sync::Arc;

/// The configurations that are open in the editor, by absolute path.
pub type Texts = Vec<(PathBuf, Arc<str>)>;

/// True for a file that may be a configuration, or extended by one.
pub fn is_configuration(path: &Path) -> bool {
    path.extension().is_some_and(|ending| ending == "toml")
}

/// The configurations that are open in the editor.
pub fn texts(documents: &Documents) -> Texts {
    let readable = documents.iter().filter(|(_, it)| it.is_readable());
    readable
        .filter(|(path, _)| is_configuration(path))
        .map(|(path, document)| (path.to_path_buf(), document.text.clone()))
        .collect()
}

/// True if nobody typed in one since.
pub fn are_same(texts: &Texts, others: &Texts) -> bool {
    let pairs = texts.iter().zip(others);
    let mut same =
        pairs.map(|((path, text), (other, words))| path == other && Arc::ptr_eq(text, words));
    texts.len() == others.len() && same.all(|same| same)
}

/// Which findings are shown in the plugin of this folder, and how severe they are: what the command
/// line would take from the nearest configuration, if that were saved.
///
/// # Errors
/// When the configuration has mistakes.
pub fn of_plugin(root: &Path, texts: &Texts) -> Result<Policy, ConfigError> {
    let settings = resolved(root, texts)?;
    let mut policy = settings.policy();
    if let Some(said) = &settings.baseline {
        policy.baseline = baseline(&said.value, root).map(Arc::new);
    }
    Ok(policy)
}

/// The nearest configuration of the plugin of this folder, if it has one.
///
/// # Errors
/// When the configuration has mistakes.
pub fn file_of(root: &Path, texts: &Texts) -> Result<Option<Arc<ConfigText>>, ConfigError> {
    Ok(resolved(root, texts)?.files.last().cloned())
}

fn resolved(root: &Path, texts: &Texts) -> Result<Settings, ConfigError> {
    let mut resolver = Resolver::new(root, Search::Nearest, Layer::default());
    for (path, text) in texts {
        resolver.lay_over(path, text.clone());
    }
    resolver.settings(root)
}

/// The baseline in this file; what cannot be read hides nothing.
fn baseline(path: &Path, root: &Path) -> Option<Baseline> {
    let folder = path.parent()?;
    let content = Folder::new(folder).read(path.file_name()?.to_str()?).ok()?;
    let folder = folder.canonicalize().ok()?;
    Baseline::read(content.text()?, folder, root.canonicalize().ok()?).ok()
}
