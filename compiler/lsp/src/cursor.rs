//! What stands left of the cursor, read from the text alone: broken programs have it too.

/// A bracket that is open at the cursor.
#[derive(Clone, Debug)]
pub(crate) struct Open<'t> {
    /// `(`, `[` or `{`.
    pub(crate) bracket: char,
    /// Offset of the bracket.
    pub(crate) at: usize,
    /// What stands before it in its statement.
    pub(crate) head: &'t str,
    /// Where the statement that the cursor is in began.
    statement: usize,
    /// The `<` of a tag that is not closed yet.
    tag: Option<usize>,
}

/// Text that is no code.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Inside {
    /// A comment.
    Comment,
    /// A string that begins here.
    String(usize),
}

/// The text left of the cursor.
#[derive(Clone, Debug)]
pub(crate) struct Cursor<'t> {
    /// All of it.
    pub(crate) before: &'t str,
    /// The word that the cursor is in or at the end of.
    pub(crate) word: &'t str,
    /// Open brackets, innermost last. The first one is the file.
    pub(crate) open: Vec<Open<'t>>,
    pub(crate) inside: Option<Inside>,
}

impl<'t> Cursor<'t> {
    pub(crate) fn new(text: &'t str, offset: u32) -> Self {
        let mut at = (offset as usize).min(text.len());
        while !text.is_char_boundary(at) {
            at -= 1;
        }
        let before = text.get(..at).unwrap_or("");
        let word_start = before
            .rfind(|c: char| !is_word(c))
            .map_or(0, |last| last + before.get(last..).and_then(|rest| rest.chars().next()).map_or(1, char::len_utf8));
        let (open, inside) = scan(before);
        Self { before, word: before.get(word_start..).unwrap_or(""), open, inside }
    }

    /// Where the word begins.
    pub(crate) fn word_start(&self) -> usize {
        self.before.len() - self.word.len()
    }

    /// What stands before the word.
    pub(crate) fn left(&self) -> &'t str {
        self.before.get(..self.word_start()).unwrap_or("")
    }

    /// The innermost open bracket.
    pub(crate) fn top(&self) -> Option<&Open<'t>> {
        self.open.last()
    }

    /// What stands before the word in its statement.
    pub(crate) fn statement(&self) -> &'t str {
        let start = self.top().map_or(0, |open| open.statement);
        self.left().get(start..).unwrap_or("").trim_start()
    }

    /// The name of the tag whose attributes the cursor is among.
    pub(crate) fn tag(&self) -> Option<&'t str> {
        let at = self.top()?.tag?;
        let name = self.before.get(at + 1..)?;
        Some(name.split(|c: char| !is_word(c) && c != '.').next().unwrap_or(""))
    }
}

fn is_word(c: char) -> bool {
    c.is_alphanumeric() || c == '_' || c == '$'
}

