use super::once::held;
use std::any::{Any, TypeId};
use std::sync::{Arc, Mutex};

/// What was derived from one thing, each kind once; found again by its type.
#[derive(Debug, Default)]
pub struct Derived(Mutex<Vec<(TypeId, Arc<dyn Any + Send + Sync>)>>);

impl Derived {
    /// The value of this type, made on first use.
    pub fn get<T: Any + Send + Sync>(&self, make: impl FnOnce() -> T) -> Arc<T> {
        let known = |values: &Vec<(TypeId, Arc<dyn Any + Send + Sync>)>| {
            let (_, value) = values.iter().find(|(id, _)| *id == TypeId::of::<T>())?;
            value.clone().downcast::<T>().ok()
        };
        if let Some(known) = known(&held(&self.0)) {
            return known;
        }
        let made = Arc::new(make());
        let mut values = held(&self.0);
        // the first that was made stays, so that all see the same
        known(&values).unwrap_or_else(|| {
            values.push((TypeId::of::<T>(), made.clone()));
            made
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_type_is_made_once() {
        let derived = Derived::default();
        assert_eq!(*derived.get(|| 1_u8), 1);
        assert_eq!(*derived.get(|| 2_u8), 1);
        assert_eq!(*derived.get(|| 3_u16), 3);
    }
}
