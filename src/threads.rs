//! Work on the parts of one plugin, shared out among the threads that have no plugin of their own.
//!
//! Outside a pool of rayon, as in the language server, all of it is done by the caller.

use rayon::prelude::*;

/// What this makes of each, in the same order.
pub fn map<T: Sync, R: Send>(items: &[T], make: impl Fn(&T) -> R + Sync + Send) -> Vec<R> {
    if is_shared(items.len()) {
        items.par_iter().map(make).collect()
    } else {
        items.iter().map(make).collect()
    }
}

/// Lets each make what it makes on first use else, where threads share the work.
pub fn ahead<T: Sync>(items: &[T], make: impl Fn(&T) + Sync + Send) {
    if is_shared(items.len()) {
        items.par_iter().for_each(make);
    }
}

fn is_shared(items: usize) -> bool {
    items > 1 && rayon::current_thread_index().is_some()
}
