//! The generator makes every kind of node, and whoever adds one adds it there: this does not compile without it.

use std::collections::BTreeSet;

use tova_source::FileId;
use tova_syntax::ast::visit::{Visitor, walk_element, walk_expr, walk_item, walk_pattern, walk_stmt, walk_ty};
use tova_syntax::ast::{
    AttrKind, ChildKind, ClientDecl, Element, Expr, ExprKind, Item, ItemKind, NodeId, Pattern, PatternKind,
    RecordEntry, ServerDecl, Stmt, StmtKind, TypeBody, TypeExpr, TypeExprKind,
};

use super::laws;

/// A function that names the variant of an enum, and the list of all names.
macro_rules! kinds {
    ($function:ident, $all:ident, $enum:ident: $($variant:ident)*) => {
        const $all: &[&str] = &[$(concat!(stringify!($enum), "::", stringify!($variant))),*];
        fn $function(node: &$enum) -> &'static str {
            match node {
                $($enum::$variant { .. } => concat!(stringify!($enum), "::", stringify!($variant)),)*
            }
        }
    };
}

kinds!(item_kind, ITEMS, ItemKind: Fn Type Impl Trait Import Block Server Client Test Bench TestHook Stmt Error);
kinds!(type_body, TYPE_BODIES, TypeBody: Record Enum Alias Error);
kinds!(server_kind, SERVER, ServerDecl: Route Middleware Model Config Port MaxBody Health Env Hook);
kinds!(client_kind, CLIENT, ClientDecl: State Computed Effect Component Store Hook Style);
kinds!(stmt_kind, STMTS, StmtKind: Item Let Assign Expr For While Loop Return Break Continue Guard Defer Error);
kinds!(expr_kind, EXPRS, ExprKind: Nil Bool Int Float Str Template Regex Name List ListComp Record RecordComp Tuple Paren
    Field ImplicitFn ImplicitReceiver TupleField Index Slice Call Unary Binary Chain Range Is Pipe Placeholder Propagate
    Await Lambda If Match Try Block View Error);
kinds!(entry_kind, ENTRIES, RecordEntry: Field Short Computed Spread);
kinds!(pattern_kind, PATTERNS, PatternKind: Wildcard Name Nil Bool Int Float Str Prefix Range List Tuple Variant Record Or
    Typed Error);
kinds!(type_kind, TYPES, TypeExprKind: Name List Tuple Fn Record Optional Union Infer Error);
kinds!(attr_kind, ATTRS, AttrKind: Plain On Bind Class Directive Spread);
kinds!(child_kind, CHILDREN, ChildKind: Text Expr Element If For Match);

#[derive(Default)]
struct Seen(BTreeSet<&'static str>);

impl Visitor for Seen {
    fn item(&mut self, item: &Item) {
        self.0.insert(item_kind(&item.kind));
        match &item.kind {
            ItemKind::Type(decl) => drop(self.0.insert(type_body(&decl.body))),
            ItemKind::Server(decl) => drop(self.0.insert(server_kind(decl))),
            ItemKind::Client(decl) => drop(self.0.insert(client_kind(decl))),
            _ => {}
        }
        walk_item(self, item);
    }

    fn stmt(&mut self, stmt: &Stmt) {
        self.0.insert(stmt_kind(&stmt.kind));
        walk_stmt(self, stmt);
    }

    fn expr(&mut self, expr: &Expr) {
        self.0.insert(expr_kind(&expr.kind));
        if let ExprKind::Record(entries) = &expr.kind {
            self.0.extend(entries.iter().map(entry_kind));
        }
        walk_expr(self, expr);
    }

    fn pattern(&mut self, pattern: &Pattern) {
        self.0.insert(pattern_kind(&pattern.kind));
        walk_pattern(self, pattern);
    }

    fn ty(&mut self, ty: &TypeExpr) {
        self.0.insert(type_kind(&ty.kind));
        walk_ty(self, ty);
    }

    fn element(&mut self, element: &Element) {
        self.0.extend(element.attrs.iter().map(|attr| attr_kind(&attr.kind)));
        self.0.extend(element.children.iter().map(|child| child_kind(&child.kind)));
        walk_element(self, element);
    }
}

#[test]
fn the_generator_makes_every_kind_of_node() {
    let mut seen = Seen::default();
    let mut programs = 0;
    for text in laws::generated(1000) {
        let parsed = tova_syntax::parse(FileId(0), &text, NodeId(0));
        parsed.module.items.iter().for_each(|item| seen.item(item));
        programs += 1;
    }
    let all = [ITEMS, TYPE_BODIES, SERVER, CLIENT, STMTS, EXPRS, ENTRIES, PATTERNS, TYPES, ATTRS, CHILDREN].concat();
    let missing: Vec<&str> =
        all.into_iter().filter(|kind| !kind.ends_with("::Error") && !seen.0.contains(kind)).collect();
    assert!(missing.is_empty(), "never made in {programs} programs: {missing:?}");
    assert!(programs > 700, "only {programs} of 1000 programs have no errors");
}
