//! Reads JSON texts (RFC 8259) as dynamic data.

use super::{Any, List, Map, Str, concat};

/// Lists and objects may lie this deep in one another.
const MAX_DEPTH: usize = 128;

/// The value of a JSON text.
///
/// # Errors
/// What is wrong with the text and where.
pub fn read(text: &str) -> Result<Any, Str> {
    let mut reader = Reader { text, at: 0, depth: 0 };
    let value = reader.value()?;
    reader.space();
    if reader.at < text.len() { Err(reader.problem("expected the end of the text")) } else { Ok(value) }
}

struct Reader<'a> {
    text: &'a str,
    at: usize,
    depth: usize,
}

impl Reader<'_> {
    fn problem(&self, message: &str) -> Str {
        let at = self.at.min(self.text.len()) as i64;
        concat(&[&"invalid JSON: ", &message, &" at byte ", &at])
    }

    fn peek(&self) -> Option<u8> {
        self.text.as_bytes().get(self.at).copied()
    }

    fn space(&mut self) {
        while matches!(self.peek(), Some(b' ' | b'\t' | b'\n' | b'\r')) {
            self.at += 1;
        }
    }

    /// Steps over `byte` if it comes next.
    fn eat(&mut self, byte: u8) -> bool {
        let found = self.peek() == Some(byte);
        self.at += usize::from(found);
        found
    }

    fn value(&mut self) -> Result<Any, Str> {
        self.space();
        match self.peek() {
            Some(b'{') => self.nested(Self::object),
            Some(b'[') => self.nested(Self::list),
            Some(b'"') => self.string().map(Any::Str),
            Some(b't') => self.word("true", Any::Bool(true)),
            Some(b'f') => self.word("false", Any::Bool(false)),
            Some(b'n') => self.word("null", Any::Nil),
            Some(b'-' | b'0'..=b'9') => self.number(),
            _ => Err(self.problem("expected a value")),
        }
    }

    fn nested(&mut self, read: fn(&mut Self) -> Result<Any, Str>) -> Result<Any, Str> {
        self.at += 1;
        self.depth += 1;
        if self.depth > MAX_DEPTH {
            return Err(self.problem("too deeply nested"));
        }
        let value = read(self)?;
        self.depth -= 1;
        Ok(value)
    }

    fn word(&mut self, word: &str, value: Any) -> Result<Any, Str> {
        if !self.text[self.at..].starts_with(word) {
            return Err(self.problem("expected a value"));
        }
        self.at += word.len();
        Ok(value)
    }

    fn list(&mut self) -> Result<Any, Str> {
        let mut items = Vec::new();
        self.space();
        if self.eat(b']') {
            return Ok(Any::List(List::new()));
        }
        loop {
            items.push(self.value()?);
            self.space();
            if self.eat(b']') {
                return Ok(Any::List(items.into()));
            }
            if !self.eat(b',') {
                return Err(self.problem("expected `,` or `]`"));
            }
        }
    }

    fn object(&mut self) -> Result<Any, Str> {
        let mut entries = Vec::new();
        self.space();
        if self.eat(b'}') {
            return Ok(Any::Map(Map::new()));
        }
        loop {
            self.space();
            if self.peek() != Some(b'"') {
                return Err(self.problem("expected a name in quotes"));
            }
            let name = self.string()?;
            self.space();
            if !self.eat(b':') {
                return Err(self.problem("expected `:`"));
            }
            entries.push((name, self.value()?));
            self.space();
            if self.eat(b'}') {
                return Ok(Any::Map(entries.into_iter().collect()));
            }
            if !self.eat(b',') {
                return Err(self.problem("expected `,` or `}`"));
            }
        }
    }

    fn digits(&mut self) -> usize {
        let start = self.at;
        while matches!(self.peek(), Some(b'0'..=b'9')) {
            self.at += 1;
        }
        self.at - start
    }

    fn number(&mut self) -> Result<Any, Str> {
        let start = self.at;
        self.eat(b'-');
        let first = self.at;
        let whole = self.digits();
        if whole == 0 || (whole > 1 && self.text.as_bytes().get(first) == Some(&b'0')) {
            return Err(self.problem("expected a number"));
        }
        let mut is_int = true;
        if self.eat(b'.') {
            is_int = false;
            if self.digits() == 0 {
                return Err(self.problem("expected a digit"));
            }
        }
        if self.eat(b'e') || self.eat(b'E') {
            is_int = false;
            if !self.eat(b'+') {
                self.eat(b'-');
            }
            if self.digits() == 0 {
                return Err(self.problem("expected a digit"));
            }
        }
        let numeral = &self.text[start..self.at];
        match numeral.parse() {
            // A minus zero keeps its sign as a float only.
            Ok(int) if is_int => Ok(Any::Int(int)),
            _ => numeral.parse().map(Any::Float).map_err(|_| self.problem("expected a number")),
        }
    }

    fn string(&mut self) -> Result<Str, Str> {
        self.at += 1;
        let mut out = Str::new();
        loop {
            let rest = &self.text[self.at..];
            let plain = rest.bytes().position(|b| matches!(b, b'"' | b'\\' | 0..0x20)).unwrap_or(rest.len());
            out.push_str(&rest[..plain]);
            self.at += plain;
            match self.peek() {
                Some(b'"') => {
                    self.at += 1;
                    return Ok(out);
                }
                Some(b'\\') => out.push(self.escape()?),
                Some(_) => return Err(self.problem("a control character in a string")),
                None => return Err(self.problem("a string without an end")),
            }
        }
    }

    fn escape(&mut self) -> Result<char, Str> {
        self.at += 2;
        let c = match self.text.as_bytes().get(self.at - 1) {
            Some(b'"') => '"',
            Some(b'\\') => '\\',
            Some(b'/') => '/',
            Some(b'b') => '\u{8}',
            Some(b'f') => '\u{c}',
            Some(b'n') => '\n',
            Some(b'r') => '\r',
            Some(b't') => '\t',
            Some(b'u') => return self.unicode(),
            _ => return Err(self.problem("an unknown escape")),
        };
        Ok(c)
    }

    fn unicode(&mut self) -> Result<char, Str> {
        let high = self.hex()?;
        if !(0xd800..0xdc00).contains(&high) {
            // A lone half of a pair has no character.
            return Ok(char::from_u32(high).unwrap_or(char::REPLACEMENT_CHARACTER));
        }
        let after = self.at;
        if self.eat(b'\\') && self.eat(b'u') {
            let low = self.hex()?;
            if (0xdc00..0xe000).contains(&low) {
                let code = 0x10000 + ((high - 0xd800) << 10) + (low - 0xdc00);
                return Ok(char::from_u32(code).unwrap_or(char::REPLACEMENT_CHARACTER));
            }
        }
        self.at = after;
        Ok(char::REPLACEMENT_CHARACTER)
    }

    fn hex(&mut self) -> Result<u32, Str> {
        let digits = self.text.get(self.at..self.at + 4).filter(|digits| digits.bytes().all(|b| b.is_ascii_hexdigit()));
        let code = digits.and_then(|digits| u32::from_str_radix(digits, 16).ok());
        self.at += 4;
        code.ok_or_else(|| self.problem("expected four hexadecimal digits"))
    }
}

#[cfg(test)]
mod tests {
    use super::read;

    #[test]
    fn what_is_not_json_is_refused() {
        let deep = "[".repeat(1000);
        for text in [
            "",
            "01",
            "1.",
            "-",
            "[1,]",
            "{\"a\"}",
            "\"\\x\"",
            "\"\n\"",
            "nul",
            "1 2",
            "\"\\u12",
            "\"\\u12é\"",
            "\"abc\\",
            &deep,
        ] {
            assert!(read(text).is_err(), "{text}");
        }
        assert_eq!(read("[1 2]").unwrap_err(), "invalid JSON: expected `,` or `]` at byte 3");
    }

    #[test]
    fn escapes_and_pairs_are_decoded() {
        let text = crate::value::show(&read(r#" "\ud83d\ude00\u00e9\ud83d!" "#).unwrap());
        assert_eq!(text, "😀é\u{fffd}!");
    }
}
