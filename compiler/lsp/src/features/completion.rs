//! What can stand at the cursor. The place is found from the text left of it and from the tree around it; each kind of place has a file.

mod import;
mod member;
mod pattern;
mod record;
mod scope;
mod server;
mod ty;
mod view;

use std::collections::HashSet;

use gen_lsp_types as lsp;
use tova_source::Span;
use tova_syntax::ast::NodeId;

use super::words::{self, Level};
use crate::cursor::{Cursor, Inside};
use crate::snapshot::{At, Snapshot};
use crate::symbol::Symbol;
use crate::tree::{self, Node};

/// Completion of the word at the cursor.
pub(crate) fn completion(snapshot: &Snapshot<'_>, params: lsp::CompletionParams) -> Option<lsp::CompletionResponse> {
    let place = params.text_document_position_params;
    let at = snapshot.at(&place.text_document.uri, place.position)?;
    let cursor = Cursor::new(&at.source.text, at.offset);
    let mut list = List::new(snapshot, at, &cursor);
    fill(&mut list);
    let (items, is_incomplete) = (list.items, list.is_incomplete);
    Some(lsp::CompletionResponse::from(lsp::CompletionList { is_incomplete, items, ..Default::default() }))
}

/// More entries than this nobody reads.
const MOST: usize = 128;

/// Groups of entries, nearest first.
#[derive(Clone, Copy, Debug)]
enum Group {
    /// What only this place has: fields, columns, variants.
    Place,
    Local,
    Program,
    Library,
    Word,
}

/// The entries that are being collected.
struct List<'l, 'a> {
    snapshot: &'l Snapshot<'a>,
    at: At<'a>,
    cursor: &'l Cursor<'a>,
    items: Vec<lsp::CompletionItem>,
    labels: HashSet<String>,
    /// Whether there is more than was added.
    is_incomplete: bool,
}

/// One entry before it is put into the editor's terms.
struct Entry<'e> {
    label: &'e str,
    kind: lsp::CompletionItemKind,
    group: Group,
    detail: Option<String>,
    docs: Option<String>,
    /// What is put in, with places to fill in; the label if absent.
    snippet: Option<String>,
}

impl<'l, 'a> List<'l, 'a> {
    fn new(snapshot: &'l Snapshot<'a>, at: At<'a>, cursor: &'l Cursor<'a>) -> Self {
        Self { snapshot, at, cursor, items: Vec::new(), labels: HashSet::new(), is_incomplete: false }
    }

    /// Whether an entry belongs into the list: new, fitting what is typed, and not one of too many. What is far away is cut off first;
    /// the editor asks again with more letters.
    fn takes(&mut self, label: &str, group: Group) -> bool {
        if self.labels.contains(label) || !is_spelt(label, self.cursor.word) {
            return false;
        }
        let far = matches!(group, Group::Program | Group::Library);
        let fits = !far || self.items.len() < MOST;
        self.is_incomplete |= !fits;
        fits
    }

    /// Adds an entry; of two with one label the first stays.
    fn add(&mut self, entry: Entry<'_>) {
        if !self.takes(entry.label, entry.group) {
            return;
        }
        self.labels.insert(entry.label.to_owned());
        let with_places = self.snapshot.client.snippets;
        let text = entry.snippet.unwrap_or_else(|| entry.label.to_owned());
        let text = if with_places { text } else { without_places(&text) };
        let indented = text.replace('\n', &format!("\n{}", self.indent()));
        let start = u32::try_from(self.cursor.word_start()).unwrap_or(u32::MAX);
        let range = self.snapshot.range(Span::new(self.at.file, start, self.at.offset));
        let format = with_places && indented.contains('$');
        let documentation = entry
            .docs
            .map(|value| lsp::Documentation::from(lsp::MarkupContent { kind: lsp::MarkupKind::Markdown, value }));
        self.items.push(lsp::CompletionItem {
            label: entry.label.to_owned(),
            kind: Some(entry.kind),
            detail: entry.detail,
            documentation,
            sort_text: Some(format!("{}{}", entry.group as u8, entry.label)),
            insert_text_format: Some(if format {
                lsp::InsertTextFormat::Snippet
            } else {
                lsp::InsertTextFormat::PlainText
            }),
            text_edit: Some(lsp::TextEdit { range, new_text: indented }.into()),
            ..lsp::CompletionItem::default()
        });
    }

    /// The white space at the start of the cursor's line.
    fn indent(&self) -> &str {
        let line = self.cursor.before.rsplit('\n').next().unwrap_or("");
        line.get(..line.len() - line.trim_start().len()).unwrap_or("")
    }

    /// Adds something that has a declaration.
    fn symbol(&mut self, label: &str, symbol: &Symbol, group: Group) {
        if !self.takes(label, group) {
            return;
        }
        let kind = completion_kind(self.snapshot, symbol);
        let snippet = self.called(label, symbol);
        self.add(Entry {
            label,
            kind,
            group,
            detail: self.snapshot.signature(symbol),
            docs: self.snapshot.docs(symbol).map(String::from),
            snippet,
        });
    }

