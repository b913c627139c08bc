//! Percent-decoding, query strings, cookies.

use crate::value::Str;

/// Decodes `%41`, and `+` as a space where a form says so. Sequences that are not UTF-8 become replacement characters.
fn decode(text: &str, plus: Plus) -> Str {
    if !text.bytes().any(|b| b == b'%' || (b == b'+' && plus == Plus::Space)) {
        return text.into();
    }
    let bytes = text.as_bytes();
    let mut out = Vec::with_capacity(bytes.len());
    let mut rest = bytes;
    while let [first, tail @ ..] = rest {
        rest = tail;
        match (first, tail) {
            (b'%', [high, low, after @ ..]) => {
                if let (Some(high), Some(low)) = (hex(*high), hex(*low)) {
                    out.push(high << 4 | low);
                    rest = after;
                } else {
                    out.push(b'%');
                }
            }
            (b'+', _) if plus == Plus::Space => out.push(b' '),
            (byte, _) => out.push(*byte),
        }
    }
    String::from_utf8_lossy(&out).as_ref().into()
}

/// What `+` means.
#[derive(Clone, Copy, PartialEq)]
enum Plus {
    Itself,
    Space,
}

fn hex(byte: u8) -> Option<u8> {
    char::from(byte).to_digit(16).and_then(|digit| u8::try_from(digit).ok())
}

/// A segment of a path, decoded.
pub(crate) fn segment(text: &str) -> Str {
    decode(text, Plus::Itself)
}

/// The pairs of a query string or an urlencoded form.
pub(crate) fn pairs(query: &str) -> impl Iterator<Item = (Str, Str)> + '_ {
    query.split('&').filter(|pair| !pair.is_empty()).map(|pair| {
        let (name, value) = pair.split_once('=').unwrap_or((pair, ""));
        (decode(name, Plus::Space), decode(value, Plus::Space))
    })
}

/// `name=value` of a `Cookie` header.
pub(crate) fn cookie(pair: &str) -> Option<(Str, Str)> {
    let (name, value) = pair.trim().split_once('=')?;
    Some((name.into(), decode(value.trim_matches('"'), Plus::Itself)))
}

/// A `Set-Cookie` line with the safe defaults.
pub(crate) fn set_cookie(name: &str, value: &str) -> String {
    let mut line = String::with_capacity(name.len() + value.len() + 48);
    line.push_str(name);
    line.push('=');
    for byte in value.bytes() {
        if byte.is_ascii_alphanumeric() || b"-_.!~*'()".contains(&byte) {
            line.push(char::from(byte));
        } else {
            line.push_str(&format!("%{byte:02X}"));
        }
    }
    line.push_str("; Path=/; HttpOnly; Secure; SameSite=Lax");
    line
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn decodes_what_is_encoded_and_keeps_the_rest() {
        assert_eq!(segment("a%20b+c%zz%4"), "a b+c%zz%4");
        let pairs: Vec<_> = pairs("q=a+b%26&flag&=x").collect();
        assert_eq!(pairs, [("q".into(), "a b&".into()), ("flag".into(), "".into()), ("".into(), "x".into())]);
    }
}
