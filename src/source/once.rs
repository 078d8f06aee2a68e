use hashbrown::HashMap;
use std::sync::{Mutex, MutexGuard, PoisonError};

/// What is known of paths.
pub(super) type ByPath<T> = Mutex<HashMap<Box<str>, T>>;

/// The value of a path, found on first use. Nobody waits for another's path.
pub(super) fn once<T: Clone>(known: &ByPath<T>, path: &str, find: impl FnOnce() -> T) -> T {
    if let Some(value) = held(known).get(path) {
        return value.clone();
    }
    let value = find();
    // the first that was found stays, so that all see the same
    held(known).entry(path.into()).or_insert(value).clone()
}

/// The value behind a lock, also where a panic interrupted who held it: what is kept so is whole at
/// every moment.
pub fn held<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
