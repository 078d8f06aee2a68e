use super::position::Encoding;
use serde_json::Value;

/// What the client can do, as far as it changes what we do. Read from the raw capabilities: a
/// client that says something odd about a feature that we do not use is a client all the same.
#[derive(Clone, Debug, Default)]
pub struct Client {
    /// What columns count.
    pub encoding: Encoding,
    /// It asks for diagnostics by itself.
    pub pulls: bool,
    /// It asks again when told that answers changed.
    pub refreshes: bool,
    /// It lets us ask for watched files.
    pub watches: bool,
    /// It asks for the edits of a code action when one is chosen.
    pub resolves_edits: bool,
    /// It takes edits of versioned documents, creation of files among them.
    pub creates_files: bool,
    /// It takes edits of versioned documents.
    pub document_changes: bool,
    /// It shows what groups of edits are for.
    pub annotates_changes: bool,
    /// It fills in snippets.
    pub snippets: bool,
    /// It shows what completions are about beside each of them.
    pub label_details: bool,
    /// It shows symbols as a tree.
    pub symbol_tree: bool,
}

impl Client {
    /// From the parameters of `initialize`.
    pub fn of(params: &Value) -> Self {
        let at = |pointer: &str| params.pointer(&format!("/capabilities/{pointer}"));
        let yes = |pointer: &str| at(pointer).and_then(Value::as_bool) == Some(true);
        let words = |pointer: &str| -> Vec<String> {
            let list = at(pointer).and_then(Value::as_array);
            list.into_iter()
                .flatten()
                .filter_map(|word| word.as_str().map(str::to_owned))
                .collect()
        };
        let properties = words("textDocument/codeAction/resolveSupport/properties");
        let operations = words("workspace/workspaceEdit/resourceOperations");
        let document_changes = yes("workspace/workspaceEdit/documentChanges");
        let annotations = at("workspace/workspaceEdit/changeAnnotationSupport");
        Self {
            encoding: Encoding::negotiate(&words("general/positionEncodings")),
            pulls: at("textDocument/diagnostic").is_some_and(Value::is_object),
            refreshes: yes("workspace/diagnostics/refreshSupport"),
            watches: yes("workspace/didChangeWatchedFiles/dynamicRegistration"),
            resolves_edits: properties.iter().any(|it| it == "edit")
                && yes("textDocument/codeAction/dataSupport"),
            creates_files: document_changes && operations.iter().any(|it| it == "create"),
            document_changes,
            annotates_changes: document_changes && annotations.is_some_and(Value::is_object),
            snippets: yes("textDocument/completion/completionItem/snippetSupport"),
            label_details: yes("textDocument/completion/completionItem/labelDetailsSupport"),
            symbol_tree: yes("textDocument/documentSymbol/hierarchicalDocumentSymbolSupport"),
        }
    }
}
