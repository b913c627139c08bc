//! Taking the source token by token, with the comments between tokens.
//!
//! The rules of the constructs know which tokens come next and take them in the order of the source; what stands between
//! two tokens is dealt with here. So no token can be lost or change its place, and every comment comes out where it was:
//!
//! - after a token on its line: at the end of that line;
//! - on a line of its own: on a line of its own, where a line may begin; else at the end of the line;
//! - `/* … */` before a token on its line: there.

use tova_source::Span;
use tova_syntax::ast::{Comment, CommentKind};

use crate::doc::{Doc, Kind, Piece};

/// Reads the source and builds the document.
pub(crate) struct Cursor<'s> {
    pub(crate) source: &'s str,
    comments: &'s [Comment],
    /// The places of errors.
    pub(crate) errors: Vec<u32>,
    /// The index of the first comment that is not in the document.
    comment: usize,
    /// The end of what is in the document.
    pub(crate) pos: u32,
    /// The start of the next token.
    pub(crate) next: u32,
    pub(crate) doc: Doc,
    /// Whether the source was not what a rule expected; the item is then kept as it is.
    pub(crate) failed: bool,
    /// Where the item that holds the next ones ends.
    pub(crate) limit: u32,
    /// How many items were kept as they are.
    pub(crate) kept: usize,
}

/// A state to come back to.
pub(crate) struct Checkpoint {
    comment: usize,
    pos: u32,
    next: u32,
    doc: crate::doc::Length,
}

impl<'s> Cursor<'s> {
    /// A cursor at the start of a source with these comments.
    pub(crate) fn new(source: &'s str, comments: &'s [Comment], errors: Vec<u32>) -> Self {
        let doc = Doc::for_source(source);
        let mut cursor = Self {
            source,
            comments,
            errors,
            comment: 0,
            pos: 0,
            next: 0,
            doc,
            failed: false,
            limit: u32::MAX,
            kept: 0,
        };
        cursor.next = cursor.skip_trivia(0);
        cursor
    }

