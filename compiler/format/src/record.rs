//! `{ … }` as a value, and comprehensions.

use tova_source::Span;
use tova_syntax::ast::{CompClause, Expr, RecordEntry};

use crate::cursor::Cursor;
use crate::doc::{Kind, Piece};
use crate::list::Brackets;

impl Cursor<'_> {
    /// `{ a: 1, "b": 2, [k]: 3, ...r, name }`
    pub(crate) fn record(&mut self, span: Span, entries: &[RecordEntry]) {
        let kind = self.kind_of_brackets(span);
        self.brackets(Brackets { open: "{", close: "}", kind, edge: Piece::Line }, entries, Self::entry);
    }

    /// How brackets with a value in them are broken: the writer's line end after the opening one stays.
    pub(crate) fn kind_of_brackets(&self, span: Span) -> Kind {
        if self.breaks_after_open(span) { Kind::Block } else { Kind::Brackets }
    }

    fn entry(&mut self, entry: &RecordEntry) {
        match entry {
            RecordEntry::Field { name, value } => {
                self.literal(name.span);
                self.entry_value(value);
            }
            RecordEntry::Short { name, .. } => self.literal(name.span),
            RecordEntry::Computed { key, value } => {
                // A string with code in it needs no brackets to be computed.
                let bracketed = self.at("[");
                if bracketed {
                    self.token("[");
                }
                self.group(Kind::Rigid, |c| c.expr(key));
                if bracketed {
                    self.token("]");
                }
                self.entry_value(value);
            }
            RecordEntry::Spread { value, .. } => {
                self.token("...");
                self.expr(value);
            }
        }
    }

    fn entry_value(&mut self, value: &Expr) {
        self.token(":");
        self.value(value);
    }

    /// `{ k: v for k, v in m if c }`. The key says that this is no block, so no line may end in it.
    pub(crate) fn record_comp(&mut self, key: &Expr, value: &Expr, clause: &CompClause) {
        self.comprehension(("{", "}"), Piece::Line, clause, |c| {
            c.group(Kind::Rigid, |c| c.expr(key));
            c.token(":");
            c.space();
            c.expr(value);
        });
    }

    /// `[e for x in xs if c]`
    pub(crate) fn list_comp(&mut self, value: &Expr, clause: &CompClause) {
        self.comprehension(("[", "]"), Piece::SoftLine, clause, |c| c.expr(value));
    }

    fn comprehension(
        &mut self,
        (open, close): (&str, &str),
        edge: Piece,
        clause: &CompClause,
        element: impl FnOnce(&mut Self),
    ) {
        self.token(open);
        self.group(Kind::Brackets, |c| {
            c.indented(|c| {
                c.doc.push(edge);
                c.lead();
                element(c);
                c.line();
                c.comp_clause(clause);
                c.drop(",");
                c.drop(";");
                c.dangling(false);
            });
            c.doc.push(edge);
        });
        self.token(close);
    }

    fn comp_clause(&mut self, clause: &CompClause) {
        self.token("for");
        self.space();
        self.targets(&clause.targets);
        self.space();
        self.token("in");
        self.space();
        self.expr(&clause.iterable);
        if let Some(cond) = &clause.cond {
            self.line();
            self.token("if");
            self.space();
            self.expr(cond);
        }
    }
}
