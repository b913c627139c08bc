//! The one way to show a value: in `print`, interpolation and `toString` alike.

use super::{Any, Duration, Fault, Func, List, Map, Never, Set, Size, Str, float};

/// A type whose values have a text form. Values may be looked at across a suspension.
pub trait Show: Send + Sync {
    /// Writes the text of the value.
    fn show(&self, out: &mut Str);

    /// Writes the text that stands for the value inside of another.
    fn show_inside(&self, out: &mut Str) {
        self.show(out);
    }
}

/// The text of a value.
#[must_use]
pub fn show(value: &dyn Show) -> Str {
    let mut out = Str::new();
    value.show(&mut out);
    out
}

/// The texts of the values, one after the other.
#[must_use]
pub fn concat(parts: &[&dyn Show]) -> Str {
    let mut out = Str::new();
    parts.iter().for_each(|part| part.show(&mut out));
    out
}

/// Writes the texts of the values with spaces between and a line end to standard output.
pub fn print(values: &[&dyn Show]) {
    use std::io::Write as _;

    let mut line = Str::new();
    for (i, value) in values.iter().enumerate() {
        if i > 0 {
            line.push(' ');
        }
        value.show(&mut line);
    }
    line.push('\n');
    // A reader that went away is no reason to stop the program.
    let _ = std::io::stdout().lock().write_all(line.as_bytes());
}

/// Writes `Name(a: 1, b: 2)`, `{a: 1, b: 2}` without a name, and values alone for fields that are called by their position.
pub fn show_fields(out: &mut Str, name: &str, fields: &[(&str, &dyn Show)]) {
    let (open, close) = if name.is_empty() { ('{', '}') } else { ('(', ')') };
    out.push_str(name);
    if fields.is_empty() && !name.is_empty() {
        return;
    }
    out.push(open);
    for (i, (field, value)) in fields.iter().enumerate() {
        if i > 0 {
            out.push_str(", ");
        }
        if !field.starts_with(|c: char| c.is_ascii_digit()) {
            out.push_str(field);
            out.push_str(": ");
        }
        value.show_inside(out);
    }
    out.push(close);
}

/// Writes a text in quotes, escaped.
pub fn show_quoted(out: &mut Str, text: &str) {
    out.push('"');
    for c in text.chars() {
        match c {
            '"' => out.push_str("\\\""),
            '\\' => out.push_str("\\\\"),
            '\n' => out.push_str("\\n"),
            '\r' => out.push_str("\\r"),
            '\t' => out.push_str("\\t"),
            c => out.push(c),
        }
    }
    out.push('"');
}

/// Writes values between brackets.
fn show_items<'a>(out: &mut Str, open: &str, items: impl Iterator<Item = &'a (dyn Show + 'a)>, close: char) {
    out.push_str(open);
    for (i, item) in items.enumerate() {
        if i > 0 {
            out.push_str(", ");
        }
        item.show_inside(out);
    }
    out.push(close);
}

impl Show for () {
    fn show(&self, out: &mut Str) {
        out.push_str("nil");
    }
}

impl Show for Never {
    fn show(&self, _: &mut Str) {
        match *self {}
    }
}

impl Show for bool {
    fn show(&self, out: &mut Str) {
        out.push_str(if *self { "true" } else { "false" });
    }
}

impl Show for i64 {
    fn show(&self, out: &mut Str) {
        // Writing to a text cannot fail.
        let _ = std::fmt::Write::write_fmt(out, format_args!("{self}"));
    }
}

impl Show for f64 {
    fn show(&self, out: &mut Str) {
        float::write(out, *self);
    }
}

impl Show for Str {
    fn show(&self, out: &mut Str) {
        out.push_str(self);
    }

    fn show_inside(&self, out: &mut Str) {
        show_quoted(out, self);
    }
}

impl Show for &str {
    fn show(&self, out: &mut Str) {
        out.push_str(self);
    }

    fn show_inside(&self, out: &mut Str) {
        show_quoted(out, self);
    }
}

impl Show for Any {
    fn show(&self, out: &mut Str) {
        match self {
            Self::Nil => out.push_str("nil"),
            Self::Bool(b) => b.show(out),
            Self::Int(n) => n.show(out),
            Self::Float(x) => x.show(out),
            Self::Str(text) => text.show(out),
            Self::List(items) => items.show(out),
            Self::Map(map) => map.show(out),
        }
    }

    fn show_inside(&self, out: &mut Str) {
        match self {
            Self::Str(text) => show_quoted(out, text),
            other => other.show(out),
        }
    }
}

impl Show for Duration {
    fn show(&self, out: &mut Str) {
        const UNITS: [(i64, &str); 5] = [(86_400_000, "d"), (3_600_000, "h"), (60_000, "m"), (1000, "s"), (1, "ms")];
        if self.0 == 0 {
            return out.push_str("0s");
        }
        if self.0 < 0 {
            out.push('-');
        }
        let mut rest = self.0.unsigned_abs();
        for (size, name) in UNITS {
            let size = size.unsigned_abs();
            if rest >= size {
                let _ = std::fmt::Write::write_fmt(out, format_args!("{}{name}", rest / size));
                rest %= size;
            }
        }
    }
}

