//! Tokens to tree, by recursive descent.
//!
//! All of it is written by hand, except the small languages inside strings: `server/path.rs` reads the paths of routes by
//! `chumsky`, which gives errors that point into the string. Where a line ends decides what an expression is, JSX text has tokens of its own, and after
//! an error each statement takes up the thread by itself, with error nodes for what is broken and the rest kept. Types,
//! the piece that suits a grammar of combinators best, were tried with `chumsky` too: reading `Int` took 1 µs and
//! `(Int, String) -> Result<[User], Error>` 6.4 µs, against 0.06 µs and 0.6 µs here, half of the parser's whole budget
//! of 2 µs a line; and of a broken type nothing was left, not even the words for a message.

mod block;
mod client;
mod control;
mod cursor;
mod expr;
mod item;
mod lambda;
mod literal;
mod pattern;
mod postfix;
mod record;
mod server;
mod stmt;
mod string;
mod test;
mod ty;
mod type_decl;
mod view;

use ecow::EcoString;
use tova_diagnostics::{Diagnostic, codes};
use tova_source::{FileId, Span};

use crate::Parsed;
use crate::ast::{Expr, ExprKind, Ident, Module, NodeId};
use crate::lexer::Lexer;
use crate::token::{T, Token};

/// How deep the text may nest. Each level costs a few frames of the stack, here and in every later stage.
const MAX_NESTING: u32 = 200;
/// How tall a tree may grow without nesting, as `a + b + c + …` does.
const MAX_HEIGHT: u32 = 1000;
/// How many problems of one file are of use to anybody.
const MAX_PROBLEMS: usize = 100;

/// Parses one file.
pub(crate) fn parse(file: FileId, text: &str, first: NodeId) -> Parsed {
    let straight = Parser::new(file, text, first, Braces::AsWritten).module();
    if straight.parsed.diagnostics.is_empty() || !is_indented(text) {
        return straight.parsed;
    }
    // If a bracket is missing or left over, brackets alone misplace what follows; indentation tells better where
    // things end. A broken statement may hide that, so the reading with fewer problems counts otherwise.
    let indented = Parser::new(file, text, first, Braces::ByIndentation).module();
    let better = indented.parsed.diagnostics.len() < straight.parsed.diagnostics.len();
    if straight.brackets_broken || better { indented.parsed } else { straight.parsed }
}

/// Whether most lines after an opening brace are indented more than the brace's line.
fn is_indented(text: &str) -> bool {
    let indent = |line: &str| line.len() - line.trim_start().len();
    let (mut deeper, mut opened) = (0, 0);
    let mut above: Option<&str> = None;
    for line in text.lines().filter(|line| !line.trim().is_empty()) {
        if let Some(above) = above.filter(|above| above.trim_end().ends_with('{')) {
            opened += 1;
            deeper += usize::from(indent(line) > indent(above));
        }
        above = Some(line);
    }
    deeper * 4 >= opened * 3
}

/// What says where a block ends.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Braces {
    /// Its closing brace.
    AsWritten,
    /// Its closing brace, or a line that is indented no more than the line of its opening brace.
    ByIndentation,
}

/// What the surroundings of an expression forbid.
#[derive(Clone, Copy)]
struct Context {
    /// A line's end may end the expression.
    newline_ends: bool,
    /// `x =>` is not a lambda, as in a guard.
    no_arrow: bool,
}

struct Outcome {
    parsed: Parsed,
    brackets_broken: bool,
}

struct Parser<'s> {
    file: FileId,
    text: &'s str,
    /// Offsets of the starts of all lines but the first.
    line_starts: Vec<u32>,
    lexer: Lexer<'s>,
    /// Tokens read so far: those before `at` are taken, the others were only looked at.
    tokens: Vec<Token>,
    at: usize,
    /// The index of the first token of the statement, arm or field that is being read.
    entry: usize,
    /// Where the text that is being read ends; before the end of the file inside the code of a string.
    limit: u32,
    next_id: u32,
    diagnostics: Vec<Diagnostic>,
    context: Context,
    braces: Braces,
    brackets_broken: bool,
    /// Whether `.name` without a receiver was met in the current argument.
    implicit: bool,
    nesting: u32,
    height: u32,
    too_deep: bool,
    /// The names of the elements whose content is being read.
    open_tags: Vec<EcoString>,
}

impl<'s> Parser<'s> {
    fn new(file: FileId, text: &'s str, first: NodeId, braces: Braces) -> Self {
        Self {
            file,
            text,
            line_starts: text
                .bytes()
                .enumerate()
                .filter(|(_, byte)| *byte == b'\n')
                .map(|(at, _)| at as u32 + 1)
                .collect(),
            lexer: Lexer::new(file, text),
            tokens: Vec::new(),
            at: 0,
            entry: 0,
            limit: text.len() as u32,
            next_id: first.0,
            diagnostics: Vec::new(),
            context: Context { newline_ends: true, no_arrow: false },
            braces,
            brackets_broken: false,
            implicit: false,
            nesting: 0,
            height: 0,
            too_deep: false,
            open_tags: Vec::new(),
        }
    }

