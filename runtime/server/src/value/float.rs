//! Floats: JavaScript's text form and the functions of the standard library.

use std::collections::hash_map::RandomState;
use std::hash::{BuildHasher, Hasher};

use super::{Str, fault};

/// The text of a float as JavaScript prints it: the shortest digits that read back the same.
pub(crate) fn write(out: &mut Str, x: f64) {
    if x.is_nan() {
        return out.push_str("NaN");
    }
    if x.is_infinite() {
        return out.push_str(if x > 0.0 { "Infinity" } else { "-Infinity" });
    }
    if x == 0.0 {
        return out.push('0');
    }
    if let Some(text) = short(&mut [0; 24], x) {
        return out.push_str(text);
    }
    if let Some(text) = usual(&mut ryu::Buffer::new(), x) {
        return out.push_str(text);
    }
    unusual(out, x);
}

/// The text of a float of any magnitude.
fn unusual(out: &mut Str, x: f64) {
    if x < 0.0 {
        out.push('-');
    }
    // The shortest digits, of two equally near ones the even one, as ECMAScript asks for.
    let mut buffer = ryu::Buffer::new();
    let text = buffer.format_finite(x.abs());
    let (mantissa, exponent) = text.split_once('e').unwrap_or((text, "0"));
    let (whole, fraction) = mantissa.split_once('.').unwrap_or((mantissa, ""));
    let all = [whole, fraction].concat();
    let digits = all.trim_start_matches('0');
    // The decimal point stands after this many of the digits.
    let point = exponent.parse::<i32>().unwrap_or(0) + whole.len() as i32 - (all.len() - digits.len()) as i32;
    write_digits(out, digits.trim_end_matches('0'), point);
}

/// The text of a float of the usual magnitudes, where JavaScript and the shortest-digits routine agree but for a whole number's `.0`.
pub(crate) fn usual(buffer: &mut ryu::Buffer, x: f64) -> Option<&str> {
    let magnitude = x.abs();
    if !(1e-5..1e15).contains(&magnitude) {
        return None;
    }
    let text = buffer.format_finite(x);
    Some(text.strip_suffix(".0").unwrap_or(text))
}

/// The text of a float that has at most four decimals, as prices and measurements do: several times faster than the general routine.
///
/// With at most 15 digits no other decimal of that length reads back as the same float, so these are the shortest digits.
pub(crate) fn short(buffer: &mut [u8; 24], x: f64) -> Option<&str> {
    const DECIMALS: f64 = 10_000.0;
    let magnitude = x.abs();
    if !(1e-4..1e10).contains(&magnitude) {
        return None;
    }
    let scaled = (magnitude * DECIMALS + 0.5) as u64;
    #[expect(clippy::cast_precision_loss, reason = "it has at most 15 digits")]
    if scaled as f64 / DECIMALS != magnitude {
        return None;
    }
    let (mut whole, mut fraction) = (scaled / 10_000, scaled % 10_000);
    let mut at = buffer.len();
    let mut put = |digit: u8| {
        at -= 1;
        buffer[at] = digit;
    };
    if fraction > 0 {
        let mut is_end = true;
        for _ in 0..4 {
            let digit = (fraction % 10) as u8;
            fraction /= 10;
            is_end &= digit == 0;
            if !is_end {
                put(b'0' + digit);
            }
        }
        put(b'.');
    }
    loop {
        put(b'0' + (whole % 10) as u8);
        whole /= 10;
        if whole == 0 {
            break;
        }
    }
    if x < 0.0 {
        put(b'-');
    }
    std::str::from_utf8(&buffer[at..]).ok()
}

/// `Number::toString` of ECMAScript, from the digits and the place of the point.
fn write_digits(out: &mut Str, digits: &str, point: i32) {
    let count = i32::try_from(digits.len()).unwrap_or(i32::MAX);
    let zeros = |out: &mut Str, n: i32| (0..n).for_each(|_| out.push('0'));
    if count <= point && point <= 21 {
        out.push_str(digits);
        zeros(out, point - count);
    } else if 0 < point && point <= 21 {
        let (whole, fraction) = digits.split_at(point as usize);
        out.push_str(whole);
        out.push('.');
        out.push_str(fraction);
    } else if -6 < point && point <= 0 {
        out.push_str("0.");
        zeros(out, -point);
        out.push_str(digits);
    } else {
        let (first, rest) = digits.split_at(1);
        out.push_str(first);
        if !rest.is_empty() {
            out.push('.');
            out.push_str(rest);
        }
        out.push_str(if point > 0 { "e+" } else { "e-" });
        out.push_str(&(point - 1).abs().to_string());
    }
}

/// A float without fraction as an int; a fault if there is none.
#[track_caller]
fn whole(x: f64) -> i64 {
    // 2^63 is the first whole float that does not fit.
    if (-9_223_372_036_854_775_808.0..9_223_372_036_854_775_808.0).contains(&x) {
        return x as i64;
    }
    fault(super::concat(&[&x, &" does not fit an Int"]))
}

/// The greatest integer that is not above it.
#[must_use]
#[track_caller]
pub fn floor(x: f64) -> i64 {
    whole(x.floor())
}

/// The least integer that is not below it.
#[must_use]
#[track_caller]
pub fn ceil(x: f64) -> i64 {
    whole(x.ceil())
}

/// The nearest integer, halves up.
#[must_use]
#[track_caller]
pub fn round(x: f64) -> i64 {
    let below = x.floor();
    whole(if x - below >= 0.5 { below + 1.0 } else { below })
}

