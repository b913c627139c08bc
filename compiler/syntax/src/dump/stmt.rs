//! Statements and patterns as text.

use super::Node;
use super::expr::{expr, ty};
use super::item::item;
use crate::ast::{AssignStmt, AssignTarget, Block, ForStmt, Ident, LetStmt, Pattern, PatternKind, Stmt, StmtKind};

pub(super) fn block(block: &Block) -> Node {
    Node::list("do", block.stmts.iter().map(stmt))
}

pub(super) fn stmt(stmt: &Stmt) -> Node {
    match &stmt.kind {
        StmtKind::Item(inner) => item(inner),
        StmtKind::Let(stmt) => let_stmt(stmt),
        StmtKind::Assign(stmt) => assign(stmt),
        StmtKind::Expr(value) => expr(value),
        StmtKind::For(stmt) => for_stmt(stmt),
        StmtKind::While { label, cond, body } => {
            Node::list("while", at_label(label.as_ref()).into_iter().chain([expr(cond), block(body)]))
        }
        StmtKind::Loop { label, body } => Node::list("loop", at_label(label.as_ref()).into_iter().chain([block(body)])),
        StmtKind::Return(value) => Node::list("return", value.as_ref().map(expr)),
        StmtKind::Break(label) => Node::list("break", label.as_ref().map(Node::name)),
        StmtKind::Continue(label) => Node::list("continue", label.as_ref().map(Node::name)),
        StmtKind::Guard { cond, body } => Node::list("guard", [expr(cond), block(body)]),
        StmtKind::Defer(body) => Node::list("defer", [block(body)]),
        StmtKind::Error => Node::atom("error"),
    }
}

fn at_label(label: Option<&Ident>) -> Option<Node> {
    label.map(|label| Node::atom(format!("{}:", label.name)))
}

fn let_stmt(stmt: &LetStmt) -> Node {
    let mut parts: Vec<Node> = stmt.targets.iter().map(pattern).collect();
    parts.extend(stmt.ty.as_ref().map(|written| Node::list(":", [ty(written)])));
    parts.extend(stmt.values.iter().map(expr));
    Node::list(if stmt.mutable { "mut" } else { "let" }, parts)
}

fn assign(stmt: &AssignStmt) -> Node {
    let mut parts: Vec<Node> = stmt
        .targets
        .iter()
        .map(|target| match target {
            AssignTarget::Place(place) => expr(place),
            AssignTarget::Pattern(target) => pattern(target),
        })
        .collect();
    parts.extend(stmt.ty.as_ref().map(|written| Node::list(":", [ty(written)])));
    parts.extend(stmt.values.iter().map(expr));
    Node::list(&format!("{}=", stmt.op.map_or("", crate::ast::BinaryOp::text)), parts)
}

fn for_stmt(stmt: &ForStmt) -> Node {
    let mut parts: Vec<Node> = at_label(stmt.label.as_ref()).into_iter().collect();
    parts.extend(stmt.targets.iter().map(pattern));
    parts.push(Node::list("in", [expr(&stmt.iterable)]));
    parts.extend(stmt.when.as_ref().map(|cond| Node::list("when", [expr(cond)])));
    parts.push(block(&stmt.body));
    parts.extend(stmt.else_.as_ref().map(|body| Node::list("else", [block(body)])));
    Node::list("for", parts)
}

pub(super) fn pattern(pattern_: &Pattern) -> Node {
    match &pattern_.kind {
        PatternKind::Wildcard => Node::atom("_"),
        PatternKind::Name(name) => Node::atom(name.as_str()),
        PatternKind::Nil => Node::atom("nil"),
        PatternKind::Bool(value) => Node::atom(value.to_string()),
        PatternKind::Int(value) => Node::atom(value.to_string()),
        PatternKind::Float(value) => Node::atom(format!("{value:?}")),
        PatternKind::Str(text) => Node::quoted(text),
        PatternKind::Prefix { prefix, rest } => Node::list("prefix", [Node::quoted(prefix), pattern(rest)]),
        PatternKind::Range { start, end, inclusive } => {
            Node::atom(format!("{start}{}{end}", if *inclusive { "..=" } else { ".." }))
        }
        PatternKind::List(elements) => Node::list(
            "list",
            elements.iter().map(|element| match element.rest {
                Some(_) => Node::list("...", [pattern(&element.pattern)]),
                None => pattern(&element.pattern),
            }),
        ),
        PatternKind::Tuple(elements) => Node::list("tuple", elements.iter().map(pattern)),
        PatternKind::Variant { name, args } => {
            let args = args.iter().map(|arg| match &arg.name {
                Some(name) => Node::list(&format!("{}:", name.name), [pattern(&arg.pattern)]),
                None => pattern(&arg.pattern),
            });
            Node::list(&name.name, args)
        }
        PatternKind::Record(fields) => {
            let fields = fields.iter().map(|field| {
                let default = field.default.as_ref().map(|value| Node::list("=", [expr(value)]));
                Node::list(&format!("{}:", field.name.name), [pattern(&field.pattern)].into_iter().chain(default))
            });
            Node::list("record", fields)
        }
        PatternKind::Or(choices) => Node::list("|", choices.iter().map(pattern)),
        PatternKind::Typed { name, ty: written } => Node::list(":", [Node::atom(name.as_str()), ty(written)]),
        PatternKind::Error => Node::atom("error"),
    }
}
