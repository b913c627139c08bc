//! `[T]`

use std::ops::Deref;
use std::sync::Arc;

use super::{Order, concat, fault};

/// A list: a value that is updated in place while nobody else holds it.
#[derive(Debug)]
pub struct List<T>(Arc<Vec<T>>);

impl<T> List<T> {
    /// The empty list.
    #[must_use]
    pub fn new() -> Self {
        Self(Arc::new(Vec::new()))
    }

    /// How many elements there are.
    #[must_use]
    pub fn length(&self) -> i64 {
        self.0.len() as i64
    }

    /// The place of the element at `index`, which counts from the end if it is negative.
    fn offset(&self, index: i64) -> Option<usize> {
        let index = if index < 0 { index.checked_add(self.length())? } else { index };
        usize::try_from(index).ok().filter(|at| *at < self.0.len())
    }

    /// The element at `index`; a fault if there is none.
    #[must_use]
    #[track_caller]
    pub fn item(&self, index: i64) -> &T {
        match self.offset(index) {
            Some(at) => &self.0[at],
            None => out_of_range(index, "a list", self.length()),
        }
    }
}

/// Stops because there is nothing at `index`.
#[track_caller]
pub(crate) fn out_of_range(index: i64, what: &str, length: i64) -> ! {
    fault(concat(&[&"index ", &index, &" is out of range for ", &what, &" of length ", &length]))
}

impl<T: Clone> List<T> {
    /// The element at `index`, if there is one.
    #[must_use]
    pub fn at(&self, index: i64) -> Option<T> {
        self.offset(index).map(|at| self.0[at].clone())
    }

    /// The place of the element at `index`, to update it; a fault if there is none.
    #[track_caller]
    pub fn item_mut(&mut self, index: i64) -> &mut T {
        match self.offset(index) {
            Some(at) => &mut Arc::make_mut(&mut self.0)[at],
            None => out_of_range(index, "a list", self.length()),
        }
    }

    /// Adds an element at the end.
    pub fn push(&mut self, item: T) {
        Arc::make_mut(&mut self.0).push(item);
    }

    /// Takes the last element off.
    pub fn pop(&mut self) -> Option<T> {
        Arc::make_mut(&mut self.0).pop()
    }

    /// Takes the first element off.
    pub fn shift(&mut self) -> Option<T> {
        if self.0.is_empty() { None } else { Some(Arc::make_mut(&mut self.0).remove(0)) }
    }

    /// Adds an element at the start.
    pub fn unshift(&mut self, item: T) {
        Arc::make_mut(&mut self.0).insert(0, item);
    }

    /// Both lists, one after the other.
    #[must_use]
    pub fn concat(mut self, other: &Self) -> Self {
        if self.0.is_empty() {
            return other.clone();
        }
        Arc::make_mut(&mut self.0).extend_from_slice(&other.0);
        self
    }

    /// The elements from last to first.
    #[must_use]
    pub fn reversed(mut self) -> Self {
        Arc::make_mut(&mut self.0).reverse();
        self
    }

    /// The elements in order, equal ones as they were.
    #[must_use]
    pub fn sorted(mut self) -> Self
    where
        T: Order,
    {
        Arc::make_mut(&mut self.0).sort_by(Order::order);
        self
    }

    /// The elements in the order of the keys at the same places.
    #[must_use]
    pub fn sort_by_keys<K: Order>(&self, keys: &List<K>) -> Self {
        let mut pairs: Vec<_> = keys.iter().zip(self.iter()).collect();
        pairs.sort_by(|(a, _), (b, _)| a.order(b));
        pairs.into_iter().map(|(_, item)| item.clone()).collect()
    }

    /// Some of the elements, by Python's rules.
    #[must_use]
    #[track_caller]
    pub fn slice(&self, start: Option<i64>, end: Option<i64>, step: Option<i64>) -> Self {
        super::slice::picks(self.0.len(), start, end, step).map(|at| self.0[at].clone()).collect()
    }
}

impl<T> Clone for List<T> {
    fn clone(&self) -> Self {
        Self(Arc::clone(&self.0))
    }
}

impl<T> Default for List<T> {
    fn default() -> Self {
        Self::new()
    }
}

impl<T> Deref for List<T> {
    type Target = [T];

    fn deref(&self) -> &[T] {
        &self.0
    }
}

impl<T: PartialEq> PartialEq for List<T> {
    fn eq(&self, other: &Self) -> bool {
        self.0 == other.0
    }
}

impl<T> From<Vec<T>> for List<T> {
    fn from(items: Vec<T>) -> Self {
        Self(Arc::new(items))
    }
}

impl<T, const N: usize> From<[T; N]> for List<T> {
    fn from(items: [T; N]) -> Self {
        Self(Arc::new(items.into()))
    }
}

impl<T> FromIterator<T> for List<T> {
    fn from_iter<I: IntoIterator<Item = T>>(items: I) -> Self {
        Self(Arc::new(items.into_iter().collect()))
    }
}

impl<T: Clone> IntoIterator for List<T> {
    type Item = T;
    type IntoIter = IntoIter<T>;

    fn into_iter(self) -> IntoIter<T> {
        match Arc::try_unwrap(self.0) {
            Ok(items) => IntoIter::Owned(items.into_iter()),
            Err(items) => IntoIter::Snapshot { items, next: 0 },
        }
    }
}

impl<'a, T> IntoIterator for &'a List<T> {
    type Item = &'a T;
    type IntoIter = std::slice::Iter<'a, T>;

    fn into_iter(self) -> Self::IntoIter {
        self.0.iter()
    }
}

/// Walks a list by value: moves the elements out if nobody else holds the list.
pub enum IntoIter<T> {
    /// Nobody else holds it.
    Owned(std::vec::IntoIter<T>),
    /// Others hold it too, and may go on to update theirs.
    Snapshot {
        /// The elements.
        items: Arc<Vec<T>>,
        /// The next one.
        next: usize,
    },
}

impl<T: Clone> Iterator for IntoIter<T> {
    type Item = T;

    fn next(&mut self) -> Option<T> {
        match self {
            Self::Owned(items) => items.next(),
            Self::Snapshot { items, next } => {
                *next += 1;
                items.get(*next - 1).cloned()
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::List;
    use crate::value::attempt;

    #[test]
    fn a_clone_keeps_its_elements() {
        let mut xs = List::from([1, 2]);
        let before = xs.clone();
        xs.push(3);
        *xs.item_mut(0) = 9;
        assert_eq!((&*xs, &*before), (&[9, 2, 3][..], &[1, 2][..]));
    }

    #[test]
    fn negative_indices_count_from_the_end() {
        let xs = List::from([1, 2, 3]);
        assert_eq!((*xs.item(-1), xs.at(-4), xs.at(2)), (3, None, Some(3)));
        let message = attempt(|| Ok(*xs.item(3))).unwrap_err().message;
        assert_eq!(message, "index 3 is out of range for a list of length 3");
    }

    #[test]
    fn walking_takes_a_snapshot() {
        let mut xs = List::from([1, 2]);
        for x in xs.clone() {
            xs.push(x * 10);
        }
        assert_eq!(&*xs, &[1, 2, 10, 20]);
    }

    #[test]
    fn sorting_keeps_equal_elements_as_they_were() {
        let names = List::from(["b1", "a", "b2"]);
        assert_eq!(&*names.sort_by_keys(&List::from([2, 1, 2])), &["a", "b1", "b2"]);
        assert_eq!(&*List::from([2.0, f64::NAN, 1.0]).sorted()[..2].to_vec(), &[1.0, 2.0]);
    }
}
