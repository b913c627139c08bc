//! Integers: what plain Rust operators with overflow checks do not give.

use super::fault;

macro_rules! checked {
    ($($(#[$doc:meta])* $name:ident => $checked:ident;)*) => {$(
        $(#[$doc])*
        #[must_use]
        #[track_caller]
        pub fn $name(a: i64, b: i64) -> i64 {
            match a.$checked(b) {
                Some(value) => value,
                None => fault("integer overflow"),
            }
        }
    )*};
}

checked! {
    /// The sum, a fault if it does not fit.
    add => checked_add;
    /// The difference, a fault if it does not fit.
    sub => checked_sub;
    /// The product, a fault if it does not fit.
    mul => checked_mul;
}

/// The quotient without fraction; a fault if `b` is 0.
#[must_use]
#[track_caller]
pub fn div(a: i64, b: i64) -> i64 {
    match (b, a.checked_div(b)) {
        (0, _) => fault("division by zero"),
        (_, Some(quotient)) => quotient,
        (_, None) => fault("integer overflow"),
    }
}

/// The remainder with the sign of `a`; a fault if `b` is 0.
#[must_use]
#[track_caller]
pub fn rem(a: i64, b: i64) -> i64 {
    if b == 0 { fault("division by zero") } else { a.wrapping_rem(b) }
}

/// The power; a fault if the exponent is negative or the result does not fit.
#[must_use]
#[track_caller]
pub fn pow(base: i64, exponent: i64) -> i64 {
    if exponent < 0 {
        fault("negative exponent");
    }
    // From these bases every power fits; from others an exponent of 64 does not.
    let exponent = match base {
        0 | 1 => exponent.min(1),
        -1 => exponent % 2,
        _ => exponent.min(64),
    };
    match base.checked_pow(exponent as u32) {
        Some(value) => value,
        None => fault("integer overflow"),
    }
}

/// Without its sign.
#[must_use]
#[track_caller]
pub fn abs(n: i64) -> i64 {
    match n.checked_abs() {
        Some(value) => value,
        None => fault("integer overflow"),
    }
}

/// Shift to the left; the count is taken modulo 64.
#[must_use]
pub const fn shl(a: i64, count: i64) -> i64 {
    a.wrapping_shl(count as u32)
}

/// Arithmetic shift to the right; the count is taken modulo 64.
#[must_use]
pub const fn shr(a: i64, count: i64) -> i64 {
    a.wrapping_shr(count as u32)
}

/// Logical shift to the right; the count is taken modulo 64.
#[must_use]
pub const fn ushr(a: i64, count: i64) -> i64 {
    a.cast_unsigned().wrapping_shr(count as u32).cast_signed()
}

/// The ints from `start` up to `end`, which is not included.
#[must_use]
pub fn range(start: i64, end: i64) -> super::List<i64> {
    (start..end).collect()
}

/// A random integer from `low` to `high`, both included.
#[must_use]
#[track_caller]
pub fn random(low: i64, high: i64) -> i64 {
    if low > high {
        fault(super::concat(&[&"no integer lies between ", &low, &" and ", &high]));
    }
    let width = i128::from(high) - i128::from(low) + 1;
    // 64 random bits over at most 2^64 numbers: the bias of the remainder is below what anybody can see.
    let offset = i128::from(super::float::random_bits()) % width;
    (i128::from(low) + offset) as i64
}

#[cfg(test)]
mod tests {
    use super::{pow, rem, shl, ushr};
    use crate::value::attempt;

    #[test]
    fn powers_and_remainders_follow_the_language() {
        assert_eq!((pow(2, 10), pow(-1, 1001), pow(0, 0), rem(-7, 3), rem(i64::MIN, -1)), (1024, -1, 1, -1, 0));
        assert_eq!(attempt(|| Ok(pow(2, 63))).unwrap_err().message, "integer overflow");
        assert_eq!(attempt(|| Ok(rem(1, 0))).unwrap_err().message, "division by zero");
        assert_eq!((shl(1, 65), ushr(-1, 60)), (2, 15));
    }
}
