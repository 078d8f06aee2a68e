use super::Document;
use crate::format::{ShapeId, shapes};
use crate::yaml::{NodeId, Tree};

impl Document {
    /// Every node that the schema knows, with its shape, as it is written: an alias stands for
    /// itself, and what it names is visited where it is written. Found on first use.
    pub fn shaped(&self) -> &[(NodeId, ShapeId)] {
        self.shaped.get_or_init(|| {
            let tree = self.tree();
            let mut found = Vec::new();
            if let Some(root) = tree.root() {
                visit(tree, root, shapes().root(self.kind), &mut found, 0);
            }
            found
        })
    }
}

fn visit(tree: &Tree, node: NodeId, id: ShapeId, found: &mut Vec<(NodeId, ShapeId)>, depth: usize) {
    if depth > 64 {
        return;
    }
    found.push((node, id));
    let shape = shapes().get(id);
    for (key, value) in tree.pairs(node) {
        let property = tree
            .is_scalar(key)
            .then(|| shape.property(tree.text(key)).or(shape.additional))
            .flatten();
        if let Some(property) = property {
            visit(tree, value, property, found, depth + 1);
        }
    }
    if let Some(items) = shape.items.filter(|_| tree.is_sequence(node)) {
        for item in tree.items(node) {
            visit(tree, *item, items, found, depth + 1);
        }
    }
}
