use super::Document;
use crate::format::{ShapeId, Shapes, shapes};
use crate::yaml::{Kind, NodeId, Tree};

impl Document {
    /// Every node that the schema knows, with its shape, as it is written: an alias stands for
    /// itself, and what it names is visited where it is written. Found on first use.
    pub fn shaped(&self) -> &[(NodeId, ShapeId)] {
        self.shaped.get_or_init(|| {
            let tree = self.tree();
            let mut found = Vec::new();
            if let Some(root) = tree.root() {
                let (shapes, found) = (shapes(), &mut found);
                Walk {
                    tree,
                    shapes,
                    found,
                }
                .visit(root, shapes.root(self.kind), 0);
            }
            found
        })
    }
}

struct Walk<'w> {
    tree: &'w Tree,
    shapes: &'static Shapes,
    found: &'w mut Vec<(NodeId, ShapeId)>,
}

impl Walk<'_> {
    fn visit(&mut self, node: NodeId, id: ShapeId, depth: usize) {
        if depth > 64 {
            return;
        }
        self.found.push((node, id));
        let (tree, shape) = (self.tree, self.shapes.get(id));
        match tree.kind(node) {
            Kind::Mapping { .. } => {
                for (key, value) in tree.pairs(node) {
                    let property = tree
                        .is_scalar(key)
                        .then(|| shape.property(tree.text(key)).or(shape.additional))
                        .flatten();
                    if let Some(property) = property {
                        self.visit(value, property, depth + 1);
                    }
                }
            }
            Kind::Sequence { .. } => {
                if let Some(items) = shape.items {
                    for item in tree.items(node) {
                        self.visit(*item, items, depth + 1);
                    }
                }
            }
            Kind::Scalar(_) | Kind::Alias => {}
        }
    }
}
