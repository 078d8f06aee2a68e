use crate::policy::Policy;
use std::path::Path;

/// Which findings are shown in the plugin of this folder, and how severe they are. The one place
/// where the language server decides it, so that it decides as the command line does.
pub fn of_plugin(_root: &Path) -> Policy {
    Policy::default()
}
