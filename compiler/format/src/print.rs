//! Document to text: decides for each group whether it fits on the line.

use crate::doc::{Doc, Group, Kind, Piece, width};

/// How many spaces a level of indentation is.
const STEP: u32 = 2;

/// How the lines of a group are printed.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Mode {
    /// On one line, with everything in it but blocks.
    Flat,
    /// On one line; brackets in it decide for themselves.
    Hugging,
    /// On one line, even if brackets in it hold blocks.
    Rigid,
    /// Each on its own.
    Broken,
}

/// A printed document.
pub(crate) struct Printed {
    pub(crate) text: String,
    /// Whether a comment has got a line of its own that it did not have.
    pub(crate) stacked: bool,
}

/// Prints a document with lines of at most `limit` columns, where that is possible.
pub(crate) fn print(doc: &Doc, source: &str, limit: u32) -> Printed {
    let mut printer = Printer {
        doc,
        source,
        limit,
        out: String::with_capacity(source.len() + source.len() / 8),
        column: 0,
        indent: 0,
        line_indent: 0,
        indents: Vec::new(),
        modes: Vec::new(),
        waiting: Vec::new(),
        after_line_comment: false,
        stacked: false,
    };
    for (index, piece) in doc.pieces.iter().enumerate() {
        printer.piece(index, *piece);
    }
    printer.end_line();
    Printed { text: printer.out, stacked: printer.stacked }
}

struct Printer<'d> {
    doc: &'d Doc,
    source: &'d str,
    limit: u32,
    out: String,
    column: u32,
    indent: u32,
    /// The indentation of the current line.
    line_indent: u32,
    /// What each open [`Piece::Indent`] added.
    indents: Vec<u32>,
    modes: Vec<Mode>,
    /// Comments that wait for the end of the line.
    waiting: Vec<(u32, u32)>,
    /// Whether the line that is being ended ends with a comment that nothing can follow.
    after_line_comment: bool,
    stacked: bool,
}

