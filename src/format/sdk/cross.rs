//! Rules of the SDK that look at several keys of one mapping.

use super::{Checker, get, is_text, scalar_of, text_of};
use crate::finding::Stage;
use crate::yaml::{NodeId, python};

impl Checker<'_> {
    pub(super) fn cross(&mut self, mapping: NodeId, check: &str) {
        if check == "multiple" && self.tree.is_mapping(mapping) {
            self.multiple(mapping);
        }
    }

    /// `multiple` is for selections only, and decides whether `default` is a list (SDK 0.10.0).
    fn multiple(&mut self, parameter: NodeId) {
        let tree = self.tree;
        let Some(kind) = get(tree, parameter, "type").filter(|node| is_text(tree, *node)) else {
            return;
        };
        let selects = matches!(text_of(tree, kind), "select" | "dynamic-select");
        let flag = get(tree, parameter, "multiple");
        let multiple = flag.is_some_and(|node| is_true(tree, node));
        if multiple && !selects {
            self.refuse(
                "parameter/multiple-without-select",
                flag.unwrap_or(parameter),
                format!(
                    "`multiple` does not go with the type `{}`",
                    text_of(tree, kind)
                ),
                "the SDK allows several values for `select` and `dynamic-select` only",
                Some("remove `multiple`, or make the parameter a `select`".to_owned()),
            );
            if let Some(refusal) = self.refusals.last_mut() {
                // the API's own entity has the same check
                refusal.stages = refusal.stages.with(Stage::Console);
            }
            return;
        }
        let default = get(tree, parameter, "default").and_then(|node| tree.target(node));
        let Some(default) = default.filter(|node| selects && !self.is_null(*node)) else {
            return;
        };
        if tree.is_sequence(default) != multiple {
            let (wanted, reason, help) = if multiple {
                (
                    "a list",
                    "`multiple` is true",
                    "put it in a list, or remove `multiple`",
                )
            } else {
                let help = "keep one value, or write `multiple: true`";
                ("a single value", "`multiple` is not true", help)
            };
            self.refuse(
                "parameter/multiple-default",
                default,
                format!("`default` must be {wanted}, because {reason}"),
                "the SDK's validation stops at it",
                Some(help.to_owned()),
            );
        }
    }
}

/// What pydantic takes for true.
fn is_true(tree: &crate::yaml::Tree, node: NodeId) -> bool {
    match scalar_of(tree, node) {
        Some(python::Scalar::Bool(value)) => value,
        Some(python::Scalar::Str(text)) => {
            matches!(
                text.to_ascii_lowercase().as_str(),
                "1" | "t" | "y" | "yes" | "on" | "true"
            )
        }
        Some(python::Scalar::Int(_) | python::Scalar::Float(_)) => {
            python::truthy(tree, tree.target(node).unwrap_or(node))
        }
        _ => false,
    }
}
