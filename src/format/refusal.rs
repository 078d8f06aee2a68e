use crate::finding::{RuleId, Stages};
use crate::yaml::{NodeId, Reader};

/// Which side of a mapping entry a refusal is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Part {
    /// The node itself.
    Value,
    /// The keys of the mapping: something is missing in it.
    Inside,
}

/// One reader's objection to one node.
#[derive(Clone, Debug)]
pub struct Refusal {
    /// The rule under which it is reported.
    pub rule: RuleId,
    /// The node in the document as it is written.
    pub node: NodeId,
    /// What of the node is meant.
    pub part: Part,
    /// Who objects.
    pub reader: Reader,
    /// The stages at which this stops the plugin; none: something is lost silently.
    pub stages: Stages,
    /// What is wrong.
    pub message: String,
    /// What the reader does about it.
    pub note: String,
    /// What to do.
    pub help: Option<String>,
    /// Another node that matters, with a remark.
    pub also: Option<(NodeId, &'static str)>,
    /// The key that is missing, where one is: in the mapping `node`, or for the key `node`.
    pub missing: Option<String>,
}
