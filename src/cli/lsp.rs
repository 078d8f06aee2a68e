//! Hands standard input and output to the language server.

/// Serves an editor until it leaves; gives the exit status.
pub fn run() -> u8 {
    crate::lsp::stdio()
}