enum State<'t> {
    Code(Open<'t>),
    Text { quote: &'static str, start: usize },
}

/// Reads a text from its start: brackets, strings with the code inside them, comments, tags.
fn scan(text: &str) -> (Vec<Open<'_>>, Option<Inside>) {
    let file = Open { bracket: '{', at: 0, head: "", statement: 0, tag: None };
    let mut states = vec![State::Code(file)];
    let mut at = 0;
    while at < text.len() {
        let rest = text.get(at..).unwrap_or("");
        match states.last_mut() {
            Some(State::Text { quote, .. }) => {
                let quote = *quote;
                at += in_string(&mut states, text, at, rest, quote);
            }
            _ => match comment(rest) {
                Some(Comment::Closed(length)) => at += length,
                Some(Comment::Open) => return (opened(states), Some(Inside::Comment)),
                None => at += in_code(&mut states, text, at, rest),
            },
        }
    }
    let inside = match states.last() {
        Some(State::Text { start, .. }) => Some(Inside::String(*start)),
        _ => None,
    };
    (opened(states), inside)
}

fn opened(states: Vec<State<'_>>) -> Vec<Open<'_>> {
    let code = states.into_iter().filter_map(|state| match state {
        State::Code(open) => Some(open),
        State::Text { .. } => None,
    });
    code.collect()
}

enum Comment {
    Closed(usize),
    Open,
}

fn comment(rest: &str) -> Option<Comment> {
    if rest.starts_with("//") {
        return Some(rest.find('\n').map_or(Comment::Open, Comment::Closed));
    }
    if rest.starts_with("/*") {
        return Some(rest.find("*/").map_or(Comment::Open, |end| Comment::Closed(end + 2)));
    }
    None
}

/// One step inside of a string; gives its length.
fn in_string<'t>(states: &mut Vec<State<'t>>, text: &'t str, at: usize, rest: &str, quote: &'static str) -> usize {
    if rest.starts_with(quote) {
        states.pop();
        return quote.len();
    }
    let next = rest.chars().next().unwrap_or(' ');
    match next {
        '\\' => 1 + rest.chars().nth(1).map_or(0, char::len_utf8),
        '\n' if quote.len() == 1 => {
            states.pop();
            0
        }
        '{' if quote != "'" => {
            let head = text.get(at..at).unwrap_or("");
            states.push(State::Code(Open { bracket: '{', at, head, statement: at + 1, tag: None }));
            1
        }
        other => other.len_utf8(),
    }
}

/// One step of code; gives its length.
fn in_code<'t>(states: &mut Vec<State<'t>>, text: &'t str, at: usize, rest: &str) -> usize {
    let next = rest.chars().next().unwrap_or(' ');
    let before = text.get(..at).unwrap_or("");
    let depth = states.len();
    let Some(State::Code(top)) = states.last_mut() else { return next.len_utf8() };
    match next {
        '"' => {
            let quote = if rest.starts_with("\"\"\"") { "\"\"\"" } else { "\"" };
            states.push(State::Text { quote, start: at });
            return quote.len();
        }
        '\'' if !before.ends_with(is_word) => states.push(State::Text { quote: "'", start: at }),
        '(' | '[' | '{' => {
            let head = text.get(top.statement..at).unwrap_or("").trim();
            states.push(State::Code(Open { bracket: next, at, head, statement: at + 1, tag: None }));
        }
        ')' | ']' | '}' => {
            if depth > 1 {
                states.pop();
            }
            if let (Some(State::Code(top)), '}') = (states.last_mut(), next) {
                top.statement = if top.bracket == '{' && top.tag.is_none() { at + 1 } else { top.statement };
            }
        }
        '\n' | ';' if top.bracket == '{' => top.statement = at + 1,
        '<' if opens_tag(before, rest) => top.tag = Some(at),
        '>' if !before.ends_with(['=', '-']) => top.tag = None,
        _ => {}
    }
    next.len_utf8()
}

/// Whether `<` opens a tag rather than compares.
fn opens_tag(before: &str, rest: &str) -> bool {
    let letter = rest.chars().nth(1).is_some_and(char::is_alphabetic);
    let before_it = before.trim_end_matches([' ', '\t']);
    letter
        && (before_it.is_empty()
            || before_it.ends_with(['{', '(', ',', '=', '>', '\n', '?', ':', ';', '}', '"', '&', '|']))
}

#[cfg(test)]
mod tests {
    use super::{Cursor, Inside};

    fn cursor(text: &str) -> Cursor<'_> {
        Cursor::new(text, u32::try_from(text.len()).expect("a short text"))
    }

    #[test]
    fn open_brackets_are_known_by_what_stands_before_them() {
        let found = cursor("server \"api\" {\n  fn f() { 1 }\n  db {\n    ad");
        let heads: Vec<&str> = found.open.iter().map(|open| open.head).collect();
        assert_eq!(heads, ["", "server \"api\"", "db"]);
        assert_eq!((found.word, found.statement()), ("ad", ""));
    }

    #[test]
    fn strings_and_comments_hide_brackets() {
        assert_eq!(cursor("x = \"{a}) '\" // { (\n /* { */ f(").open.len(), 2);
        assert_eq!(cursor("// {").inside, Some(Inside::Comment));
        assert_eq!(cursor("x = \"ab").inside, Some(Inside::String(4)));
        assert_eq!(cursor("x = \"ab {y").inside, None);
        assert_eq!(cursor("x = \"ab\ny").inside, None);
    }

    #[test]
    fn tags_are_open_until_their_bracket() {
        assert_eq!(cursor("<Item on:click={fn() 1} cla").tag(), Some("Item"));
        assert_eq!(cursor("<Item on:click={fn() => 1} >").tag(), None);
        assert_eq!(cursor("a <b ").tag(), None);
    }
}
