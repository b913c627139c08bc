//! JSON: writers that put values straight into one buffer, and the functions of the standard library.

use super::{Any, Duration, Fault, FromAny, Func, List, Map, Never, Set, Show, Size, Str, float, show};

pub use super::json_read::read;

/// The buffer that JSON is written into.
#[derive(Default)]
pub struct JsonWriter {
    /// The text so far.
    pub buf: Vec<u8>,
}

/// A type whose values can be written as JSON.
pub trait ToJson {
    /// Writes the value.
    fn to_json(&self, out: &mut JsonWriter);
}

impl JsonWriter {
    /// Writes a piece of JSON as it is.
    pub fn raw(&mut self, json: &str) {
        self.buf.extend_from_slice(json.as_bytes());
    }

    /// Writes a text in quotes, escaped.
    pub fn string(&mut self, text: &str) {
        let mut rest = text.as_bytes();
        self.buf.reserve(rest.len() + 2);
        self.buf.push(b'"');
        loop {
            let (plain, special) = rest.split_at(plain_length(rest));
            self.buf.extend_from_slice(plain);
            let Some((byte, after)) = special.split_first() else { break };
            self.escape(*byte);
            rest = after;
        }
        self.buf.push(b'"');
    }

    fn escape(&mut self, byte: u8) {
        match byte {
            b'"' => self.raw("\\\""),
            b'\\' => self.raw("\\\\"),
            b'\n' => self.raw("\\n"),
            b'\r' => self.raw("\\r"),
            b'\t' => self.raw("\\t"),
            0x08 => self.raw("\\b"),
            0x0c => self.raw("\\f"),
            _ => self.raw(&format!("\\u{byte:04x}")),
        }
    }

    /// Writes values between brackets.
    pub fn items<'a, T: ToJson + 'a>(&mut self, items: impl IntoIterator<Item = &'a T>) {
        self.raw("[");
        for (i, item) in items.into_iter().enumerate() {
            if i > 0 {
                self.raw(",");
            }
            item.to_json(self);
        }
        self.raw("]");
    }

    /// Writes the values of a record: each one follows its `,"name":`, the first one's without the comma.
    pub fn record(&mut self, fields: &[(&str, &dyn ToJson)]) {
        self.raw("{");
        for (i, (name, value)) in fields.iter().enumerate() {
            if i > 0 {
                self.raw(",");
            }
            self.string(name);
            self.raw(":");
            value.to_json(self);
        }
        self.raw("}");
    }

    /// The text.
    #[must_use]
    pub fn into_text(self) -> Str {
        String::from_utf8(self.buf).map(Str::from).unwrap_or_default()
    }
}

/// How many bytes at the start need no escape: eight at a time, then one by one.
fn plain_length(bytes: &[u8]) -> usize {
    const ONES: u64 = u64::MAX / 255;
    let holds = |word: u64, byte: u8| {
        let same = word ^ (ONES * u64::from(byte));
        same.wrapping_sub(ONES) & !same
    };
    let is_plain = |chunk: &[u8; 8]| {
        let word = u64::from_le_bytes(*chunk);
        let control = word.wrapping_sub(ONES * 0x20) & !word;
        (control | holds(word, b'"') | holds(word, b'\\')) & (ONES * 0x80) == 0
    };
    let (chunks, _) = bytes.as_chunks::<8>();
    let done = 8 * chunks.iter().take_while(|chunk| is_plain(chunk)).count();
    let special = |byte: &u8| *byte < 0x20 || matches!(byte, b'"' | b'\\');
    bytes[done..].iter().position(special).map_or(bytes.len(), |at| done + at)
}

/// `JSON.stringify(value)`
#[must_use]
pub fn stringify<T: ToJson + ?Sized>(value: &T) -> Str {
    let mut out = JsonWriter::default();
    value.to_json(&mut out);
    out.into_text()
}

/// `JSON.parse(text)`, checked against the type that is expected.
///
/// # Errors
/// The text is not JSON, or does not fit the type.
pub fn parse<T: FromAny>(text: &str) -> Result<T, Fault> {
    let value = read(text).map_err(|problem| Fault::with_status(400, "INVALID_JSON", problem))?;
    T::from_any(&value).map_err(Fault::from)
}

impl ToJson for () {
    fn to_json(&self, out: &mut JsonWriter) {
        out.raw("null");
    }
}

impl ToJson for Never {
    fn to_json(&self, _: &mut JsonWriter) {
        match *self {}
    }
}

impl ToJson for bool {
    fn to_json(&self, out: &mut JsonWriter) {
        out.raw(if *self { "true" } else { "false" });
    }
}

impl ToJson for i64 {
    fn to_json(&self, out: &mut JsonWriter) {
        let mut digits = [0; 20];
        let mut at = digits.len();
        let mut rest = self.unsigned_abs();
        loop {
            at -= 1;
            digits[at] = b'0' + (rest % 10) as u8;
            rest /= 10;
            if rest == 0 {
                break;
            }
        }
        if *self < 0 {
            out.buf.push(b'-');
        }
        out.buf.extend_from_slice(&digits[at..]);
    }
}