/// Without its fraction.
#[must_use]
#[track_caller]
pub fn trunc(x: f64) -> i64 {
    whole(x.trunc())
}

/// The power, with JavaScript's answer for bases of 1 and exponents that are not finite.
#[must_use]
pub fn pow(base: f64, exponent: f64) -> f64 {
    let undefined = exponent.is_nan() || (base.abs() == 1.0 && exponent.is_infinite());
    if undefined { f64::NAN } else { base.powf(exponent) }
}

/// With this many digits after the point, exact halves away from zero.
#[must_use]
#[track_caller]
pub fn to_fixed(x: f64, digits: i64) -> Str {
    let Some(count) = usize::try_from(digits).ok().filter(|count| *count <= 100) else {
        fault(super::concat(&[&"toFixed takes 0 to 100 digits, not ", &digits]));
    };
    if !x.is_finite() || x.abs() >= 1e21 {
        return super::show(&x);
    }
    let mut text = format!("{:.count$}", x.abs());
    // Rust rounds exact halves to even. A float that is no exact half differs from one within these digits.
    let longer = format!("{:.*}", count + 30, x.abs());
    let tail = &longer[longer.len() - 30..];
    if tail.starts_with('5') && tail[1..].bytes().all(|b| b == b'0') {
        let kept = longer[..longer.len() - 30].trim_end_matches('.');
        text = increment(kept);
    }
    let negative = x < 0.0 && text.bytes().any(|b| matches!(b, b'1'..=b'9'));
    if negative { super::concat(&[&"-", &text.as_str()]) } else { text.into() }
}

/// A decimal numeral, one unit of its last digit more.
fn increment(numeral: &str) -> String {
    let mut bytes = numeral.as_bytes().to_vec();
    for byte in bytes.iter_mut().rev() {
        match byte {
            b'9' => *byte = b'0',
            b'.' => {}
            digit => {
                *digit += 1;
                return bytes.iter().map(|b| *b as char).collect();
            }
        }
    }
    std::iter::once('1').chain(bytes.iter().map(|b| *b as char)).collect()
}

/// 64 random bits.
pub(crate) fn random_bits() -> u64 {
    // Every `RandomState` has new keys, seeded by the operating system.
    RandomState::new().build_hasher().finish()
}

/// A random number from 0 up to 1.
#[must_use]
pub fn random() -> f64 {
    (random_bits() >> 11) as f64 / (1u64 << 53) as f64
}

#[cfg(test)]
mod tests {
    use super::{round, short, to_fixed, unusual, usual};
    use crate::value::{Str, show};

    #[test]
    fn floats_are_shown_as_javascript_shows_them() {
        let cases = [
            (2.0, "2"),
            (0.1, "0.1"),
            (-0.0, "0"),
            (1e21, "1e+21"),
            (1e20, "100000000000000000000"),
            (123456.789, "123456.789"),
            (1.5e-7, "1.5e-7"),
            (0.000001, "0.000001"),
            (-100.0, "-100"),
            (122_217_675_443_250.12, "122217675443250.12"),
            (1_234_567_890_123_456.0, "1234567890123456"),
            (1e15, "1000000000000000"),
            (5e-324, "5e-324"),
            (f64::MAX, "1.7976931348623157e+308"),
            (f64::NAN, "NaN"),
            (f64::NEG_INFINITY, "-Infinity"),
        ];
        for (x, expected) in cases {
            assert_eq!(show(&x), expected);
        }
    }

    #[test]
    fn usual_and_unusual_ways_agree() {
        let mut bits: u64 = 1;
        for magnitude in [1e-5, 0.00002, 1.0, 999_999_999_999_999.9, 123_456_789_012_345.0] {
            for _ in 0..500 {
                bits = bits.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1);
                let x = magnitude * (1.0 - (bits >> 40) as f64 / 1e8);
                let mut text = Str::new();
                unusual(&mut text, x);
                let mut buffer = ryu::Buffer::new();
                assert!(usual(&mut buffer, x).is_none_or(|short| short == text), "{text}");
                assert!(short(&mut [0; 24], x).is_none_or(|short| short == text), "{text}");
            }
        }
    }

    #[test]
    fn floats_with_few_decimals_are_short() {
        for n in (1_i64..200_000).chain(99_999_999_000_000..99_999_999_001_000) {
            for x in [n as f64 / 10_000.0, n as f64 / -100.0] {
                let mut text = Str::new();
                unusual(&mut text, x);
                let mut buffer = [0; 24];
                let short = short(&mut buffer, x);
                assert!(short == Some(text.as_str()) || short.is_none() && x.abs() >= 1e10, "{text}");
            }
        }
        assert_eq!(short(&mut [0; 24], 0.1 + 0.2), None);
    }

    #[test]
    fn fixed_digits_round_exact_halves_away_from_zero() {
        let cases = [
            (0.5, 0, "1"),
            (2.5, 0, "3"),
            (-2.5, 0, "-3"),
            (1.005, 2, "1.00"),
            (9.5, 0, "10"),
            (1.25, 1, "1.3"),
            (-0.2, 0, "0"),
            (3.0, 2, "3.00"),
        ];
        for (x, digits, expected) in cases {
            assert_eq!(to_fixed(x, digits), expected, "{x} {digits}");
        }
    }

    #[test]
    fn rounding_takes_halves_up() {
        assert_eq!((round(2.5), round(-2.5), round(0.49999999999999994), round(-0.6)), (3, -2, 0, -1));
    }
}
