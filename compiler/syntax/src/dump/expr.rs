//! Expressions and types as text.

use super::Node;
use super::stmt::{block, pattern};
use super::view::element;
use crate::ast::{
    Arg, Catch, CompClause, Expr, ExprKind, IfExpr, Lambda, LambdaBody, MatchArm, Param, RecordEntry, TemplatePart,
    TypeExpr, TypeExprKind, UnaryOp,
};

pub(super) fn expr(value: &Expr) -> Node {
    match &value.kind {
        ExprKind::Nil => Node::atom("nil"),
        ExprKind::Bool(value) => Node::atom(value.to_string()),
        ExprKind::Int(value) => Node::atom(value.to_string()),
        ExprKind::Float(value) => Node::atom(format!("{value:?}")),
        ExprKind::Str(text) => Node::quoted(text),
        ExprKind::Template(parts) => Node::list("template", parts.iter().map(template_part)),
        ExprKind::Regex { pattern, flags } => Node::list("regex", [Node::quoted(pattern), Node::atom(flags.as_str())]),
        ExprKind::Name(name) => Node::atom(name.as_str()),
        ExprKind::Placeholder => Node::atom("_"),
        ExprKind::ImplicitReceiver => Node::atom("it"),
        ExprKind::Error => Node::atom("error"),
        ExprKind::List(elements) => {
            Node::list("list", elements.iter().map(|element| spread(element.spread.is_some(), &element.value)))
        }
        ExprKind::ListComp { value, clause } => {
            Node::list("list-for", [expr(value)].into_iter().chain(comp_clause(clause)))
        }
        ExprKind::Record(entries) => Node::list("record", entries.iter().map(entry)),
        ExprKind::RecordComp { key, value, clause } => {
            Node::list("record-for", [expr(key), expr(value)].into_iter().chain(comp_clause(clause)))
        }
        ExprKind::Tuple(elements) => Node::list("tuple", elements.iter().map(expr)),
        ExprKind::Paren(inner) => Node::list("paren", [expr(inner)]),
        ExprKind::Field { .. }
        | ExprKind::TupleField { .. }
        | ExprKind::Index { .. }
        | ExprKind::Slice { .. }
        | ExprKind::Call { .. } => access(value),
        ExprKind::Unary { .. }
        | ExprKind::Binary { .. }
        | ExprKind::Chain { .. }
        | ExprKind::Range { .. }
        | ExprKind::Is { .. } => operator(value),
        ExprKind::ImplicitFn(body) => Node::list("implicit", [expr(body)]),
        ExprKind::Pipe { value, step } => Node::list("|>", [expr(value), expr(step)]),
        ExprKind::Propagate(inner) => Node::list("?", [expr(inner)]),
        ExprKind::Await(inner) => Node::list("await", [expr(inner)]),
        ExprKind::Lambda(inner) => lambda(inner),
        ExprKind::If(inner) => if_expr(inner),
        ExprKind::Match { subject, arms } => {
            Node::list("match", [expr(subject)].into_iter().chain(arms.iter().map(arm)))
        }
        ExprKind::Try { body, catch, finally } => {
            let finally = finally.as_ref().map(|body| Node::list("finally", [block(body)]));
            Node::list("try", [block(body)].into_iter().chain(catch.as_ref().map(|catch| catch_(catch))).chain(finally))
        }
        ExprKind::Block(inner) => block(inner),
        ExprKind::View(view) => element(view),
    }
}

fn access(value: &Expr) -> Node {
    match &value.kind {
        ExprKind::Field { object, name, optional } => {
            Node::list(if *optional { "?." } else { "." }, [expr(object), Node::name(name)])
        }
        ExprKind::TupleField { object, index, .. } => Node::list(".", [expr(object), Node::atom(index.to_string())]),
        ExprKind::Index { object, index } => Node::list("index", [expr(object), expr(index)]),
        ExprKind::Slice { object, start, end, step } => {
            let bound = |bound: &Option<Box<Expr>>| bound.as_ref().map_or(Node::atom("_"), |bound| expr(bound));
            Node::list("slice", [expr(object), bound(start), bound(end), bound(step)])
        }
        ExprKind::Call { callee, args } => Node::list("call", [expr(callee)].into_iter().chain(args.iter().map(arg))),
        _ => Node::atom("error"),
    }
}

fn operator(value: &Expr) -> Node {
    match &value.kind {
        ExprKind::Unary { op, operand, .. } => {
            let head = match op {
                UnaryOp::Neg => "-",
                UnaryOp::Not => "not",
                UnaryOp::BitNot => "~",
            };
            Node::list(head, [expr(operand)])
        }
        ExprKind::Binary { op, left, right, .. } => Node::list(op.text(), [expr(left), expr(right)]),
        ExprKind::Chain { first, rest } => {
            let rest = rest.iter().flat_map(|(op, _, operand)| [Node::atom(op.text()), expr(operand)]);
            Node::list("chain", [expr(first)].into_iter().chain(rest))
        }
        ExprKind::Range { start, end, inclusive } => {
            Node::list(if *inclusive { "..=" } else { ".." }, [expr(start), expr(end)])
        }
        ExprKind::Is { value, name, negated } => {
            Node::list(if *negated { "is-not" } else { "is" }, [expr(value), Node::name(name)])
        }
        _ => Node::atom("error"),
    }
}