impl ToJson for f64 {
    fn to_json(&self, out: &mut JsonWriter) {
        if !self.is_finite() {
            return out.raw("null");
        }
        if let Some(text) = float::short(&mut [0; 24], *self) {
            return out.raw(text);
        }
        if let Some(text) = float::usual(&mut ryu::Buffer::new(), *self) {
            return out.raw(text);
        }
        let mut text = Str::new();
        float::write(&mut text, *self);
        out.raw(&text);
    }
}

impl ToJson for Str {
    fn to_json(&self, out: &mut JsonWriter) {
        out.string(self);
    }
}

impl ToJson for str {
    fn to_json(&self, out: &mut JsonWriter) {
        out.string(self);
    }
}

impl ToJson for Duration {
    fn to_json(&self, out: &mut JsonWriter) {
        self.0.to_json(out);
    }
}

impl ToJson for Size {
    fn to_json(&self, out: &mut JsonWriter) {
        self.0.to_json(out);
    }
}

impl ToJson for Any {
    fn to_json(&self, out: &mut JsonWriter) {
        match self {
            Self::Nil => out.raw("null"),
            Self::Bool(b) => b.to_json(out),
            Self::Int(n) => n.to_json(out),
            Self::Float(x) => x.to_json(out),
            Self::Str(text) => out.string(text),
            Self::List(items) => items.to_json(out),
            Self::Map(map) => map.to_json(out),
        }
    }
}

impl ToJson for Fault {
    fn to_json(&self, out: &mut JsonWriter) {
        out.record(&[("message", &self.message), ("code", &self.code), ("status", &self.status)]);
    }
}

impl<T: ToJson> ToJson for Option<T> {
    fn to_json(&self, out: &mut JsonWriter) {
        match self {
            Some(value) => value.to_json(out),
            None => out.raw("null"),
        }
    }
}

impl<T: ToJson> ToJson for std::sync::Arc<T> {
    fn to_json(&self, out: &mut JsonWriter) {
        (**self).to_json(out);
    }
}

impl<T: ToJson> ToJson for List<T> {
    fn to_json(&self, out: &mut JsonWriter) {
        out.items(self);
    }
}

impl<T: ToJson> ToJson for Set<T> {
    fn to_json(&self, out: &mut JsonWriter) {
        out.items(self.iter());
    }
}

impl<K: Show, V: ToJson> ToJson for Map<K, V> {
    fn to_json(&self, out: &mut JsonWriter) {
        out.raw("{");
        for (i, (key, value)) in self.iter().enumerate() {
            if i > 0 {
                out.raw(",");
            }
            out.string(&show(key));
            out.raw(":");
            value.to_json(out);
        }
        out.raw("}");
    }
}

impl<F: ?Sized> ToJson for Func<F> {
    fn to_json(&self, out: &mut JsonWriter) {
        out.raw("null");
    }
}

macro_rules! tuple_json {
    ($(($first:ident, $($T:ident $index:tt),+);)*) => {$(
        impl<$first: ToJson, $($T: ToJson),+> ToJson for ($first, $($T,)+) {
            fn to_json(&self, out: &mut JsonWriter) {
                out.raw("[");
                self.0.to_json(out);
                $(
                    out.raw(",");
                    self.$index.to_json(out);
                )+
                out.raw("]");
            }
        }
    )*};
}

tuple_json! {
    (A, B 1);
    (A, B 1, C 2);
    (A, B 1, C 2, D 3);
    (A, B 1, C 2, D 3, E 4);
    (A, B 1, C 2, D 3, E 4, F 5);
}

#[cfg(test)]
mod tests {
    use super::{parse, stringify};
    use crate::value::{Any, List, Map, Str};

    #[test]
    fn values_are_written_and_read_back() {
        let text = r#"{"a":[1,-2.5,true,null],"b\n\u0001":"\"é😀"}"#;
        let value: Any = parse(text).unwrap();
        assert_eq!(stringify(&value), text);
        assert_eq!(stringify(&(i64::MIN, 1e21, f64::NAN)), "[-9223372036854775808,1e+21,null]");
    }

    #[test]
    fn what_needs_an_escape_is_found_at_every_place() {
        for special in ['"', '\\', '\u{0}', '\u{1f}', '\n'] {
            for at in 0..20 {
                let mut text: Vec<char> = "é plain text of 20 b".chars().collect();
                text[at] = special;
                let text = Str::from(text.into_iter().collect::<String>());
                let json = stringify(&text);
                assert_eq!(parse::<Str>(&json), Ok(text));
                assert!(json.len() > 22 && json.chars().all(|c| c >= ' '), "{json}");
            }
        }
    }

    #[test]
    fn a_mismatch_names_the_path() {
        let problem = parse::<Map<Str, List<i64>>>(r#"{"a": [1, "x"]}"#).unwrap_err();
        assert_eq!(problem.message, "a[1]: expected an integer, found a string");
        assert_eq!(parse::<Str>("5").unwrap_err().message, "expected a string, found a number");
        assert_eq!(parse::<Any>("{").unwrap_err().status, Some(400));
    }
}
