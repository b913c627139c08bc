//! Values as a program shows them, read back: what an assertion says of two values becomes two trees, and these a list of differences.

/// How deep values may nest that are taken apart; deeper ones are compared as texts.
const DEPTH: u32 = 100;

/// A value as it is shown inside another one.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Shown<'t> {
    /// A text in quotes, a number, `nil`, a variant without fields.
    Atom(&'t str),
    /// `[1, 2]`, `(1, "a")`, `Disc(2.5)`, `Set(1, 2)`: what stands before the bracket, and the members.
    Items(&'t str, Vec<Shown<'t>>),
    /// `{a: 1}`, `User(name: "Ada")`: what stands before the bracket, and the members by name.
    Fields(&'t str, Vec<(&'t str, Shown<'t>)>),
}

/// The two values of `expected A, found B`.
pub(super) fn of_message(message: &str) -> Option<(Shown<'_>, Shown<'_>)> {
    let mut reader = Reader { rest: message.strip_prefix("expected ")?, depth: 0 };
    let expected = reader.value()?;
    reader.eat(", found ")?;
    let found = reader.value()?;
    reader.rest.is_empty().then_some((expected, found))
}

struct Reader<'t> {
    rest: &'t str,
    depth: u32,
}

impl<'t> Reader<'t> {
    fn eat(&mut self, text: &str) -> Option<()> {
        self.rest = self.rest.strip_prefix(text)?;
        Some(())
    }

    fn take(&mut self, length: usize) -> Option<&'t str> {
        let (taken, rest) = self.rest.split_at_checked(length)?;
        self.rest = rest;
        Some(taken)
    }

    fn value(&mut self) -> Option<Shown<'t>> {
        match self.rest.chars().next()? {
            '"' => Some(Shown::Atom(self.quoted()?)),
            '<' => {
                let end = self.rest.find('>')? + 1;
                Some(Shown::Atom(self.take(end)?))
            }
            '[' => self.group("[", "]"),
            '(' => self.group("(", ")"),
            '{' => self.group("{", "}"),
            _ => {
                let word = self.word()?;
                if self.rest.starts_with('(') { self.group_of(word, "(", ")") } else { Some(Shown::Atom(word)) }
            }
        }
    }

    /// A number, a name, a size: everything up to what can only follow a value.
    fn word(&mut self) -> Option<&'t str> {
        let end = self.rest.find([',', ')', ']', '}', '(', ':']).unwrap_or(self.rest.len());
        if end == 0 { None } else { self.take(end) }
    }

    fn quoted(&mut self) -> Option<&'t str> {
        let mut escaped = false;
        let end = self.rest.char_indices().skip(1).find(|(_, c)| {
            let ends = *c == '"' && !escaped;
            escaped = *c == '\\' && !escaped;
            ends
        });
        self.take(end?.0 + 1)
    }

    fn group(&mut self, open: &'static str, close: &str) -> Option<Shown<'t>> {
        self.group_of("", open, close)
    }

    fn group_of(&mut self, head: &'t str, open: &'static str, close: &str) -> Option<Shown<'t>> {
        self.depth += 1;
        if self.depth > DEPTH {
            return None;
        }
        let before = self.rest;
        self.eat(open)?;
        let head = if head.is_empty() { before.get(..open.len())? } else { head };
        let (mut items, mut fields) = (Vec::new(), Vec::new());
        while self.eat(close).is_none() {
            if !(items.is_empty() && fields.is_empty()) {
                self.eat(", ")?;
            }
            match self.key() {
                Some(key) => fields.push((key, self.value()?)),
                None => items.push(self.value()?),
            }
        }
        self.depth -= 1;
        match (items.is_empty(), fields.is_empty()) {
            (true, true) if open == "{" => Some(Shown::Fields(head, fields)),
            (_, true) => Some(Shown::Items(head, items)),
            (true, false) => Some(Shown::Fields(head, fields)),
            (false, false) => None,
        }
    }

    /// `name: ` or `"name": `, if that comes next.
    fn key(&mut self) -> Option<&'t str> {
        let before = self.rest;
        let key = if before.starts_with('"') { self.quoted() } else { self.word() };
        if key.is_some() && self.eat(": ").is_some() {
            return key;
        }
        self.rest = before;
        None
    }
}

#[cfg(test)]
mod tests {
    use super::{Shown, of_message};

    #[test]
    fn values_are_read_as_they_are_shown() {
        let (expected, found) =
            of_message(r#"expected User(name: "A, \"B\"", tags: [1, 2]), found nil"#).expect("two values");
        let tags = Shown::Items("[", vec![Shown::Atom("1"), Shown::Atom("2")]);
        assert_eq!(expected, Shown::Fields("User", vec![("name", Shown::Atom(r#""A, \"B\"""#)), ("tags", tags)]));
        assert_eq!(found, Shown::Atom("nil"));
        for value in [
            "{}",
            "[]",
            "()",
            "Dot",
            "Disc(2.5)",
            "Set(1, 2)",
            "5 MB",
            "1h30m",
            "1e+21",
            "-0.5",
            "<fn add>",
            "(1, \"a\")",
            r#"{"a b": 1, c: {d: [nil, true]}}"#,
            "Ok(Some(1))",
        ] {
            let message = format!("expected {value}, found {value}");
            let (expected, found) = of_message(&message).expect(value);
            assert_eq!(expected, found);
        }
    }

    #[test]
    fn other_messages_are_no_values() {
        for message in [
            "no",
            "expected 1",
            "expected 1, found",
            "expected [1, found 2",
            "expected something, found 1 more (at least",
        ] {
            assert_eq!(of_message(message), None, "{message}");
        }
        let deep = format!("expected {}, found 1", "[".repeat(10_000));
        assert_eq!(of_message(&deep), None);
    }
}
