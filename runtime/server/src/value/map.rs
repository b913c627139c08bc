//! `Map<K, V>`

use std::sync::Arc;

use indexmap::IndexMap;

use super::key::{Key, Lookup, Probe, Slot};
use super::{List, concat, fault};

/// A map in insertion order: a value that is updated in place while nobody else holds it.
#[derive(Debug)]
pub struct Map<K, V>(Arc<IndexMap<Slot<K>, V>>);

impl<K, V> Map<K, V> {
    /// The empty map.
    #[must_use]
    pub fn new() -> Self {
        Self(Arc::new(IndexMap::new()))
    }

    /// How many entries there are.
    #[must_use]
    pub fn len(&self) -> usize {
        self.0.len()
    }

    /// Whether there is no entry.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// How many entries there are.
    #[must_use]
    pub fn length(&self) -> i64 {
        self.0.len() as i64
    }

    /// The entries in order.
    pub fn iter(&self) -> impl Iterator<Item = (&K, &V)> {
        self.0.iter().map(|(key, value)| (&key.0, value))
    }
}

impl<K: Key, V> Map<K, V> {
    /// The value for `key`.
    #[must_use]
    pub fn get<Q: Lookup<K> + ?Sized>(&self, key: &Q) -> Option<&V> {
        self.0.get(&Probe(key).of::<K>())
    }

    /// Whether there is an entry for `key`.
    #[must_use]
    pub fn contains_key<Q: Lookup<K> + ?Sized>(&self, key: &Q) -> bool {
        self.get(key).is_some()
    }
}

impl<K: Key, V: Clone> Map<K, V> {
    /// The keys.
    #[must_use]
    pub fn keys(&self) -> List<K> {
        self.iter().map(|(key, _)| key.clone()).collect()
    }

    /// The values.
    #[must_use]
    pub fn values(&self) -> List<V> {
        self.iter().map(|(_, value)| value.clone()).collect()
    }

    /// The entries.
    #[must_use]
    pub fn entries(&self) -> List<(K, V)> {
        self.clone().into_iter().collect()
    }

    /// Sets the value for `key`.
    pub fn insert(&mut self, key: K, value: V) {
        Arc::make_mut(&mut self.0).insert(Slot(key), value);
    }

    /// Removes the entry for `key`; whether there was one.
    pub fn remove(&mut self, key: &K) -> bool {
        Arc::make_mut(&mut self.0).shift_remove(&Probe(key).of::<K>()).is_some()
    }

    /// The place of the value for `key`, to update it; a fault if there is none.
    #[track_caller]
    pub fn entry_mut(&mut self, key: &K) -> &mut V
    where
        K: super::Show,
    {
        match Arc::make_mut(&mut self.0).get_mut(&Probe(key).of::<K>()) {
            Some(value) => value,
            None => fault(concat(&[&"no entry for ", key])),
        }
    }
}

impl<K, V> Clone for Map<K, V> {
    fn clone(&self) -> Self {
        Self(Arc::clone(&self.0))
    }
}

impl<K, V> Default for Map<K, V> {
    fn default() -> Self {
        Self::new()
    }
}

impl<K: Key, V: PartialEq> PartialEq for Map<K, V> {
    fn eq(&self, other: &Self) -> bool {
        self.0 == other.0
    }
}

impl<K: Key, V, const N: usize> From<[(K, V); N]> for Map<K, V> {
    fn from(entries: [(K, V); N]) -> Self {
        entries.into_iter().collect()
    }
}

impl<K: Key, V> FromIterator<(K, V)> for Map<K, V> {
    fn from_iter<I: IntoIterator<Item = (K, V)>>(entries: I) -> Self {
        Self(Arc::new(entries.into_iter().map(|(key, value)| (Slot(key), value)).collect()))
    }
}

impl<K: Clone, V: Clone> IntoIterator for Map<K, V> {
    type Item = (K, V);
    type IntoIter = std::vec::IntoIter<(K, V)>;

    fn into_iter(self) -> Self::IntoIter {
        let entries: Vec<_> = match Arc::try_unwrap(self.0) {
            Ok(entries) => entries.into_iter().map(|(key, value)| (key.0, value)).collect(),
            Err(entries) => entries.iter().map(|(key, value)| (key.0.clone(), value.clone())).collect(),
        };
        entries.into_iter()
    }
}

#[cfg(test)]
mod tests {
    use super::Map;
    use crate::value::{List, Str, show};

    #[test]
    fn entries_keep_the_order_of_insertion() {
        let mut m: Map<Str, i64> = Map::from([("b".into(), 1), ("a".into(), 2)]);
        let before = m.clone();
        m.insert("b".into(), 3);
        m.insert("c d".into(), 4);
        assert!(m.remove(&"a".into()) && !m.remove(&"a".into()));
        assert_eq!((show(&m), show(&before)), ("{b: 3, \"c d\": 4}".into(), "{b: 1, a: 2}".into()));
        assert_eq!((m.get("b"), m.get(&Str::from("x"))), (Some(&3), None));
    }

    #[test]
    fn equality_does_not_look_at_the_order() {
        assert_eq!(Map::from([(1, 2), (3, 4)]), Map::from([(3, 4), (1, 2)]));
        assert_eq!(Map::from([((1, 0.0), ())]).get(&(1, -0.0)), Some(&()));
        assert_eq!(Map::from([(List::from([1]), 1)]).get(&List::from([1])), Some(&1));
    }
}
