//! The document: a flat list of pieces of text and places where a line may end, between which groups are opened and closed.
//!
//! A group is printed on one line if it fits, else all of its own places become line ends. Widths are added up while the
//! list grows, so that whether a group fits is mostly one comparison. Text is a place in the source, never a copy, and
//! pieces that follow each other in the source as they follow each other here become one.

/// A piece of the document.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Piece {
    /// Text of the source, without line ends.
    Text { start: u32, end: u32 },
    /// Text of the source with line ends in it, printed as it is: strings, comments, style sheets.
    Verbatim { start: u32, end: u32 },
    /// A space.
    Space,
    /// A comma that the source may lack.
    Comma,
    /// A comma if the innermost group is broken.
    TrailingComma,
    /// A comma unless the innermost group is broken.
    FlatComma,
    /// A line end if the innermost group is broken, else a space.
    Line,
    /// A line end if the innermost group is broken, else nothing.
    SoftLine,
    /// In a broken group, a line end if what follows does not fit on this line; nothing otherwise.
    FillLine,
    /// In a broken group, a line end if what follows does not fit on this line; a space otherwise.
    FillSpace,
    /// A line end. Only in blocks, and in groups that are broken for sure.
    HardLine,
    /// An empty line and the end of the line before. As above.
    EmptyLine,
    /// A line end after JSX text, where no comment can stand, and an empty line before it if there is one.
    TextLine { empty: bool },
    /// The start of a group.
    Open(u32),
    /// The end of the innermost group.
    Close,
    /// From here on lines are indented more, if the innermost group is broken.
    Indent,
    /// As [`Piece::Indent`], and more than the line that this stands on.
    IndentFromLine,
    /// The end of the last [`Piece::Indent`].
    Dedent,
    /// A comment that waits for the end of the line.
    Suffix { start: u32, end: u32 },
    /// The last comment before the end of a group: as [`Piece::Suffix`] if the group is broken.
    LastComment { start: u32, end: u32 },
}

/// What breaking a group means for what is around it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Kind {
    /// An ordinary group. It may stay on one line although blocks inside of it have lines of their own: `f(fn() { … })`.
    Plain,
    /// As [`Kind::Plain`]; before it is broken itself, it is tried with the brackets in it broken.
    Hug,
    /// What stands between brackets: broken as soon as anything in it has several lines.
    Brackets,
    /// Always broken. What is around it does not care.
    Block,
    /// Never broken: the lines in it end only in blocks.
    Rigid,
}

/// A group.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Group {
    pub(crate) kind: Kind,
    /// Whether it has to be broken.
    pub(crate) broken: bool,
    /// Whether there is a line end in it for sure, however deep.
    pub(crate) has_lines: bool,
    /// The index of its [`Piece::Close`].
    pub(crate) end: u32,
    /// Its width on one line.
    pub(crate) width: u32,
    /// While it is open: the width of all before it, and how many line ends there were.
    before: (u32, u32),
}

/// A document that grows.
#[derive(Debug, Default)]
pub(crate) struct Doc {
    pub(crate) pieces: Vec<Piece>,
    pub(crate) groups: Vec<Group>,
    /// The groups that are open.
    open: Vec<u32>,
    /// The width of all so far, printed on one line.
    width: u32,
    /// How many line ends there are for sure.
    lines: u32,
    /// Whether a comment waits for the end of its line.
    waiting: bool,
}

/// How long a document was.
pub(crate) struct Length {
    pieces: usize,
    /// The last piece, which may have grown.
    last: Option<Piece>,
    groups: usize,
    open: usize,
    state: (u32, u32, bool),
}

impl Doc {
    /// A document that will be about as long as this source.
    pub(crate) fn for_source(source: &str) -> Self {
        Self { pieces: Vec::with_capacity(source.len() / 6), ..Self::default() }
    }

    /// Whether it shows nothing.
    pub(crate) fn is_empty(&self) -> bool {
        self.width == 0 && self.lines <= 1
    }

    /// Adds text of the source.
    pub(crate) fn text(&mut self, source: &str, start: u32, end: u32) {
        if start == end {
            return;
        }
        self.width += width(source, start, end);
        if let Some(Piece::Text { end: last, .. }) = self.pieces.last_mut()
            && *last == start
        {
            *last = end;
            return;
        }
        self.pieces.push(Piece::Text { start, end });
    }

    /// Adds text that may hold line ends.
    pub(crate) fn verbatim(&mut self, source: &str, start: u32, end: u32) {
        let text = source.get(start as usize..end as usize).unwrap_or_default();
        if text.contains('\n') {
            self.lines += 1;
            self.pieces.push(Piece::Verbatim { start, end });
        } else {
            self.text(source, start, end);
        }
    }

    /// Adds a space, if possible as part of the text before it.
    pub(crate) fn space(&mut self, source: &str) {
        self.width += 1;
        if let Some(Piece::Text { end, .. }) = self.pieces.last_mut()
            && source.as_bytes().get(*end as usize) == Some(&b' ')
        {
            *end += 1;
            return;
        }
        self.pieces.push(Piece::Space);
    }

    /// Adds a comma.
    pub(crate) fn comma(&mut self) {
        self.width += 1;
        self.pieces.push(Piece::Comma);
    }

