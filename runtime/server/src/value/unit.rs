//! Small types: spans of time, sizes, and the type without values.

/// A span of time in milliseconds.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Duration(pub i64);

/// A size in bytes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Size(pub i64);

impl Duration {
    /// The milliseconds.
    #[must_use]
    pub const fn ms(self) -> i64 {
        self.0
    }
}

impl Size {
    /// The bytes.
    #[must_use]
    pub const fn bytes(self) -> i64 {
        self.0
    }
}

/// The type of what never ends normally.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Never {}

macro_rules! arithmetic {
    ($($unit:ident),*) => {$(
        impl std::ops::Add for $unit {
            type Output = Self;
            #[track_caller]
            fn add(self, other: Self) -> Self {
                Self(super::int::add(self.0, other.0))
            }
        }

        impl std::ops::Sub for $unit {
            type Output = Self;
            #[track_caller]
            fn sub(self, other: Self) -> Self {
                Self(super::int::sub(self.0, other.0))
            }
        }

        impl std::ops::Mul<i64> for $unit {
            type Output = Self;
            #[track_caller]
            fn mul(self, factor: i64) -> Self {
                Self(super::int::mul(self.0, factor))
            }
        }

        impl std::ops::Mul<$unit> for i64 {
            type Output = $unit;
            #[track_caller]
            fn mul(self, unit: $unit) -> $unit {
                unit * self
            }
        }

        impl std::ops::Neg for $unit {
            type Output = Self;
            #[track_caller]
            fn neg(self) -> Self {
                Self(super::int::sub(0, self.0))
            }
        }
    )*};
}

arithmetic!(Duration, Size);