impl Printer<'_> {
    fn piece(&mut self, index: usize, piece: Piece) {
        match piece {
            Piece::Text { start, end } => {
                self.text(start, end);
                self.column += width(self.source, start, end);
            }
            Piece::Verbatim { start, end } => {
                self.text(start, end);
                let text = self.source.get(start as usize..end as usize).unwrap_or_default();
                let last = text.rsplit('\n').next().unwrap_or_default();
                self.column = last.chars().count() as u32;
                self.line_indent = (last.len() - last.trim_start().len()) as u32;
            }
            Piece::Space => self.write(" "),
            Piece::Comma => self.write(","),
            Piece::TrailingComma if self.mode() == Mode::Broken => self.write(","),
            Piece::FlatComma if self.mode() != Mode::Broken => self.write(","),
            Piece::TrailingComma | Piece::FlatComma => {}
            Piece::Line if self.mode() == Mode::Broken => self.line(),
            Piece::SoftLine if self.mode() == Mode::Broken => self.line(),
            Piece::FillLine | Piece::FillSpace if self.mode() == Mode::Broken && !self.rest_fits(index + 1) => {
                self.line()
            }
            Piece::Line | Piece::FillSpace => self.write(" "),
            Piece::SoftLine | Piece::FillLine => {}
            Piece::HardLine => self.line(),
            Piece::EmptyLine => {
                self.line();
                self.line();
            }
            Piece::TextLine { empty } => {
                self.out.push_str(if empty { "\n\n" } else { "\n" });
                self.line_indent = self.indent;
                self.column = 0;
            }
            Piece::Open(group) => {
                let mode = self.decide(index, group);
                self.modes.push(mode);
            }
            Piece::Close => drop(self.modes.pop()),
            Piece::Indent => {
                let step = if self.mode() == Mode::Broken { STEP } else { 0 };
                self.indent += step;
                self.indents.push(step);
            }
            Piece::IndentFromLine => {
                let deeper = self.indent.max(self.line_indent) + STEP - self.indent;
                let step = if self.mode() == Mode::Broken { deeper } else { 0 };
                self.indent += step;
                self.indents.push(step);
            }
            Piece::Dedent => self.indent -= self.indents.pop().unwrap_or(0),
            Piece::Suffix { start, end } => self.waiting.push((start, end)),
            Piece::LastComment { start, end } if self.mode() == Mode::Broken => self.waiting.push((start, end)),
            Piece::LastComment { start, end } => {
                self.write(" ");
                self.piece(index, Piece::Text { start, end });
            }
        }
    }

    fn mode(&self) -> Mode {
        self.modes.last().copied().unwrap_or(Mode::Broken)
    }

    fn write(&mut self, text: &str) {
        self.indent_line();
        self.out.push_str(text);
        self.column += text.len() as u32;
    }

    fn text(&mut self, start: u32, end: u32) {
        self.indent_line();
        self.out.push_str(self.source.get(start as usize..end as usize).unwrap_or_default());
    }

    /// Indents a line before its first text, so that empty lines stay empty.
    fn indent_line(&mut self) {
        if self.column == 0 && self.indent > 0 && (self.out.is_empty() || self.out.ends_with('\n')) {
            for _ in 0..self.indent {
                self.out.push(' ');
            }
            self.column = self.indent;
            self.line_indent = self.indent;
        }
    }

    fn line(&mut self) {
        self.end_line();
        self.line_indent = self.indent;
        self.column = 0;
    }

    /// Writes the comments that wait, and the line end.
    fn end_line(&mut self) {
        let kept = self.out.trim_end_matches(' ').len();
        self.out.truncate(kept);
        for (start, end) in std::mem::take(&mut self.waiting) {
            let comment = self.source.get(start as usize..end as usize).unwrap_or_default();
            if self.after_line_comment {
                self.stacked = true;
                self.out.push('\n');
                self.out.extend(std::iter::repeat_n(' ', self.line_indent as usize));
            } else if self.out.is_empty() || self.out.ends_with('\n') {
                self.indent_line();
            } else {
                self.out.push(' ');
            }
            self.out.push_str(comment);
            self.after_line_comment = comment.starts_with("//");
        }
        self.after_line_comment = false;
        self.out.push('\n');
    }

    /// How a group is printed that begins here.
    fn decide(&self, index: usize, group: u32) -> Mode {
        let outer = self.mode();
        let Some(group) = self.doc.groups.get(group as usize) else { return Mode::Flat };
        match (group.kind, outer) {
            (Kind::Block, _) => return Mode::Broken,
            (Kind::Rigid, _) | (_, Mode::Rigid) => return Mode::Rigid,
            (Kind::Plain | Kind::Hug, Mode::Flat | Mode::Hugging) => return outer,
            (Kind::Brackets, _) if group.broken || group.has_lines => return Mode::Broken,
            (Kind::Brackets, Mode::Flat) => return Mode::Flat,
            (Kind::Plain | Kind::Hug, Mode::Broken) if group.broken => return Mode::Broken,
            (Kind::Brackets | Kind::Plain | Kind::Hug, _) => {}
        }
        let end = group.end as usize;
        if !group.has_lines {
            let used = self.start_column() + group.width;
            if used <= self.limit && self.tail_fits(end + 1, used) {
                return Mode::Flat;
            }
        } else if self.segments_fit(index, group, Brackets::Flat) {
            return Mode::Flat;
        }
        if group.kind == Kind::Hug && self.segments_fit(index, group, Brackets::Broken) {
            return Mode::Hugging;
        }
        Mode::Broken
    }

    /// The column where the next text will stand.
    fn start_column(&self) -> u32 {
        if self.column == 0 { self.indent } else { self.column }
    }

    /// Whether what follows from `at` on fits after `used` columns, up to the next place where a line can end.
    fn tail_fits(&self, at: usize, used: u32) -> bool {
        self.scan(at, used, self.modes.len()).is_some()
    }

    /// Whether what follows a place to fill fits on the line.
    fn rest_fits(&self, at: usize) -> bool {
        self.scan(at, self.start_column() + 1, self.modes.len()).is_some()
    }

    /// The column of the next place where a line can end; none if it lies behind the limit.
    fn scan(&self, at: usize, mut used: u32, mut depth: usize) -> Option<u32> {
        let mut inner = Inner::default();
        for piece in self.doc.pieces.get(at..).unwrap_or_default() {
            let mode = depth.checked_sub(1).and_then(|depth| self.modes.get(depth)).copied().unwrap_or(Mode::Broken);
            let can_end = inner.can_end(mode);
            match *piece {
                Piece::Text { start, end } => used += width(self.source, start, end),
                Piece::Verbatim { start, end } => used += first_line(self.source, start, end),
                Piece::LastComment { start, end } if !can_end => used += 1 + width(self.source, start, end),
                Piece::Space | Piece::Comma => used += 1,
                Piece::Line | Piece::FillSpace | Piece::FlatComma if !can_end => used += 1,
                Piece::Open(group) => inner.open(self.doc.groups.get(group as usize)?, mode),
                Piece::Close if inner.close() => {}
                Piece::Close => depth = depth.saturating_sub(1),
                Piece::SoftLine | Piece::FillLine if !can_end => {}
                Piece::TrailingComma
                | Piece::FlatComma
                | Piece::Indent
                | Piece::IndentFromLine
                | Piece::Dedent
                | Piece::Suffix { .. }
                | Piece::LastComment { .. } => {}
                Piece::Line
                | Piece::SoftLine
                | Piece::FillLine
                | Piece::FillSpace
                | Piece::HardLine
                | Piece::EmptyLine
                | Piece::TextLine { .. } => return (used <= self.limit).then_some(used),
            }
            if used > self.limit {
                return None;
            }
            if matches!(piece, Piece::Verbatim { .. }) {
                return Some(used);
            }
        }
        Some(used)
    }

    /// Whether each line of a group fits whose own lines do not end, only those of the blocks in it.
    fn segments_fit(&self, index: usize, group: &Group, brackets: Brackets) -> bool {
        let mut used = self.start_column();
        let mut at = index + 1;
        let end = group.end as usize;
        // For each group that was opened, whether its lines end. What these indent has been laid out by itself.
        let mut broken = Vec::new();
        while at < end {
            let piece = self.doc.pieces.get(at).copied().unwrap_or(Piece::Close);
            let ends = broken.last().copied().unwrap_or(false);
            match piece {
                Piece::Open(inner) => {
                    let Some(inner) = self.doc.groups.get(inner as usize) else { return false };
                    let breaks = inner.kind == Kind::Block
                        || (inner.kind == Kind::Brackets && (brackets == Brackets::Broken || inner.has_lines));
                    if inner.broken && !breaks {
                        return false;
                    }
                    broken.push(breaks);
                }
                Piece::Close => drop(broken.pop()),
                Piece::Indent | Piece::IndentFromLine if ends => at = self.dedent_of(at),
                Piece::Line | Piece::SoftLine | Piece::HardLine | Piece::EmptyLine | Piece::TextLine { .. } if ends => {
                    used = self.indent;
                }
                Piece::HardLine | Piece::EmptyLine | Piece::TextLine { .. } => return false,
                Piece::Text { start, end } => used += width(self.source, start, end),
                Piece::Verbatim { start, end } => {
                    if used + first_line(self.source, start, end) > self.limit {
                        return false;
                    }
                    let text = self.source.get(start as usize..end as usize).unwrap_or_default();
                    used = text.rsplit('\n').next().unwrap_or_default().chars().count() as u32;
                }
                Piece::LastComment { start, end } => used += 1 + width(self.source, start, end),
                Piece::Space | Piece::Comma | Piece::FlatComma | Piece::Line | Piece::FillSpace => used += 1,
                Piece::TrailingComma
                | Piece::SoftLine
                | Piece::FillLine
                | Piece::Indent
                | Piece::IndentFromLine
                | Piece::Dedent
                | Piece::Suffix { .. } => {}
            }
            if used > self.limit {
                return false;
            }
            at += 1;
        }
        self.tail_fits(end + 1, used)
    }

    /// The index of the end of the indentation that begins at `at`.
    fn dedent_of(&self, at: usize) -> usize {
        let mut depth = 0u32;
        for (offset, piece) in self.doc.pieces.get(at..).unwrap_or_default().iter().enumerate() {
            match piece {
                Piece::Indent | Piece::IndentFromLine => depth += 1,
                Piece::Dedent => depth -= 1,
                _ => {}
            }
            if depth == 0 {
                return at + offset;
            }
        }
        self.doc.pieces.len()
    }
}