impl Show for Size {
    fn show(&self, out: &mut Str) {
        const UNITS: [(u32, &str); 5] = [(40, " TB"), (30, " GB"), (20, " MB"), (10, " KB"), (0, " B")];
        let fits = |bits: &u32| self.0.unsigned_abs() >> bits > 0;
        let (bits, name) = UNITS.into_iter().find(|(bits, _)| fits(bits)).unwrap_or((0, " B"));
        #[expect(clippy::cast_precision_loss, reason = "two digits of the fraction are shown")]
        let scaled = (self.0 as f64 / (1u64 << bits) as f64 * 100.0).round() / 100.0;
        float::write(out, scaled);
        out.push_str(name);
    }
}

impl<T: Show> Show for Option<T> {
    fn show(&self, out: &mut Str) {
        match self {
            Some(value) => value.show(out),
            None => out.push_str("nil"),
        }
    }

    fn show_inside(&self, out: &mut Str) {
        match self {
            Some(value) => value.show_inside(out),
            None => out.push_str("nil"),
        }
    }
}

impl<T: Show> Show for std::sync::Arc<T> {
    fn show(&self, out: &mut Str) {
        (**self).show(out);
    }
}

impl<T: Show> Show for List<T> {
    fn show(&self, out: &mut Str) {
        show_items(out, "[", self.iter().map(|item| item as &dyn Show), ']');
    }
}

impl<T: Show> Show for Set<T> {
    fn show(&self, out: &mut Str) {
        show_items(out, "Set(", self.iter().map(|item| item as &dyn Show), ')');
    }
}

impl<K: Show, V: Show> Show for Map<K, V> {
    fn show(&self, out: &mut Str) {
        out.push('{');
        for (i, (key, value)) in self.iter().enumerate() {
            if i > 0 {
                out.push_str(", ");
            }
            show_key(out, &show(key));
            out.push_str(": ");
            value.show_inside(out);
        }
        out.push('}');
    }
}

/// A key is shown bare if it is a name or a number, else in quotes.
fn show_key(out: &mut Str, key: &str) {
    let is_name = !key.is_empty() && key.chars().all(|c| c.is_alphanumeric() || c == '_');
    if is_name { out.push_str(key) } else { show_quoted(out, key) }
}

impl<F: ?Sized + Send + Sync> Show for Func<F> {
    fn show(&self, out: &mut Str) {
        out.push_str("<fn");
        if !self.name().is_empty() {
            out.push(' ');
            out.push_str(self.name());
        }
        out.push('>');
    }
}

impl Show for Fault {
    fn show(&self, out: &mut Str) {
        show_fields(out, "Error", &[("message", &self.message), ("code", &self.code), ("status", &self.status)]);
    }
}

macro_rules! tuple_shows {
    ($(($($T:ident $index:tt),+);)*) => {$(
        impl<$($T: Show),+> Show for ($($T,)+) {
            fn show(&self, out: &mut Str) {
                show_items(out, "(", [$(&self.$index as &dyn Show),+].into_iter(), ')');
            }
        }
    )*};
}

tuple_shows! {
    (A 0, B 1);
    (A 0, B 1, C 2);
    (A 0, B 1, C 2, D 3);
    (A 0, B 1, C 2, D 3, E 4);
    (A 0, B 1, C 2, D 3, E 4, F 5);
}

#[cfg(test)]
mod tests {
    use super::{Show, concat, show, show_fields};
    use crate::value::{Duration, List, Map, Size, Str};

    #[test]
    fn values_have_one_text_form() {
        let name: Str = "A \"b\"".into();
        let cases: [(&dyn Show, &str); 9] = [
            (&name, "A \"b\""),
            (&List::from([Some(name.clone()), None]), r#"["A \"b\"", nil]"#),
            (&(1, 2.0, true), "(1, 2, true)"),
            (&Some(5), "5"),
            (&Map::from([(Str::from("a-b"), ())]), "{\"a-b\": nil}"),
            (&Duration(5_400_000), "1h30m"),
            (&Duration(1_500), "1s500ms"),
            (&Size(5 << 20), "5 MB"),
            (&Size(1536), "1.5 KB"),
        ];
        for (value, expected) in cases {
            assert_eq!(show(value), expected);
        }
        assert_eq!(concat(&[&"n = ", &1]), "n = 1");
    }

    #[test]
    fn records_and_variants_name_their_fields() {
        let case = |name: &str, fields: &[(&str, &dyn Show)]| {
            let mut out = Str::new();
            show_fields(&mut out, name, fields);
            out
        };
        assert_eq!(case("User", &[("name", &"Ada"), ("age", &36)]), r#"User(name: "Ada", age: 36)"#);
        assert_eq!(case("", &[("a", &1)]), "{a: 1}");
        assert_eq!((case("Disc", &[("0", &2.5)]), case("Dot", &[])), ("Disc(2.5)".into(), "Dot".into()));
    }
}
