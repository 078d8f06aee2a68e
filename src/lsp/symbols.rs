//! The outline of a document.

use super::cursor::shape_of;
use super::failure::Failure;
use super::fields::shape;
use super::hover::tree_of;
use super::snapshot::{Snapshot, Target};
use crate::finding::Span;
use crate::format::DocumentKind;
use crate::format::words::shorten;
use crate::yaml::{NodeId, Tree};
use lsp_types::{
    BaseSymbolInformation, DocumentSymbol, DocumentSymbolParams, DocumentSymbolResponse, Location,
    SymbolInformation, SymbolKind,
};

/// Deeper than this nobody looks.
const MAX_DEPTH: usize = 12;

/// The symbols of a document; nothing for files that are no documents of a plugin.
///
/// # Errors
/// None of its own.
pub fn symbols(
    snapshot: &Snapshot,
    params: DocumentSymbolParams,
) -> Result<Option<DocumentSymbolResponse>, Failure> {
    let Some(target) = snapshot.target(&params.text_document.uri) else {
        return Ok(None);
    };
    let Some(kind) = target.kind() else {
        return Ok(None);
    };
    let tree = tree_of(&target);
    let outline = Outline {
        snapshot,
        target: &target,
        tree: &tree,
        kind,
    };
    let symbols = tree
        .root()
        .map_or_else(Vec::new, |root| outline.below(root, 0));
    if snapshot.client.symbol_tree {
        return Ok(Some(symbols.into()));
    }
    let mut flat = Vec::new();
    let uri = params.text_document.uri;
    let list = symbols.into_iter();
    list.for_each(|symbol| flatten(symbol, None, &uri, &mut flat));
    Ok(Some(flat.into()))
}

struct Outline<'o> {
    snapshot: &'o Snapshot,
    target: &'o Target,
    tree: &'o Tree,
    kind: DocumentKind,
}

impl Outline<'_> {
    fn below(&self, node: NodeId, depth: usize) -> Vec<DocumentSymbol> {
        if depth > MAX_DEPTH {
            return Vec::new();
        }
        let tree = self.tree;
        let entries = tree.pairs(node).map(|(key, value)| {
            let name = tree.text(key).to_owned();
            self.symbol(name, tree.span(key), key, value, depth)
        });
        let items = tree.items(node).iter().enumerate().map(|(at, item)| {
            let name = self.item_name(*item, at);
            self.symbol(name, tree.span(*item), *item, *item, depth)
        });
        entries.chain(items).collect()
    }

    /// What a person calls an item: by its name, or by its number.
    fn item_name(&self, item: NodeId, at: usize) -> String {
        let tree = self.tree;
        if tree.is_scalar(item) {
            return shorten(tree.text(item));
        }
        let named = ["name", "variable", "value", "identity"]
            .into_iter()
            .find_map(|key| tree.get(item, key).filter(|it| tree.is_scalar(*it)));
        match named {
            Some(named) => shorten(tree.text(named)),
            None => format!("{}", at + 1),
        }
    }

    fn symbol(
        &self,
        name: String,
        selected: Span,
        first: NodeId,
        value: NodeId,
        depth: usize,
    ) -> DocumentSymbol {
        let tree = self.tree;
        let whole = tree.span(first).to(tree.span(value));
        // the protocol wants the selection inside the whole, also in texts that are half written
        let whole = Span::new(whole.start.min(selected.start), whole.end.max(selected.end));
        let children = self.below(value, depth + 1);
        let shape = shape_of(tree, value, self.kind, 0).filter(|_| !tree.is_sequence(value));
        let noun = shape.map_or("", |id| self::shape(id).noun);
        let detail = match tree.is_scalar(value) && first != value {
            true => shorten(tree.text(value)),
            false => noun.to_owned(),
        };
        #[expect(deprecated, reason = "the field must be given, and is")]
        DocumentSymbol {
            name: if name.is_empty() {
                "\"\"".to_owned()
            } else {
                name
            },
            detail: (!detail.is_empty()).then_some(detail),
            kind: kind(tree, value, noun),
            tags: None,
            deprecated: None,
            range: self.target.range(self.snapshot, whole),
            selection_range: self.target.range(self.snapshot, selected),
            children: (!children.is_empty()).then_some(children),
        }
    }
}

fn kind(tree: &Tree, value: NodeId, noun: &str) -> SymbolKind {
    match noun {
        "parameter" | "parameter rule" => SymbolKind::Variable,
        "credential" | "setting" | "client setting" | "subscription field" => SymbolKind::Field,
        "option" => SymbolKind::EnumMember,
        _ if tree.is_sequence(value) => SymbolKind::Array,
        _ if tree.is_mapping(value) => SymbolKind::Object,
        _ => SymbolKind::String,
    }
}

#[expect(deprecated, reason = "the field must be given, and is")]
fn flatten(
    symbol: DocumentSymbol,
    container: Option<&str>,
    uri: &lsp_types::Uri,
    flat: &mut Vec<SymbolInformation>,
) {
    let information = SymbolInformation {
        deprecated: None,
        location: Location {
            uri: uri.clone(),
            range: symbol.range,
        },
        base_symbol_information: BaseSymbolInformation {
            name: symbol.name.clone(),
            kind: symbol.kind,
            tags: None,
            container_name: container.map(str::to_owned),
        },
    };
    flat.push(information);
    for child in symbol.children.into_iter().flatten() {
        flatten(child, Some(&symbol.name), uri, flat);
    }
}
