use crate::policy::baseline::Baseline;
use crate::policy::{ConfigError, Layer, Policy, Resolver, Search};
use std::fs;
use std::path::Path;
use std::sync::Arc;

/// Which findings are shown in the plugin of this folder, and how severe they are: what the command
/// line would take from the nearest configuration. Read anew each time, because it may have changed.
///
/// # Errors
/// When the configuration has mistakes.
pub fn of_plugin(root: &Path) -> Result<Policy, ConfigError> {
    let mut resolver = Resolver::new(root, Search::Nearest, Layer::default());
    let settings = resolver.settings(root)?;
    let mut policy = settings.policy();
    if let Some(said) = &settings.baseline {
        policy.baseline = baseline(&said.value, root).map(Arc::new);
    }
    Ok(policy)
}

/// The baseline in this file; what cannot be read hides nothing.
fn baseline(path: &Path, root: &Path) -> Option<Baseline> {
    let text = fs::read_to_string(path).ok()?;
    let folder = path.parent()?.canonicalize().ok()?;
    Baseline::read(&text, folder, root.canonicalize().ok()?).ok()
}