fn template_part(part: &TemplatePart) -> Node {
    match part {
        TemplatePart::Text(text, _) => Node::quoted(text),
        TemplatePart::Expr(value) => expr(value),
    }
}

fn spread(spread: bool, value: &Expr) -> Node {
    if spread { Node::list("...", [expr(value)]) } else { expr(value) }
}

fn entry(entry: &RecordEntry) -> Node {
    match entry {
        RecordEntry::Field { name, value } if name.name.contains(|c: char| !c.is_alphanumeric() && c != '_') => {
            Node::list(&format!("{:?}:", name.name), [expr(value)])
        }
        RecordEntry::Field { name, value } => Node::list(&format!("{}:", name.name), [expr(value)]),
        RecordEntry::Short { name, .. } => Node::name(name),
        RecordEntry::Computed { key, value } => Node::List(vec![Node::list("key", [expr(key)]), expr(value)]),
        RecordEntry::Spread { value, .. } => Node::list("...", [expr(value)]),
    }
}

fn comp_clause(clause: &CompClause) -> Vec<Node> {
    let mut parts: Vec<Node> = clause.targets.iter().map(pattern).collect();
    parts.push(Node::list("in", [expr(&clause.iterable)]));
    parts.extend(clause.cond.as_ref().map(|cond| Node::list("if", [expr(cond)])));
    parts
}

fn arg(arg: &Arg) -> Node {
    let value = spread(arg.spread.is_some(), &arg.value);
    match &arg.name {
        Some(name) => Node::list(&format!("{}:", name.name), [value]),
        None => value,
    }
}

pub(super) fn params(params: &[Param]) -> Node {
    Node::List(params.iter().map(param).collect())
}

fn param(param: &Param) -> Node {
    let name = pattern(&param.pattern);
    let mut parts: Vec<Node> = param.ty.iter().map(ty).collect();
    parts.extend(param.default.as_ref().map(|value| Node::list("=", [expr(value)])));
    let whole = if parts.is_empty() { name } else { Node::List([name].into_iter().chain(parts).collect()) };
    if param.rest.is_some() { Node::list("...", [whole]) } else { whole }
}

pub(super) fn lambda(lambda: &Lambda) -> Node {
    let ret = lambda.ret.as_ref().map(|ret| Node::list("->", [ty(ret)]));
    Node::list("lambda", [params(&lambda.params)].into_iter().chain(ret).chain([body(&lambda.body)]))
}

pub(super) fn body(body: &LambdaBody) -> Node {
    match body {
        LambdaBody::Expr(value) => expr(value),
        LambdaBody::Block(inner) => block(inner),
    }
}

fn if_expr(if_: &IfExpr) -> Node {
    let branches = if_.branches.iter().flat_map(|(cond, then)| [expr(cond), block(then)]);
    let else_ = if_.else_.as_ref().map(|body| Node::list("else", [block(body)]));
    Node::list("if", branches.chain(else_))
}

fn arm(arm: &MatchArm) -> Node {
    let guard = arm.guard.as_ref().map(|guard| Node::list("if", [expr(guard)]));
    Node::list("=>", [pattern(&arm.pattern)].into_iter().chain(guard).chain([body(&arm.body)]))
}

fn catch_(catch: &Catch) -> Node {
    Node::list("catch", catch.name.as_ref().map(pattern).into_iter().chain([block(&catch.body)]))
}

pub(super) fn ty(written: &TypeExpr) -> Node {
    match &written.kind {
        TypeExprKind::Name { name, args } if args.is_empty() => Node::name(name),
        TypeExprKind::Name { name, args } => Node::list(&name.name, args.iter().map(ty)),
        TypeExprKind::List(element) => Node::list("list", [ty(element)]),
        TypeExprKind::Tuple(members) => Node::list("tuple", members.iter().map(ty)),
        TypeExprKind::Fn { params, ret } => Node::list("fn", [Node::List(params.iter().map(ty).collect()), ty(ret)]),
        TypeExprKind::Record(fields) => {
            Node::list("record", fields.iter().map(|(name, field)| Node::list(&format!("{}:", name.name), [ty(field)])))
        }
        TypeExprKind::Optional(inner) => Node::list("?", [ty(inner)]),
        TypeExprKind::Union(members) => Node::list("|", members.iter().map(ty)),
        TypeExprKind::Infer => Node::atom("_"),
        TypeExprKind::Error => Node::atom("error"),
    }
}
