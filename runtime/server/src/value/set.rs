//! `Set<T>`

use std::sync::Arc;

use indexmap::IndexSet;

use super::key::{Key, Probe, Slot};

/// A set in insertion order: a value that is updated in place while nobody else holds it.
#[derive(Debug)]
pub struct Set<T>(Arc<IndexSet<Slot<T>>>);

impl<T> Set<T> {
    /// The empty set.
    #[must_use]
    pub fn new() -> Self {
        Self(Arc::new(IndexSet::new()))
    }

    /// How many elements there are.
    #[must_use]
    pub fn length(&self) -> i64 {
        self.0.len() as i64
    }

    /// The elements in order.
    pub fn iter(&self) -> impl Iterator<Item = &T> {
        self.0.iter().map(|item| &item.0)
    }
}

impl<T: Key> Set<T> {
    /// Whether an equal element is in it.
    #[must_use]
    pub fn contains(&self, item: &T) -> bool {
        self.0.contains(&Probe(item).of::<T>())
    }

    /// Adds an element.
    pub fn insert(&mut self, item: T) {
        Arc::make_mut(&mut self.0).insert(Slot(item));
    }

    /// Removes an element; whether it was there.
    pub fn remove(&mut self, item: &T) -> bool {
        Arc::make_mut(&mut self.0).shift_remove(&Probe(item).of::<T>())
    }
}

impl<T> Clone for Set<T> {
    fn clone(&self) -> Self {
        Self(Arc::clone(&self.0))
    }
}

impl<T> Default for Set<T> {
    fn default() -> Self {
        Self::new()
    }
}

impl<T: Key> PartialEq for Set<T> {
    fn eq(&self, other: &Self) -> bool {
        self.0 == other.0
    }
}

impl<T: Key> FromIterator<T> for Set<T> {
    fn from_iter<I: IntoIterator<Item = T>>(items: I) -> Self {
        Self(Arc::new(items.into_iter().map(Slot).collect()))
    }
}

impl<T: Clone> IntoIterator for Set<T> {
    type Item = T;
    type IntoIter = std::vec::IntoIter<T>;

    fn into_iter(self) -> Self::IntoIter {
        self.iter().cloned().collect::<Vec<_>>().into_iter()
    }
}
