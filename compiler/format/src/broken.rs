//! Which declarations can be formatted: those without errors. The others, and what a rule does not understand, stay as they are.

use tova_source::FileId;
use tova_syntax::Parsed;
use tova_syntax::ast::{ClientDecl, Item, ItemKind, NodeId};

use crate::cursor::Cursor;
use crate::doc::Kind;
use crate::print::{Printed, print};

/// How often comments that have moved are laid out again.
const MAX_ROUNDS: u32 = 4;

/// Formats a file.
pub(crate) fn format(text: &str, parsed: &Parsed, width: u32) -> String {
    let (formatted, _) = layout(text, parsed, width);
    if parsed.diagnostics.is_empty() {
        return formatted;
    }
    // What is broken has no rules. If its neighbours' new layout changes how it is read, nothing is changed.
    let again = tova_syntax::parse(FileId(0), &formatted, NodeId(0));
    let is_stable = says_the_same(&again, parsed) && layout(&formatted, &again, width).0 == formatted;
    if is_stable { formatted } else { text.to_owned() }
}

/// The new layout, and how many declarations were kept as they are.
pub(crate) fn layout(text: &str, parsed: &Parsed, width: u32) -> (String, usize) {
    let (mut printed, kept) = layout_once(text, parsed, width);
    // Several comments in one place where only one has room: what has moved is laid out anew.
    for _ in 0..MAX_ROUNDS {
        if !printed.stacked {
            break;
        }
        let again = tova_syntax::parse(FileId(0), &printed.text, NodeId(0));
        printed = layout_once(&printed.text, &again, width).0;
    }
    (printed.text, kept)
}

fn layout_once(text: &str, parsed: &Parsed, width: u32) -> (Printed, usize) {
    let errors = parsed.diagnostics.iter().map(|problem| problem.span.start).collect();
    let mut cursor = Cursor::new(text, &parsed.module.comments, errors);
    cursor.group(Kind::Block, |c| {
        c.shebang();
        c.sequence(&parsed.module.items, Cursor::checked_item);
        c.dangling(parsed.module.items.is_empty());
    });
    let rest = cursor.next;
    if (rest as usize) < text.len() {
        // Text behind the last item that belongs to none.
        cursor.hard_line();
        cursor.literal_to(text.trim_end().len() as u32);
    }
    let printed = if cursor.doc.is_empty() {
        Printed { text: String::new(), stacked: false }
    } else {
        print(&cursor.doc, text, width)
    };
    (printed, cursor.kept)
}

/// Whether a formatted text says what the source says that was parsed.
pub(crate) fn is_read_alike(formatted: &str, parsed: &Parsed) -> bool {
    says_the_same(&tova_syntax::parse(FileId(0), formatted, NodeId(0)), parsed)
}

fn says_the_same(again: &Parsed, parsed: &Parsed) -> bool {
    let codes = |parsed: &Parsed| parsed.diagnostics.iter().map(|problem| problem.code).collect::<Vec<_>>();
    codes(again) == codes(parsed)
        && again.module.comments.len() == parsed.module.comments.len()
        && tova_syntax::dump(&again.module) == tova_syntax::dump(&parsed.module)
}

impl Cursor<'_> {
    /// `#!` at the start of a file is no comment.
    fn shebang(&mut self) {
        if self.source.starts_with("#!") {
            let end = self.source.find('\n').unwrap_or(self.source.len());
            let kept = self.slice(0, end as u32).trim_end().len() as u32;
            self.doc.text(self.source, 0, kept);
            self.pass(end as u32);
            self.next_line();
        }
    }

    /// `{ items }`
    pub(crate) fn braced_items(&mut self, items: &[Item]) {
        self.braced_sequence(items, Self::checked_item);
    }

    /// An item in its new layout, or as it is.
    fn checked_item(&mut self, item: &Item, following: Option<&Item>) {
        let reach = following.map_or(self.limit, |following| following.span.start);
        let end = self.extent(item, reach, following);
        if end > item.span.end || (self.has_error(item.span.start, reach) && !self.errors_lie_inside(item, reach)) {
            return self.keep(end);
        }
        let before = self.checkpoint();
        let limit = std::mem::replace(&mut self.limit, item.span.end);
        self.item(item);
        self.limit = limit;
        if self.failed || self.next < item.span.end {
            self.restore(&before);
            self.keep(end);
        }
    }

    fn keep(&mut self, end: u32) {
        self.kept += 1;
        let kept = self.slice(self.next, end).trim_end().len() as u32;
        self.literal_to(self.next + kept);
    }

    /// Where an item ends: behind it, or behind broken text that follows and belongs to no other item.
    fn extent(&self, item: &Item, reach: u32, following: Option<&Item>) -> u32 {
        let broken = following.is_some() && !self.errors.is_empty() && !is_trivia(self.slice(item.span.end, reach));
        if broken { reach } else { item.span.end }
    }

    fn has_error(&self, start: u32, reach: u32) -> bool {
        self.errors.iter().any(|error| (start..reach).contains(error))
    }

    /// Whether all errors in an item lie in the items that it holds, and its own brackets are whole.
    fn errors_lie_inside(&self, item: &Item, reach: u32) -> bool {
        let items = match &item.kind {
            ItemKind::Block(decl) => &decl.items,
            ItemKind::Impl(decl) => &decl.items,
            ItemKind::Trait(decl) => &decl.items,
            ItemKind::Client(ClientDecl::Store { items, .. }) => items,
            ItemKind::Fn(_)
            | ItemKind::Type(_)
            | ItemKind::Import(_)
            | ItemKind::Server(_)
            | ItemKind::Client(_)
            | ItemKind::Test(_)
            | ItemKind::Bench(_)
            | ItemKind::TestHook(_)
            | ItemKind::Stmt(_)
            | ItemKind::Error => return false,
        };
        let (Some(first), Some(last)) = (items.first(), items.last()) else { return false };
        let end = item.span.end.saturating_sub(1);
        let inside = first.span.start..end;
        self.slice(item.span.start, item.span.end).ends_with('}')
            && is_trivia(self.slice(last.span.end, end))
            && self
                .errors
                .iter()
                .filter(|error| (item.span.start..reach).contains(error))
                .all(|error| inside.contains(error))
    }
}

/// Whether a text between items has nothing in it that belongs to one.
fn is_trivia(text: &str) -> bool {
    let mut rest = text.trim_start_matches([' ', '\t', '\r', '\n', ';', ',', '\u{feff}']);
    while !rest.is_empty() {
        let after = match rest.strip_prefix("//") {
            Some(comment) => comment.find('\n').map_or("", |end| comment.get(end..).unwrap_or_default()),
            None => match rest.strip_prefix("/*").and_then(|comment| comment.split_once("*/")) {
                Some((_, after)) => after,
                None => return false,
            },
        };
        rest = after.trim_start_matches([' ', '\t', '\r', '\n', ';', ',']);
    }
    true
}