    pub(crate) fn bytes(&self) -> &'s [u8] {
        self.source.as_bytes()
    }

    pub(crate) fn slice(&self, start: u32, end: u32) -> &'s str {
        self.source.get(start as usize..end as usize).unwrap_or_default()
    }

    /// The text from the next token on.
    pub(crate) fn rest(&self) -> &'s str {
        self.source.get(self.next as usize..).unwrap_or_default()
    }

    /// The first byte of the next token; 0 at the end.
    pub(crate) fn peek(&self) -> u8 {
        self.bytes().get(self.next as usize).copied().unwrap_or(0)
    }

    /// Whether the next token begins with this punctuation.
    pub(crate) fn at(&self, punctuation: &str) -> bool {
        self.bytes().get(self.next as usize..).is_some_and(|rest| rest.starts_with(punctuation.as_bytes()))
    }

    /// Whether this word is next.
    pub(crate) fn at_word(&self, word: &str) -> bool {
        self.at(word) && !self.rest().get(word.len()..).is_some_and(|rest| rest.starts_with(continues_word))
    }

    /// Whether this stands after the word that is next.
    pub(crate) fn after_word_is(&self, text: &str) -> bool {
        let rest = self.rest();
        let length = rest.find(|c| !continues_word(c)).unwrap_or(rest.len()) as u32;
        let after = self.skip_trivia(self.next + length);
        self.slice(after, self.source.len() as u32).starts_with(text)
    }

    /// Whether comments stand before the next token.
    pub(crate) fn holds_comments(&self) -> bool {
        self.comment_before(self.next).is_some()
    }

    /// Takes the next token, which is `length` bytes long.
    pub(crate) fn take(&mut self, length: u32) {
        self.lead();
        let end = self.next + length;
        self.doc.text(self.source, self.next, end);
        self.pass(end);
    }

    /// Takes this punctuation or word.
    pub(crate) fn token(&mut self, text: &str) {
        if self.at(text) {
            self.take(text.len() as u32);
        } else {
            self.failed = true;
        }
    }

    /// Takes this punctuation or word if it is next.
    pub(crate) fn maybe(&mut self, text: &str) -> bool {
        let found = if text.starts_with(continues_word) { self.at_word(text) } else { self.at(text) };
        if found {
            self.take(text.len() as u32);
        }
        found
    }

    /// Takes any word.
    pub(crate) fn word(&mut self) {
        let rest = self.rest();
        let length = rest.find(|c| !continues_word(c)).unwrap_or(rest.len());
        if length == 0 {
            self.failed = true;
        }
        self.take(length as u32);
    }

    /// Takes the literal at `span`, which is next.
    pub(crate) fn literal(&mut self, span: Span) {
        if span.start != self.next || span.end < span.start {
            self.failed = true;
            return;
        }
        self.lead();
        self.doc.verbatim(self.source, span.start, span.end);
        self.pass(span.end);
    }

    /// Takes the string that is next.
    pub(crate) fn string(&mut self) {
        match tova_syntax::string_end(self.source, self.next) {
            Some(end) => self.literal_to(end),
            None => self.failed = true,
        }
    }

    /// Takes all up to `end` as it is.
    pub(crate) fn literal_to(&mut self, end: u32) {
        self.lead();
        self.doc.verbatim(self.source, self.next, end);
        self.pass(end);
    }

    /// Leaves out punctuation that is next, if it is.
    pub(crate) fn drop(&mut self, punctuation: &str) -> bool {
        let found = self.at(punctuation);
        if found {
            while let Some(comment) = self.comment_before(self.next) {
                let (start, end) = (comment.span.start, self.trimmed(comment.span));
                let inline = comment.kind == CommentKind::Block && !self.slice(self.pos, end).contains('\n');
                self.doc.push(if inline { Piece::LastComment { start, end } } else { Piece::Suffix { start, end } });
                self.pos = comment.span.end;
                self.comment += 1;
            }
            self.pass(self.next + punctuation.len() as u32);
        }
        found
    }

    pub(crate) fn space(&mut self) {
        self.doc.space(self.source);
    }

    pub(crate) fn line(&mut self) {
        self.doc.push(Piece::Line);
    }

    pub(crate) fn soft_line(&mut self) {
        self.doc.push(Piece::SoftLine);
    }

    pub(crate) fn hard_line(&mut self) {
        self.doc.push(Piece::HardLine);
    }

    /// What `build` adds, as a group.
    pub(crate) fn group(&mut self, kind: Kind, build: impl FnOnce(&mut Self)) {
        self.doc.open(kind);
        build(self);
        self.doc.close();
    }

    /// What `build` adds, indented where the group around it is broken.
    pub(crate) fn indented(&mut self, build: impl FnOnce(&mut Self)) {
        self.doc.push(Piece::Indent);
        build(self);
        self.doc.push(Piece::Dedent);
    }

    /// Goes on after `end`, with the comments that stand behind it on its line.
    pub(crate) fn pass(&mut self, end: u32) {
        self.pos = end;
        self.skip_inner_comments();
        while let Some(comment) = self.comments.get(self.comment)
            && comment.span.start == self.skip_blanks(self.pos)
            && self.ends_line(self.comment)
        {
            let (start, end) = (comment.span.start, self.trimmed(comment.span));
            self.doc.push(Piece::Suffix { start, end });
            self.pos = comment.span.end;
            self.comment += 1;
        }
        self.next = self.skip_trivia(self.pos);
    }

    /// Puts the comments before the next token into the document.
    pub(crate) fn lead(&mut self) {
        if !self.holds_comments() {
            return;
        }
        let alone = self.doc.at_line_start();
        while let Some(comment) = self.comment_before(self.next) {
            let end = self.trimmed(comment.span);
            let line = matches!(comment.kind, CommentKind::Line | CommentKind::Doc);
            // A line that begins behind a comment begins something new.
            let waits = line || self.slice(comment.span.start, end).contains('\n');
            let suffix = waits && !alone;
            if suffix {
                self.doc.push(Piece::Suffix { start: comment.span.start, end });
            } else {
                self.doc.verbatim(self.source, comment.span.start, end);
            }
            self.pos = comment.span.end;
            self.comment += 1;
            let following = self.comment_before(self.next).map_or(self.next, |comment| comment.span.start);
            let breaks = waits || self.slice(self.pos, following).contains('\n');
            if alone && breaks {
                self.doc.break_open();
                self.line_between(following);
            } else if !suffix {
                self.space();
            }
        }
    }

    /// Puts the comments before a closing bracket into the document, each on its own line unless it stands after something.
    /// `begun` says whether a line has been begun for the first one.
    pub(crate) fn dangling(&mut self, mut begun: bool) {
        while let Some(comment) = self.comment_before(self.next) {
            let start = comment.span.start;
            let end = self.trimmed(comment.span);
            let line = comment.kind != CommentKind::Block;
            let inline = !begun && !line && !self.slice(self.pos, start).contains('\n');
            let waits = line || self.slice(start, end).contains('\n');
            if waits && (inline || self.doc.is_rigid()) {
                self.doc.push(Piece::Suffix { start, end });
            } else if inline {
                self.doc.push(Piece::LastComment { start, end });
            } else {
                if self.doc.is_rigid() {
                    self.space();
                } else if !begun {
                    self.doc.break_open();
                    self.line_between(start);
                }
                self.doc.verbatim(self.source, start, end);
            }
            begun = false;
            self.pos = comment.span.end;
            self.comment += 1;
        }
    }

    /// A line end before what stands at `following`, and an empty line if the source has one or more.
    pub(crate) fn line_between(&mut self, following: u32) {
        let empty = self.slice(self.pos, following).bytes().filter(|byte| *byte == b'\n').count() > 1;
        self.doc.push(if empty { Piece::EmptyLine } else { Piece::HardLine });
    }

    /// A line end before the next token or comment.
    pub(crate) fn next_line(&mut self) {
        let following = self.comment_before(self.next).map_or(self.next, |comment| comment.span.start);
        self.line_between(following);
    }

    /// Whether a line ends before the next token.
    pub(crate) fn newline_follows(&self) -> bool {
        self.slice(self.pos, self.next).contains('\n')
    }

    /// Whether a line ends between `at` and the token that follows it.
    pub(crate) fn line_ends_between(&self, at: u32) -> bool {
        let first = self.comments.partition_point(|comment| comment.span.start < at);
        self.slice(at, self.skip_trivia_from(at, first)).contains('\n')
    }

    /// Whether the text of `span` is on one line.
    pub(crate) fn is_one_line(&self, span: Span) -> bool {
        !self.slice(span.start, span.end).contains('\n')
    }

    /// Whether a comment that needs the end of a line, and is not in the document, begins before `end`.
    pub(crate) fn has_line_comment_before(&self, end: u32) -> bool {
        let comments = self.comments.get(self.comment..).unwrap_or_default();
        let inside = comments.iter().take_while(|comment| comment.span.start < end).enumerate();
        inside.into_iter().any(|(index, comment)| {
            self.slice(comment.span.start, comment.span.end).contains('\n') || self.ends_line(self.comment + index)
        })
    }

    /// The start of the comment that is next, if no token stands before it.
    pub(crate) fn next_comment(&self) -> Option<u32> {
        self.comment_before(self.next).map(|comment| comment.span.start)
    }

    /// Puts the comment that is next into the document, where the caller has made place for it.
    pub(crate) fn comment(&mut self) {
        if let Some(comment) = self.comment_before(self.next) {
            let end = self.trimmed(comment.span);
            self.doc.verbatim(self.source, comment.span.start, end);
            self.pos = comment.span.end;
            self.comment += 1;
        }
    }

    /// Whether the `{` that is next is closed with nothing but comments in it.
    pub(crate) fn is_empty_hole(&self) -> bool {
        let after = self.skip_trivia(self.next + 1);
        self.bytes().get(after as usize) == Some(&b'}')
    }

    fn comment_before(&self, end: u32) -> Option<&'s Comment> {
        self.comments.get(self.comment).filter(|comment| comment.span.start < end)
    }

    /// Whether nothing but comments follows a comment on its line.
    fn ends_line(&self, mut index: usize) -> bool {
        while let Some(comment) = self.comments.get(index) {
            if comment.kind != CommentKind::Block {
                return true;
            }
            let after = self.skip_blanks(comment.span.end);
            index += 1;
            if self.comments.get(index).is_none_or(|next| next.span.start != after) {
                return matches!(self.bytes().get(after as usize), None | Some(b'\n'));
            }
        }
        false
    }

    /// Passes comments inside of what was taken as a whole: they are in the code of strings.
    fn skip_inner_comments(&mut self) {
        while self.comments.get(self.comment).is_some_and(|comment| comment.span.start < self.pos) {
            self.comment += 1;
        }
    }

    /// The end of a comment without white space.
    fn trimmed(&self, comment: Span) -> u32 {
        comment.start + self.slice(comment.start, comment.end).trim_end().len() as u32
    }

    /// The offset of what follows blanks at `at`, on its line.
    fn skip_blanks(&self, at: u32) -> u32 {
        let rest = self.bytes().get(at as usize..).unwrap_or_default();
        at + rest.iter().take_while(|byte| matches!(byte, b' ' | b'\t' | b'\r')).count() as u32
    }

    /// The offset of what follows white space at `at`.
    fn skip_space(&self, at: u32) -> u32 {
        let rest = self.bytes().get(at as usize..).unwrap_or_default();
        let space = rest.iter().take_while(|byte| matches!(byte, b' ' | b'\t' | b'\r' | b'\n')).count();
        // A byte order mark counts as white space.
        match rest.get(space..) {
            Some([0xef, 0xbb, 0xbf, ..]) => self.skip_space(at + space as u32 + 3),
            _ => at + space as u32,
        }
    }

    /// The offset of the token that follows white space and comments at `at`.
    fn skip_trivia(&self, at: u32) -> u32 {
        self.skip_trivia_from(at, self.comment)
    }

    /// As [`Cursor::skip_trivia`], where no comment before the one of index `first` can follow.
    fn skip_trivia_from(&self, at: u32, first: usize) -> u32 {
        let mut at = self.skip_space(at);
        for comment in self.comments.get(first..).unwrap_or_default() {
            if comment.span.start != at {
                break;
            }
            at = self.skip_space(comment.span.end);
        }
        at
    }

    /// Remembers the state.
    pub(crate) fn checkpoint(&self) -> Checkpoint {
        Checkpoint { comment: self.comment, pos: self.pos, next: self.next, doc: self.doc.length() }
    }

    /// Goes back to a state.
    pub(crate) fn restore(&mut self, to: &Checkpoint) {
        (self.comment, self.pos, self.next) = (to.comment, to.pos, to.next);
        self.doc.shorten(&to.doc);
        self.failed = false;
    }
}

/// Whether a character can stand in a word.
pub(crate) fn continues_word(c: char) -> bool {
    // What is not ASCII has no other meaning in well-formed code.
    c.is_ascii_alphanumeric() || matches!(c, '_' | '$') || !c.is_ascii()
}