/// The groups that were opened since a scan began, from the outside in.
#[derive(Default)]
struct Inner {
    /// Those whose lines do not end, while brackets in them decide for themselves.
    hugging: u32,
    /// Those that decide for themselves.
    free: u32,
    /// Those whose lines do not end, nor any in them.
    flat: u32,
}

impl Inner {
    /// Whether a line can end here, where the groups around the start are printed by `mode`.
    fn can_end(&self, mode: Mode) -> bool {
        self.flat == 0 && (self.free > 0 || (self.hugging == 0 && mode == Mode::Broken))
    }

    fn open(&mut self, group: &Group, mode: Mode) {
        let free = self.free > 0 || (mode == Mode::Broken && self.hugging == 0);
        match group.kind {
            Kind::Rigid => self.flat += 1,
            _ if self.flat > 0 => self.flat += 1,
            Kind::Block => self.free += 1,
            Kind::Brackets if mode == Mode::Hugging || group.has_lines => self.free += 1,
            Kind::Plain | Kind::Hug | Kind::Brackets if free => self.free += 1,
            Kind::Plain | Kind::Hug if mode == Mode::Hugging => self.hugging += 1,
            Kind::Plain | Kind::Hug | Kind::Brackets => self.flat += 1,
        }
    }

    /// Closes the innermost group; false if there is none.
    fn close(&mut self) -> bool {
        for count in [&mut self.flat, &mut self.free, &mut self.hugging] {
            if *count > 0 {
                *count -= 1;
                return true;
            }
        }
        false
    }
}

/// What a trial does with the brackets in a group.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Brackets {
    Flat,
    Broken,
}

/// The width of the first line of a text.
fn first_line(source: &str, start: u32, end: u32) -> u32 {
    let text = source.get(start as usize..end as usize).unwrap_or_default();
    text.split('\n').next().unwrap_or_default().chars().count() as u32
}
