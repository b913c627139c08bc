//! The order of values.

use std::cmp::Ordering;

use super::{Duration, List, Size, Str};

/// A type whose values have an order.
pub trait Order {
    /// A total order; floats that are not numbers come last.
    fn order(&self, other: &Self) -> Ordering;
}

impl Order for i64 {
    fn order(&self, other: &Self) -> Ordering {
        self.cmp(other)
    }
}

impl Order for bool {
    fn order(&self, other: &Self) -> Ordering {
        self.cmp(other)
    }
}

impl Order for Str {
    fn order(&self, other: &Self) -> Ordering {
        // Bytes of UTF-8 order as the scalar values do.
        self.cmp(other)
    }
}

impl Order for Duration {
    fn order(&self, other: &Self) -> Ordering {
        self.cmp(other)
    }
}

impl Order for Size {
    fn order(&self, other: &Self) -> Ordering {
        self.cmp(other)
    }
}

impl Order for f64 {
    fn order(&self, other: &Self) -> Ordering {
        self.partial_cmp(other).unwrap_or_else(|| self.is_nan().cmp(&other.is_nan()))
    }
}

impl<T: Order> Order for Option<T> {
    fn order(&self, other: &Self) -> Ordering {
        match (self, other) {
            (Some(a), Some(b)) => a.order(b),
            (a, b) => a.is_some().cmp(&b.is_some()),
        }
    }
}

impl<T: Order> Order for List<T> {
    fn order(&self, other: &Self) -> Ordering {
        let pairs = self.iter().zip(other.iter());
        let differing = pairs.map(|(a, b)| a.order(b)).find(|order| order.is_ne());
        differing.unwrap_or_else(|| self.len().cmp(&other.len()))
    }
}

impl<T: PartialOrd> PartialOrd for List<T> {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        (**self).partial_cmp(&**other)
    }
}

macro_rules! tuple_orders {
    ($(($($T:ident $index:tt),+);)*) => {$(
        impl<$($T: Order),+> Order for ($($T,)+) {
            fn order(&self, other: &Self) -> Ordering {
                Ordering::Equal$(.then_with(|| self.$index.order(&other.$index)))+
            }
        }
    )*};
}

tuple_orders! {
    (A 0, B 1);
    (A 0, B 1, C 2);
    (A 0, B 1, C 2, D 3);
    (A 0, B 1, C 2, D 3, E 4);
    (A 0, B 1, C 2, D 3, E 4, F 5);
}