    fn module(mut self) -> Outcome {
        let items = self.items_to_end();
        let mut diagnostics = self.diagnostics;
        diagnostics.append(&mut self.lexer.problems);
        diagnostics.sort_by_key(|problem| problem.span.start);
        diagnostics.dedup_by_key(|problem| problem.span.start);
        let mut comments = self.lexer.comments;
        comments.sort_by_key(|comment| comment.span.start);
        comments.dedup_by_key(|comment| comment.span.start);
        let module = Module { file: self.file, items, comments };
        Outcome {
            parsed: Parsed { module, diagnostics, next: NodeId(self.next_id) },
            brackets_broken: self.brackets_broken,
        }
    }

    fn id(&mut self) -> NodeId {
        let id = NodeId(self.next_id);
        self.next_id += 1;
        id
    }

    fn expr(&mut self, span: Span, kind: ExprKind) -> Expr {
        Expr { id: self.id(), span, kind }
    }

    /// Runs `read` one level deeper; none if that is too deep, which is reported.
    fn nested<R>(&mut self, read: impl FnOnce(&mut Self) -> R) -> Option<R> {
        if self.nesting >= MAX_NESTING {
            self.too_deep();
            self.skip_whole_statement();
            return None;
        }
        self.nesting += 1;
        let outer = std::mem::replace(&mut self.height, 0);
        let result = read(self);
        self.height = outer.max(self.height + 1);
        self.nesting -= 1;
        Some(result)
    }

    /// Notes that a node was put around what was just read; false if the tree is too tall, which is reported.
    fn grow(&mut self) -> bool {
        self.height += 1;
        if self.height > MAX_HEIGHT {
            self.too_deep();
        }
        self.height <= MAX_HEIGHT
    }

    /// Reports excessive nesting, once for a file.
    fn too_deep(&mut self) {
        if std::mem::replace(&mut self.too_deep, true) {
            return;
        }
        let span = self.token_span();
        self.report(
            Diagnostic::error(codes::E0010, span, "this is nested too deeply")
                .help("move the inner part into a function of its own"),
        );
    }

    /// Runs `read` under another context.
    fn with_context<R>(&mut self, context: Context, read: impl FnOnce(&mut Self) -> R) -> R {
        let outer = std::mem::replace(&mut self.context, context);
        let result = read(self);
        self.context = outer;
        result
    }

    /// Runs `read` inside brackets, where lines may end anywhere.
    fn in_brackets<R>(&mut self, read: impl FnOnce(&mut Self) -> R) -> R {
        self.with_context(Context { newline_ends: false, no_arrow: false }, read)
    }

    /// Runs `read` inside braces, where lines end statements.
    fn in_braces<R>(&mut self, read: impl FnOnce(&mut Self) -> R) -> R {
        self.with_context(Context { newline_ends: true, no_arrow: false }, read)
    }

    /// Adds a problem, unless there is one at this place already.
    fn report(&mut self, problem: Diagnostic) {
        let repeated = self.diagnostics.last().is_some_and(|last| last.span.start == problem.span.start);
        if !repeated && self.diagnostics.len() < MAX_PROBLEMS {
            self.diagnostics.push(problem);
        }
    }

    /// Reports that something else was expected where the next token is.
    fn expected(&mut self, what: &str) {
        let problem = self.expectation(what);
        self.report(problem);
    }

    fn expectation(&mut self, what: &str) -> Diagnostic {
        let (span, found) = self.found();
        Diagnostic::error(codes::E0001, span, format!("expected {what}, found {found}"))
    }

    /// The place where the text goes wrong, and what is there in the user's words: the next token, or the end of the
    /// line before it.
    fn found(&mut self) -> (Span, String) {
        let token = self.token();
        let end = self.prev_end();
        if token.newline && end > 0 && token.kind != T::Eof && self.at != self.entry {
            return (self.span(end, end), "the end of the line".to_owned());
        }
        (self.span_of(token), self.describe(token))
    }

    /// The token in the user's words.
    fn describe(&self, token: Token) -> String {
        match token.kind {
            T::Eof if (self.limit as usize) < self.text.len() => "the end of the string".to_owned(),
            T::Eof => "the end of the file".to_owned(),
            T::Str => "a string".to_owned(),
            _ => format!("`{}`", self.text_of(token)),
        }
    }

    fn ident_of(&self, token: Token) -> Ident {
        Ident { name: self.text_of(token).into(), span: self.span_of(token) }
    }

    /// Any word, if one is next.
    fn word(&mut self) -> Option<Ident> {
        let token = self.token();
        token.kind.is_word().then(|| {
            self.bump();
            self.ident_of(token)
        })
    }

    /// A word, whose absence is reported.
    fn expect_word(&mut self, what: &str) -> Option<Ident> {
        let word = self.word();
        if word.is_none() {
            self.expected(what);
        }
        word
    }

    /// A name, whose absence is reported; the error name is empty.
    fn expect_name(&mut self, what: &str) -> Ident {
        self.expect_word(what).unwrap_or_else(|| Ident { name: Default::default(), span: self.token_span().at_start() })
    }
}