    /// Adds a piece that is neither text nor the start or end of a group.
    pub(crate) fn push(&mut self, piece: Piece) {
        match piece {
            Piece::Line | Piece::FillSpace => {
                self.width += 1;
                self.break_for_comment();
            }
            Piece::SoftLine | Piece::FillLine => self.break_for_comment(),
            Piece::HardLine | Piece::EmptyLine => {
                self.lines += 1;
                self.waiting = false;
            }
            Piece::TextLine { .. } => self.lines += 1,
            Piece::Suffix { .. } => self.waiting = true,
            Piece::FlatComma => self.width += 1,
            Piece::LastComment { start, end } => self.width += 1 + end - start,
            Piece::TrailingComma
            | Piece::Indent
            | Piece::IndentFromLine
            | Piece::Dedent
            | Piece::Text { .. }
            | Piece::Verbatim { .. }
            | Piece::Space
            | Piece::Comma
            | Piece::Open(_)
            | Piece::Close => {}
        }
        self.pieces.push(piece);
    }

    /// Opens a group.
    pub(crate) fn open(&mut self, kind: Kind) {
        let index = u32::try_from(self.groups.len()).unwrap_or(u32::MAX);
        self.groups.push(Group {
            kind,
            broken: kind == Kind::Block,
            has_lines: false,
            end: u32::MAX,
            width: 0,
            before: (self.width, self.lines),
        });
        self.open.push(index);
        self.pieces.push(Piece::Open(index));
    }

    /// Closes the innermost group.
    pub(crate) fn close(&mut self) {
        let end = u32::try_from(self.pieces.len()).unwrap_or(u32::MAX);
        let (width, lines) = (self.width, self.lines);
        if let Some(group) = self.open.pop().and_then(|index| self.groups.get_mut(index as usize)) {
            group.end = end;
            group.width = width - group.before.0;
            group.has_lines = lines != group.before.1 || group.broken;
            if group.has_lines && lines == group.before.1 {
                self.lines += 1;
            }
        }
        self.pieces.push(Piece::Close);
    }

    /// Sees to it that the open groups are broken, up to the innermost brackets or block: what is around these does not care.
    pub(crate) fn break_open(&mut self) {
        for &index in self.open.iter().rev() {
            let Some(group) = self.groups.get_mut(index as usize) else { return };
            match group.kind {
                Kind::Plain | Kind::Hug => group.broken = true,
                Kind::Brackets => {
                    group.broken = true;
                    return;
                }
                Kind::Block | Kind::Rigid => return,
            }
        }
    }

    /// Remembers how long it is.
    pub(crate) fn length(&self) -> Length {
        Length {
            pieces: self.pieces.len(),
            last: self.pieces.last().copied(),
            groups: self.groups.len(),
            open: self.open.len(),
            state: (self.width, self.lines, self.waiting),
        }
    }

    /// Takes back what was added since.
    pub(crate) fn shorten(&mut self, to: &Length) {
        self.pieces.truncate(to.pieces);
        if let (Some(last), Some(kept)) = (self.pieces.last_mut(), to.last) {
            *last = kept;
        }
        self.groups.truncate(to.groups);
        self.open.truncate(to.open);
        (self.width, self.lines, self.waiting) = to.state;
    }

    /// Whether nothing stands on the current line yet, so that a comment can have it for itself.
    pub(crate) fn at_line_start(&self) -> bool {
        if self.is_rigid() {
            return false;
        }
        let marks = |piece: &&Piece| {
            matches!(piece, Piece::Open(_) | Piece::Close | Piece::Indent | Piece::IndentFromLine | Piece::Dedent)
        };
        match self.pieces.iter().rev().find(|piece| !marks(piece)) {
            None => true,
            Some(piece) => matches!(
                piece,
                Piece::Line
                    | Piece::SoftLine
                    | Piece::FillLine
                    | Piece::FillSpace
                    | Piece::HardLine
                    | Piece::EmptyLine
                    | Piece::TextLine { .. }
            ),
        }
    }

    /// Whether a comment waits for a line end.
    pub(crate) fn is_waiting(&self) -> bool {
        self.waiting
    }

    /// Whether the innermost group is a block, or there is none.
    pub(crate) fn in_block(&self) -> bool {
        let innermost = self.open.last().and_then(|index| self.groups.get(*index as usize));
        innermost.is_none_or(|group| group.kind == Kind::Block)
    }

    /// Whether the lines of the innermost group cannot end.
    pub(crate) fn is_rigid(&self) -> bool {
        for &index in self.open.iter().rev() {
            match self.groups.get(index as usize).map(|group| group.kind) {
                Some(Kind::Rigid) => return true,
                Some(Kind::Block) => return false,
                _ => {}
            }
        }
        false
    }

    /// The next place for a line end has to be one if a comment waits for it.
    fn break_for_comment(&mut self) {
        if self.waiting && !self.is_rigid() {
            self.break_open();
            self.waiting = false;
        }
    }
}

/// How many columns a text takes.
pub(crate) fn width(source: &str, start: u32, end: u32) -> u32 {
    match source.get(start as usize..end as usize) {
        Some(text) if !text.is_ascii() => text.chars().count() as u32,
        _ => end - start,
    }
}
