//! The keys of a mapping that a schema knows, found quickly: every key of every document is looked
//! up here by several readers.

use super::shape::{ShapeId, Shapes};
use std::ops::Deref;
use std::sync::OnceLock;

/// Keys and their shapes, in the order in which an author would write them.
#[derive(Debug, Default)]
pub struct Properties {
    entries: Vec<(&'static str, ShapeId)>,
    /// Where [`slot`] begins to look for a key: what is [told] of it, and its place, one more than
    /// it is; 0 where there is none. At most half full, and a power of two long.
    table: Vec<(u32, u16)>,
    /// Places of the keys that the SDK demands; found on first use, because shapes may refer to
    /// themselves.
    demanded: OnceLock<Vec<usize>>,
}

impl Properties {
    /// The place of a key among the others.
    #[inline]
    pub fn position(&self, key: &str) -> Option<usize> {
        let wanted = told(key);
        let mut at = slot(wanted, self.table.len());
        loop {
            let (told, place) = *self.table.get(at)?;
            let place = usize::from(place).checked_sub(1)?;
            if told == wanted && self.entries.get(place)?.0 == key {
                return Some(place);
            }
            at = (at + 1) & (self.table.len() - 1);
        }
    }

    /// Places of the keys that the SDK demands.
    pub(super) fn demanded(&self, shapes: &Shapes) -> &[usize] {
        self.demanded.get_or_init(|| {
            let all = self.entries.iter().enumerate();
            let demanded = all.filter(|(_, (_, id))| {
                let sdk = shapes.get(*id).sdk.as_ref();
                sdk.is_some_and(|sdk| sdk.required)
            });
            demanded.map(|(at, _)| at).collect()
        })
    }
}

impl FromIterator<(&'static str, ShapeId)> for Properties {
    fn from_iter<T: IntoIterator<Item = (&'static str, ShapeId)>>(entries: T) -> Self {
        let entries: Vec<_> = entries.into_iter().collect();
        let mut table = vec![(0, 0); (entries.len() * 2).next_power_of_two()];
        for (place, (key, _)) in (1..).zip(&entries) {
            let mut at = slot(told(key), table.len());
            while table[at].1 != 0 {
                at = (at + 1) & (table.len() - 1);
            }
            table[at] = (told(key), place);
        }
        Self {
            entries,
            table,
            demanded: OnceLock::new(),
        }
    }
}

impl Deref for Properties {
    type Target = [(&'static str, ShapeId)];

    fn deref(&self) -> &Self::Target {
        &self.entries
    }
}

/// Length, first, middle and last byte of a key: they tell nearly all keys from each other.
#[inline]
const fn told(key: &str) -> u32 {
    let bytes = key.as_bytes();
    let length = bytes.len();
    if length == 0 {
        return 0;
    }
    let ends = (bytes[0] as u32) << 8 | (bytes[length - 1] as u32) << 24;
    length as u32 & 0xff | ends | (bytes[length / 2] as u32) << 16
}

/// Where to begin to look for a key of which this is told, in a table of this length.
#[inline]
const fn slot(told: u32, table: usize) -> usize {
    // the multiplier of Fibonacci hashing: the upper bits depend on all of the lower ones
    (told.wrapping_mul(0x9e37_79b9) >> 16) as usize & table.saturating_sub(1)
}

#[cfg(test)]
mod tests {
    use crate::format::{DocumentKind, shape_of};

    #[test]
    fn every_key_is_found_where_it_stands() {
        for kind in DocumentKind::ALL {
            let properties = &shape_of(kind).properties;
            for (at, (key, _)) in properties.iter().enumerate() {
                assert_eq!(properties.position(key), Some(at), "{key}");
            }
            for stranger in ["", "?", "label?", "lable", &"label".repeat(60)] {
                assert_eq!(properties.position(stranger), None, "{stranger}");
            }
        }
    }
}
