//! The language server, spoken to as an editor speaks to it.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::print_stdout,
    clippy::print_stderr,
    reason = "a test stops at what it did not expect, and prints what it measures"
)]

#[path = "lsp/configuration.rs"]
mod configuration;
#[path = "lsp/diagnostics.rs"]
mod diagnostics;
#[path = "lsp/features.rs"]
mod features;
#[path = "support/folders.rs"]
mod folders;
#[path = "lsp/ignore.rs"]
mod ignore;
#[path = "lsp/kinds.rs"]
mod kinds;
#[path = "lsp/lifecycle.rs"]
mod lifecycle;
#[path = "lsp/robust.rs"]
mod robust;
#[path = "lsp/session.rs"]
mod session;