    /// A function with its brackets, unless they are there already.
    fn called(&self, label: &str, symbol: &Symbol) -> Option<String> {
        let Symbol::Fn(id) = symbol else { return None };
        let after = self.at.source.text.get(self.at.offset as usize..).unwrap_or("");
        let steps = self.cursor.statement().trim_end().ends_with("=>");
        if !self.snapshot.client.snippets || after.starts_with('(') || steps {
            return None;
        }
        let info = self.snapshot.function(*id)?;
        let method = self.cursor.left().ends_with('.') || self.cursor.left().trim_end().ends_with("|>");
        let own = info.decl.params.first().and_then(crate::describe::parameter_name).is_some_and(|name| name == "self");
        let receiver = method && (own || info.std && !info.name.contains('.'));
        let takes = info.decl.params.len() > usize::from(receiver);
        Some(if takes { format!("{label}($0)") } else { format!("{label}()") })
    }

    /// Adds the words that may begin something here.
    fn words(&mut self, levels: &[Level]) {
        let fitting = words::WORDS.iter().filter(|word| word.levels.iter().any(|level| levels.contains(level)));
        for word in fitting {
            self.add(Entry {
                label: word.word,
                kind: lsp::CompletionItemKind::Keyword,
                group: Group::Word,
                detail: None,
                docs: Some(word.docs.to_owned()),
                snippet: Some(word.snippet.to_owned()),
            });
        }
    }

    /// Adds a plain word.
    fn word(&mut self, label: &str, docs: Option<&str>) {
        self.add(Entry {
            label,
            kind: lsp::CompletionItemKind::Keyword,
            group: Group::Word,
            detail: None,
            docs: docs.map(str::to_owned),
            snippet: None,
        });
    }

    /// The smallest expression that ends at an offset.
    fn expr_ending_at(&self, end: usize) -> Option<NodeId> {
        let end = u32::try_from(end).ok()?;
        let mut found = None;
        tree::around(self.at.module, end, &mut |node| {
            if let Node::Expr(expr) = node
                && expr.span.end == end
            {
                found = Some(expr.id);
            }
        });
        found
    }
}

/// Whether the letters of `word` stand in `label` in their order.
pub(super) fn is_spelt(label: &str, word: &str) -> bool {
    let mut letters = label.chars().flat_map(char::to_lowercase);
    word.chars().flat_map(char::to_lowercase).all(|wanted| letters.any(|letter| letter == wanted))
}

/// Chooses by the place.
fn fill(list: &mut List<'_, '_>) {
    let cursor = list.cursor;
    match cursor.inside {
        Some(Inside::Comment) => return,
        Some(Inside::String(start)) => return import::path(list, start),
        None => {}
    }
    if import::names(list) || member::members(list) || view::tags(list) || view::attributes(list) {
        return;
    }
    if server::place(list) || ty::types(list) || pattern::arms(list) {
        return;
    }
    // A literal's keys, or names of variables for `{ name }`.
    record::fields(list);
    record::arguments(list);
    let levels = scope::levels(list);
    list.words(&levels);
    scope::names(list);
}

fn completion_kind(snapshot: &Snapshot<'_>, symbol: &Symbol) -> lsp::CompletionItemKind {
    use lsp::{CompletionItemKind as Kind, SymbolKind};
    match snapshot.kind(symbol) {
        SymbolKind::Constant => Kind::Constant,
        SymbolKind::Function => Kind::Function,
        SymbolKind::Method => Kind::Method,
        SymbolKind::Enum => Kind::Enum,
        SymbolKind::EnumMember => Kind::EnumMember,
        SymbolKind::Class => Kind::Class,
        SymbolKind::Struct => Kind::Struct,
        SymbolKind::Field => Kind::Field,
        SymbolKind::TypeParameter => Kind::TypeParameter,
        SymbolKind::Namespace | SymbolKind::Object => Kind::Module,
        _ => Kind::Variable,
    }
}

/// A text with its places to fill in taken out: `${1:name}` is `name`, `$0` is nothing.
pub(super) fn without_places(text: &str) -> String {
    let mut out = String::new();
    let mut rest = text;
    while let Some(at) = rest.find('$') {
        out.push_str(rest.get(..at).unwrap_or(""));
        rest = rest.get(at + 1..).unwrap_or("");
        if let Some(inner) = rest.strip_prefix('{')
            && let Some((place, after)) = inner.split_once('}')
        {
            out.push_str(place.split_once(':').map_or("", |(_, default)| default));
            rest = after;
        } else {
            rest = rest.trim_start_matches(|c: char| c.is_ascii_digit());
        }
    }
    out.push_str(rest);
    out
}

#[cfg(test)]
mod tests {
    use super::without_places;

    #[test]
    fn places_to_fill_in_leave_their_default() {
        assert_eq!(without_places("for ${1:x} in $2 {\n  $0\n}"), "for x in  {\n  \n}");
    }
}
