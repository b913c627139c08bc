//! What can be a key of a map or an element of a set.

use std::hash::{Hash, Hasher};

use super::{Any, Duration, List, Size, Str};

/// A value that maps and sets can find.
pub trait Key: Clone + PartialEq {
    /// Feeds the value to a hasher; equal values feed the same.
    fn hash_key(&self, state: &mut dyn Hasher);
}

/// A borrowed form in which a key can be looked up.
pub trait Lookup<K> {
    /// Feeds the hasher as the key would.
    fn hash_lookup(&self, state: &mut dyn Hasher);
    /// Whether it stands for `key`.
    fn is_key(&self, key: &K) -> bool;
}

impl<K: Key> Lookup<K> for K {
    fn hash_lookup(&self, state: &mut dyn Hasher) {
        self.hash_key(state);
    }

    fn is_key(&self, key: &K) -> bool {
        self == key
    }
}

impl Lookup<Str> for str {
    fn hash_lookup(&self, state: &mut dyn Hasher) {
        hash_text(self, state);
    }

    fn is_key(&self, key: &Str) -> bool {
        self == key
    }
}

fn hash_text(text: &str, state: &mut dyn Hasher) {
    state.write(text.as_bytes());
    state.write_u8(0xff);
}

/// A key as the hash tables keep it.
#[derive(Clone, Debug)]
pub(crate) struct Slot<K>(pub(crate) K);

/// A lookup as the hash tables take it.
pub(crate) struct Probe<'a, Q: ?Sized>(pub(crate) &'a Q);

impl<K: Key> Hash for Slot<K> {
    fn hash<H: Hasher>(&self, state: &mut H) {
        self.0.hash_key(state);
    }
}

impl<K: Key> PartialEq for Slot<K> {
    fn eq(&self, other: &Self) -> bool {
        self.0 == other.0
    }
}

impl<K: Key> Eq for Slot<K> {}

impl<Q: ?Sized> Probe<'_, Q> {
    /// The lookup with its kind of key fixed, so that it can be hashed.
    pub(crate) const fn of<K>(&self) -> Probing<'_, Q, K> {
        Probing(self.0, std::marker::PhantomData)
    }
}

/// A lookup for keys of type `K`.
pub(crate) struct Probing<'a, Q: ?Sized, K>(&'a Q, std::marker::PhantomData<K>);

impl<K, Q: Lookup<K> + ?Sized> Hash for Probing<'_, Q, K> {
    fn hash<H: Hasher>(&self, state: &mut H) {
        self.0.hash_lookup(state);
    }
}

impl<K, Q: Lookup<K> + ?Sized> indexmap::Equivalent<Slot<K>> for Probing<'_, Q, K> {
    fn equivalent(&self, key: &Slot<K>) -> bool {
        self.0.is_key(&key.0)
    }
}

impl Key for Str {
    fn hash_key(&self, state: &mut dyn Hasher) {
        hash_text(self, state);
    }
}

impl Key for i64 {
    fn hash_key(&self, state: &mut dyn Hasher) {
        state.write_i64(*self);
    }
}

impl Key for bool {
    fn hash_key(&self, state: &mut dyn Hasher) {
        state.write_u8(u8::from(*self));
    }
}

impl Key for f64 {
    fn hash_key(&self, state: &mut dyn Hasher) {
        // Both zeros are equal.
        state.write_u64(if *self == 0.0 { 0 } else { self.to_bits() });
    }
}

impl Key for () {
    fn hash_key(&self, _: &mut dyn Hasher) {}
}

impl Key for Duration {
    fn hash_key(&self, state: &mut dyn Hasher) {
        state.write_i64(self.0);
    }
}

impl Key for Size {
    fn hash_key(&self, state: &mut dyn Hasher) {
        state.write_i64(self.0);
    }
}

impl<T: Key> Key for Option<T> {
    fn hash_key(&self, state: &mut dyn Hasher) {
        state.write_u8(u8::from(self.is_some()));
        if let Some(value) = self {
            value.hash_key(state);
        }
    }
}

impl<T: Key> Key for List<T> {
    fn hash_key(&self, state: &mut dyn Hasher) {
        state.write_usize(self.len());
        self.iter().for_each(|item| item.hash_key(state));
    }
}

impl<T: Key> Key for std::sync::Arc<T> {
    fn hash_key(&self, state: &mut dyn Hasher) {
        (**self).hash_key(state);
    }
}

impl Key for Any {
    fn hash_key(&self, state: &mut dyn Hasher) {
        match self {
            Self::Nil => state.write_u8(0),
            Self::Bool(b) => b.hash_key(state),
            // An int equals the float of the same value.
            #[expect(clippy::cast_precision_loss, reason = "a coarser hash is still a hash")]
            Self::Int(n) => (*n as f64).hash_key(state),
            Self::Float(f) => f.hash_key(state),
            Self::Str(s) => s.hash_key(state),
            Self::List(items) => items.hash_key(state),
            // Equality of maps does not look at the order.
            Self::Map(map) => state.write_usize(map.len()),
        }
    }
}

macro_rules! tuple_keys {
    ($(($($T:ident $index:tt),+);)*) => {$(
        impl<$($T: Key),+> Key for ($($T,)+) {
            fn hash_key(&self, state: &mut dyn Hasher) {
                $(self.$index.hash_key(state);)+
            }
        }
    )*};
}

tuple_keys! {
    (A 0, B 1);
    (A 0, B 1, C 2);
    (A 0, B 1, C 2, D 3);
    (A 0, B 1, C 2, D 3, E 4);
    (A 0, B 1, C 2, D 3, E 4, F 5);
}
