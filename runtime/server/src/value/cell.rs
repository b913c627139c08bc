//! A variable that a function shares with its closures.

use std::sync::Arc;

use parking_lot::Mutex;

/// A `mut` variable that a closure captured: all who hold the cell see the updates.
pub struct Shared<T>(Arc<Mutex<T>>);

impl<T> Shared<T> {
    /// A cell with its first value.
    #[must_use]
    pub fn new(value: T) -> Self {
        Self(Arc::new(Mutex::new(value)))
    }

    /// A copy of the value.
    #[must_use]
    pub fn get(&self) -> T
    where
        T: Clone,
    {
        self.0.lock().clone()
    }

    /// Replaces the value.
    pub fn set(&self, value: T) {
        // The old value is dropped after the lock is given back.
        let _old = std::mem::replace(&mut *self.0.lock(), value);
    }

    /// Updates the value in place. `with` must be short and must not use the cell by other ways.
    pub fn write<R>(&self, with: impl FnOnce(&mut T) -> R) -> R {
        with(&mut self.0.lock())
    }
}

impl<T> Clone for Shared<T> {
    fn clone(&self) -> Self {
        Self(Arc::clone(&self.0))
    }
}
