use super::Document;
use crate::format::{Shape, ShapeId, Shapes, shapes};
use crate::yaml::{Kind, NodeId, Tree};

/// What the schema of a document says of its nodes.
#[derive(Debug, Default)]
pub(super) struct Shaped {
    nodes: Vec<(NodeId, ShapeId)>,
    strangers: Vec<Stranger>,
}

/// A key that the schema does not list, in a mapping with a fixed set of keys.
#[derive(Clone, Copy, Debug)]
pub struct Stranger {
    /// The key.
    pub key: NodeId,
    /// Its value.
    pub value: NodeId,
    /// The shape of the mapping.
    pub mapping: ShapeId,
}

impl Document {
    /// Every node that the schema knows, with its shape, as it is written: an alias stands for
    /// itself, and what it names is visited where it is written. Found on first use.
    pub fn shaped(&self) -> &[(NodeId, ShapeId)] {
        &self.look_at_schema().nodes
    }

    /// What the schema says of a node; `None` if it does not know it.
    pub fn shape_of(&self, node: NodeId) -> Option<&'static Shape> {
        let shaped = self.shaped();
        // they are visited in the order in which they are written, which is that of their numbers
        let at = shaped.binary_search_by_key(&node, |(node, _)| *node).ok()?;
        shaped.get(at).map(|(_, id)| shapes().get(*id))
    }

    /// The keys that the schema does not know.
    pub fn strangers(&self) -> &[Stranger] {
        &self.look_at_schema().strangers
    }

    fn look_at_schema(&self) -> &Shaped {
        self.known.shaped.get_or_init(|| {
            let (tree, shapes) = (self.tree(), shapes());
            let found = Shaped {
                // keys have no shape of their own
                nodes: Vec::with_capacity(tree.nodes().len() / 2),
                strangers: Vec::new(),
            };
            let mut walk = Walk {
                tree,
                shapes,
                found,
            };
            if let Some(root) = tree.root() {
                walk.visit(root, shapes.root(self.kind), 0);
            }
            walk.found
        })
    }
}

struct Walk<'w> {
    tree: &'w Tree,
    shapes: &'static Shapes,
    found: Shaped,
}

impl Walk<'_> {
    fn visit(&mut self, node: NodeId, id: ShapeId, depth: usize) {
        if depth > 64 {
            return;
        }
        self.found.nodes.push((node, id));
        let (tree, shape) = (self.tree, self.shapes.get(id));
        match tree.kind(node) {
            Kind::Mapping { .. } => {
                let closed = shape.additional.is_none() && !shape.properties.is_empty();
                for (key, value) in tree.pairs(node) {
                    if !tree.is_scalar(key) {
                        continue;
                    }
                    match shape.property(tree.text(key)).or(shape.additional) {
                        Some(property) => self.visit(value, property, depth + 1),
                        None if closed => self.found.strangers.push(Stranger {
                            key,
                            value,
                            mapping: id,
                        }),
                        None => {}
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
