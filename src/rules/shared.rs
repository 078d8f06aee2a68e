//! What several checks ask for, found once in a run.

use super::code::{Code, Modules};
use super::models::Section;
use super::sources::Named;
use crate::plugin::Document;
use hashbrown::HashMap;
use std::cell::{OnceCell, RefCell};
use std::sync::Arc;

/// What was found for one check and serves the others.
#[derive(Default)]
pub struct Shared<'p> {
    sections: OnceCell<Arc<[Section<'p>]>>,
    named: OnceCell<Arc<[Named<'p>]>>,
    modules: OnceCell<Arc<Modules>>,
    /// By the address of the document.
    code: RefCell<HashMap<*const Document, Vec<Arc<Code<'p>>>>>,
}

impl<'p> Shared<'p> {
    /// What the model providers list.
    pub fn sections(&self, find: impl FnOnce() -> Vec<Section<'p>>) -> Arc<[Section<'p>]> {
        self.sections.get_or_init(|| find().into()).clone()
    }

    /// The sources that the SDK imports at start-up.
    pub fn named(&self, find: impl FnOnce() -> Vec<Named<'p>>) -> Arc<[Named<'p>]> {
        self.named.get_or_init(|| find().into()).clone()
    }

    /// Every source that some document reaches.
    pub fn modules(&self, find: impl FnOnce() -> Modules) -> Arc<Modules> {
        self.modules.get_or_init(|| Arc::new(find())).clone()
    }

    /// The code behind a document.
    pub fn code(
        &self,
        document: &'p Document,
        find: impl FnOnce() -> Vec<Arc<Code<'p>>>,
    ) -> Vec<Arc<Code<'p>>> {
        let key = std::ptr::from_ref(document);
        let known = self.code.borrow().get(&key).cloned();
        known.unwrap_or_else(|| {
            let found = find();
            self.code.borrow_mut().insert(key, found.clone());
            found
        })
    }
}
