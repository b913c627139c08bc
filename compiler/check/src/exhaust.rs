//! Whether a match covers every value, by the usefulness of patterns (Maranget, "Warnings for pattern matching", 2007).

use ecow::EcoString;
use tova_diagnostics::{Diagnostic, codes};
use tova_source::Span;
use tova_syntax::ast::{Block, Pattern, PatternKind, Stmt, StmtKind};

use crate::ctx::Checker;
use crate::tables::{Res, TypeKind};
use crate::types::{Ty, TyKind};

/// A match whose arms are looked at once all types are known.
#[derive(Debug)]
pub(crate) struct MatchToCheck<'a> {
    pub(crate) span: Span,
    pub(crate) subject: Ty,
    /// The patterns and whether each has a guard.
    pub(crate) arms: Vec<(&'a Pattern, bool)>,
}

/// A pattern in the form that the algorithm works on.
#[derive(Clone, Debug)]
enum Pat {
    Wild,
    Ctor(Ctor, Vec<Pat>),
    Or(Vec<Pat>),
}

#[derive(Clone, Debug, PartialEq)]
enum Ctor {
    Bool(bool),
    None,
    Some,
    Variant(u32),
    /// A tuple or record: the only constructor of its type.
    Single,
    /// A list of exactly this length.
    Length(usize),
    /// A list of at least this length.
    AtLeast(usize),
    /// A literal or range: never covers its type alone.
    Literal(EcoString),
}

impl Checker<'_> {
    /// Reports matches that miss values and arms that are never reached.
    pub(crate) fn check_matches(&mut self) {
        for found in std::mem::take(&mut self.matches) {
            self.check_match(&found);
        }
    }

    fn check_match(&mut self, found: &MatchToCheck<'_>) {
        if matches!(self.kind(found.subject), TyKind::Error) {
            return;
        }
        let mut rows: Vec<Vec<Pat>> = Vec::new();
        for (pattern, guarded) in &found.arms {
            let row = vec![self.lower_pattern(pattern, found.subject)];
            if !self.useful(&rows, &row, &[found.subject], 0) {
                self.report(
                    Diagnostic::warning(codes::W0501, pattern.span, "this arm is never reached")
                        .label("the arms above take every value that it matches")
                        .help("remove it, or move it up"),
                );
            }
            if !guarded {
                rows.push(row);
            }
        }
        if let Some(missing) = self.missing(&rows, &[found.subject], 0) {
            let example = missing.first().map_or_else(|| "_".to_owned(), |pat| self.show_pat(pat, found.subject));
            let last = found.arms.last().map(|(pattern, _)| pattern.span);
            let mut diagnostic =
                Diagnostic::error(codes::E0501, found.span, format!("this match does not cover `{example}`"))
                    .help(format!("add an arm: `{example} => …`, or `_ => …` for all the rest"));
            if found.arms.iter().any(|(_, guarded)| *guarded)
                && let Some(last) = last
            {
                diagnostic = diagnostic.also(last, "an arm with a guard never counts as covering");
            }
            self.report(diagnostic);
        }
    }

    fn lower_pattern(&self, pattern: &Pattern, ty: Ty) -> Pat {
        let inside_option = |pat: Pat| match self.kind(ty) {
            TyKind::Option(_) if !matches!(pat, Pat::Wild) => Pat::Ctor(Ctor::Some, vec![pat]),
            _ => pat,
        };
        let plain = match self.kind(ty) {
            TyKind::Option(inner) => inner,
            _ => ty,
        };
        match &pattern.kind {
            PatternKind::Wildcard | PatternKind::Name(_) | PatternKind::Error => {
                // A name whose type is narrower than the subject's is matched after nil has been taken.
                Pat::Wild
            }
            PatternKind::Typed { .. } => self.lower_typed(pattern, ty),
            PatternKind::Nil => Pat::Ctor(Ctor::None, Vec::new()),
            PatternKind::Bool(value) => inside_option(Pat::Ctor(Ctor::Bool(*value), Vec::new())),
            PatternKind::Int(value) => inside_option(literal(&value.to_string())),
            PatternKind::Float(value) => inside_option(literal(&value.to_string())),
            PatternKind::Str(value) => inside_option(literal(&format!("{value:?}"))),
            PatternKind::Range { start, end, inclusive } => {
                inside_option(literal(&format!("{start}..{}{end}", if *inclusive { "=" } else { "" })))
            }
            PatternKind::Prefix { prefix, .. } => inside_option(literal(&format!("{prefix:?} ++ …"))),
            PatternKind::Or(items) => Pat::Or(items.iter().map(|item| self.lower_pattern(item, ty)).collect()),
            PatternKind::Tuple(items) => {
                let types = self.parts(&Ctor::Single, plain);
                inside_option(Pat::Ctor(Ctor::Single, self.lower_all(items.iter(), &types)))
            }
            PatternKind::List(items) if matches!(self.kind(plain), TyKind::Tuple(_)) => {
                let types = self.parts(&Ctor::Single, plain);
                inside_option(Pat::Ctor(Ctor::Single, self.lower_all(items.iter().map(|item| &item.pattern), &types)))
            }
            PatternKind::List(items) => {
                let fixed: Vec<&Pattern> =
                    items.iter().filter(|item| item.rest.is_none()).map(|item| &item.pattern).collect();
                let ctor =
                    if fixed.len() < items.len() { Ctor::AtLeast(fixed.len()) } else { Ctor::Length(fixed.len()) };
                let types = self.parts(&ctor, plain);
                inside_option(Pat::Ctor(ctor, self.lower_all(fixed.into_iter(), &types)))
            }
            PatternKind::Record(fields) => {
                let Some(known) = self.field_list(plain) else {
                    return Pat::Ctor(Ctor::Literal("record".into()), Vec::new());
                };
                let parts = known.iter().map(|(name, ty)| {
                    let field = fields.iter().find(|field| field.name.name == *name);
                    field.map_or(Pat::Wild, |field| self.lower_pattern(&field.pattern, *ty))
                });
                inside_option(Pat::Ctor(Ctor::Single, parts.collect()))
            }
            PatternKind::Variant { args, .. } => match self.out.names.get(&pattern.id) {
                Some(Res::NoneOf) => Pat::Ctor(Ctor::None, Vec::new()),
                Some(Res::SomeOf) => {
                    let inner = args.first().map_or(Pat::Wild, |arg| self.lower_pattern(&arg.pattern, plain));
                    Pat::Ctor(Ctor::Some, vec![inner])
                }
                Some(Res::Variant(id, index)) => {
                    let ctor = Ctor::Variant(*index);
                    let types = self.parts(&ctor, plain);
                    let names: Vec<EcoString> = match &self.type_info(*id).kind {
                        TypeKind::Enum(variants) => variants
                            .get_index(*index as usize)
                            .map(|(_, fields)| fields.iter().map(|(name, _)| name.clone()).collect())
                            .unwrap_or_default(),
                        _ => Vec::new(),
                    };
                    let mut parts = vec![Pat::Wild; types.len()];
                    for (position, arg) in args.iter().enumerate() {
                        let index = match &arg.name {
                            Some(label) => names.iter().position(|name| *name == label.name),
                            None => Some(position),
                        };
                        if let Some(index) = index
                            && let (Some(slot), Some(ty)) = (parts.get_mut(index), types.get(index))
                        {
                            *slot = self.lower_pattern(&arg.pattern, *ty);
                        }
                    }
                    inside_option(Pat::Ctor(ctor, parts))
                }
                _ => Pat::Wild,
            },
        }
    }

    /// `name: T`: a member of a union; of anything else it never covers the type alone.
    fn lower_typed(&self, pattern: &Pattern, ty: Ty) -> Pat {
        let own = match self.out.names.get(&pattern.id) {
            Some(Res::Local(var)) => self.out.locals.get(var.0 as usize).map(|info| self.show(info.ty)),
            _ => None,
        };
        let own = own.unwrap_or_default();
        match self.kind(ty) {
            TyKind::Union(members) => match members.iter().zip(0..).find(|(member, _)| self.show(**member) == own) {
                Some((_, index)) => Pat::Ctor(Ctor::Variant(index), Vec::new()),
                None => Pat::Wild,
            },
            _ => literal(&format!("_: {own}")),
        }
    }

    fn lower_all<'p>(&self, patterns: impl Iterator<Item = &'p Pattern>, types: &[Ty]) -> Vec<Pat> {
        let error = self.well_known.error;
        patterns
            .enumerate()
            .map(|(index, pattern)| self.lower_pattern(pattern, types.get(index).copied().unwrap_or(error)))
            .collect()
    }

    fn field_list(&self, ty: Ty) -> Option<Vec<(EcoString, Ty)>> {
        match self.kind(ty) {
            TyKind::Record(fields) => Some(fields),
            TyKind::Named(id, args) => match &self.type_info(id).kind {
                TypeKind::Record(fields) => {
                    Some(fields.iter().map(|(name, ty)| (name.clone(), self.instance_part(*ty, &args))).collect())
                }
                _ => None,
            },
            _ => None,
        }
    }

    /// A part of a declared type for given arguments, as far as the top is concerned.
    fn instance_part(&self, ty: Ty, args: &[Ty]) -> Ty {
        match self.kind(ty) {
            TyKind::Param(index, _) => args.get(index as usize).copied().unwrap_or(ty),
            _ => ty,
        }
    }

    /// The types of a constructor's parts.
    fn parts(&self, ctor: &Ctor, ty: Ty) -> Vec<Ty> {
        match (ctor, self.kind(ty)) {
            (Ctor::Some, TyKind::Option(inner)) => vec![inner],
            (Ctor::Variant(index), TyKind::Named(id, args)) => match &self.type_info(id).kind {
                TypeKind::Enum(variants) => variants
                    .get_index(*index as usize)
                    .map(|(_, fields)| fields.iter().map(|(_, ty)| self.instance_part(*ty, &args)).collect())
                    .unwrap_or_default(),
                _ => Vec::new(),
            },
            (Ctor::Single, TyKind::Tuple(items)) => items,
            (Ctor::Single, _) => self.field_list(ty).unwrap_or_default().into_iter().map(|(_, ty)| ty).collect(),
            (Ctor::Length(count) | Ctor::AtLeast(count), TyKind::List(item)) => vec![item; *count],
            (Ctor::Length(count) | Ctor::AtLeast(count), _) => vec![self.well_known.any; *count],
            _ => Vec::new(),
        }
    }

    /// All constructors of a type, if they can be listed; for lists all lengths that the patterns tell apart.
    fn constructors(&self, ty: Ty, seen: &[&Ctor]) -> Option<Vec<Ctor>> {
        match self.kind(ty) {
            TyKind::Bool => Some(vec![Ctor::Bool(true), Ctor::Bool(false)]),
            TyKind::Option(_) => Some(vec![Ctor::None, Ctor::Some]),
            TyKind::Tuple(_) | TyKind::Record(_) => Some(vec![Ctor::Single]),
            TyKind::Union(members) => Some((0..u32::try_from(members.len()).ok()?).map(Ctor::Variant).collect()),
            TyKind::Named(id, _) => match &self.type_info(id).kind {
                TypeKind::Enum(variants) => Some((0..u32::try_from(variants.len()).ok()?).map(Ctor::Variant).collect()),
                TypeKind::Record(_) => Some(vec![Ctor::Single]),
                TypeKind::Handle(_) | TypeKind::Alias(_) => None,
            },
            TyKind::List(_) => {
                let longest = seen.iter().filter_map(|ctor| match ctor {
                    Ctor::Length(count) | Ctor::AtLeast(count) => Some(*count),
                    _ => None,
                });
                let longest = longest.max()?;
                Some((0..=longest).map(Ctor::Length).chain([Ctor::AtLeast(longest + 1)]).collect())
            }
            _ => None,
        }
    }

    /// The rows that remain when the first column is known to be built by `ctor`.
    fn specialize(&self, rows: &[Vec<Pat>], ctor: &Ctor, arity: usize) -> Vec<Vec<Pat>> {
        rows.iter().flat_map(|row| self.specialize_row(row, ctor, arity)).collect()
    }

    fn specialize_row(&self, row: &[Pat], ctor: &Ctor, arity: usize) -> Vec<Vec<Pat>> {
        let Some((first, rest)) = row.split_first() else { return Vec::new() };
        match first {
            Pat::Wild => vec![std::iter::repeat_n(Pat::Wild, arity).chain(rest.iter().cloned()).collect()],
            Pat::Or(items) => items
                .iter()
                .flat_map(|item| {
                    let row: Vec<Pat> = std::iter::once(item.clone()).chain(rest.iter().cloned()).collect();
                    self.specialize_row(&row, ctor, arity)
                })
                .collect(),
            Pat::Ctor(other, parts) if covers(other, ctor) => {
                let mut parts = parts.clone();
                parts.resize(arity, Pat::Wild);
                vec![parts.into_iter().chain(rest.iter().cloned()).collect()]
            }
            Pat::Ctor(..) => Vec::new(),
        }
    }

    /// A value that no row matches, as patterns.
    fn missing(&self, rows: &[Vec<Pat>], types: &[Ty], depth: usize) -> Option<Vec<Pat>> {
        let Some((first, rest_types)) = types.split_first() else {
            return if rows.is_empty() { Some(Vec::new()) } else { None };
        };
        if depth > 60 {
            return None;
        }
        let seen = first_ctors(rows);
        if let Some(all) = self
            .constructors(*first, &seen)
            .filter(|_| !seen.is_empty() || matches!(self.kind(*first), TyKind::Tuple(_)))
        {
            for ctor in all {
                let parts = self.parts(&ctor, *first);
                let inner: Vec<Ty> = parts.iter().copied().chain(rest_types.iter().copied()).collect();
                if let Some(mut found) = self.missing(&self.specialize(rows, &ctor, parts.len()), &inner, depth + 1) {
                    let rest = found.split_off(parts.len().min(found.len()));
                    return Some(std::iter::once(Pat::Ctor(ctor, found)).chain(rest).collect());
                }
            }
            return None;
        }
        let wild_rows: Vec<Vec<Pat>> = rows.iter().flat_map(|row| default_row(row)).collect();
        let found = self.missing(&wild_rows, rest_types, depth + 1)?;
        Some(std::iter::once(Pat::Wild).chain(found).collect())
    }

    /// Whether the row matches a value that no row before it matches.
    fn useful(&self, rows: &[Vec<Pat>], row: &[Pat], types: &[Ty], depth: usize) -> bool {
        let (Some((first, rest)), Some((ty, rest_types))) = (row.split_first(), types.split_first()) else {
            return rows.is_empty();
        };
        if depth > 60 {
            return true;
        }
        match first {
            Pat::Or(items) => items.iter().any(|item| {
                let row: Vec<Pat> = std::iter::once(item.clone()).chain(rest.iter().cloned()).collect();
                self.useful(rows, &row, types, depth + 1)
            }),
            Pat::Ctor(ctor, parts) => {
                let types_of_parts = self.parts(ctor, *ty);
                let arity = types_of_parts.len().max(parts.len());
                let mut parts = parts.clone();
                parts.resize(arity, Pat::Wild);
                let row: Vec<Pat> = parts.into_iter().chain(rest.iter().cloned()).collect();
                let mut inner = types_of_parts;
                inner.resize(arity, self.well_known.error);
                inner.extend(rest_types);
                self.useful(&self.specialize(rows, ctor, arity), &row, &inner, depth + 1)
            }
            Pat::Wild => {
                let seen = first_ctors(rows);
                match self
                    .constructors(*ty, &seen)
                    .filter(|all| all.iter().all(|ctor| seen.iter().any(|other| covers(other, ctor))))
                {
                    Some(all) => all.iter().any(|ctor| {
                        let parts = self.parts(ctor, *ty);
                        let row: Vec<Pat> =
                            std::iter::repeat_n(Pat::Wild, parts.len()).chain(rest.iter().cloned()).collect();
                        let inner: Vec<Ty> = parts.iter().copied().chain(rest_types.iter().copied()).collect();
                        self.useful(&self.specialize(rows, ctor, parts.len()), &row, &inner, depth + 1)
                    }),
                    None => {
                        let wild_rows: Vec<Vec<Pat>> = rows.iter().flat_map(|row| default_row(row)).collect();
                        self.useful(&wild_rows, rest, rest_types, depth + 1)
                    }
                }
            }
        }
    }

    fn show_pat(&self, pat: &Pat, ty: Ty) -> String {
        let Pat::Ctor(ctor, parts) = pat else { return "_".to_owned() };
        let types = self.parts(ctor, ty);
        let shown: Vec<String> = parts
            .iter()
            .enumerate()
            .map(|(index, part)| self.show_pat(part, types.get(index).copied().unwrap_or(self.well_known.error)))
            .collect();
        let list = shown.join(", ");
        match ctor {
            Ctor::Bool(value) => value.to_string(),
            Ctor::None => "nil".to_owned(),
            Ctor::Some => format!("Some({list})"),
            Ctor::Single => format!("({list})"),
            Ctor::Length(_) => format!("[{list}]"),
            Ctor::AtLeast(_) => format!("[{list}, ..._]"),
            Ctor::Literal(text) => text.to_string(),
            Ctor::Variant(index) => {
                if let TyKind::Union(members) = self.kind(ty) {
                    return members
                        .get(*index as usize)
                        .map_or_else(String::new, |member| format!("value: {}", self.show(*member)));
                }
                let name = match self.kind(ty) {
                    TyKind::Named(id, _) => match &self.type_info(id).kind {
                        TypeKind::Enum(variants) => variants.get_index(*index as usize).map(|(name, _)| name.clone()),
                        _ => None,
                    },
                    _ => None,
                };
                let name = name.unwrap_or_default();
                if parts.is_empty() { name.to_string() } else { format!("{name}({list})") }
            }
        }
    }
}

fn literal(text: &str) -> Pat {
    Pat::Ctor(Ctor::Literal(text.into()), Vec::new())
}

/// Whether a pattern of constructor `pattern` matches values of constructor `value`.
fn covers(pattern: &Ctor, value: &Ctor) -> bool {
    match (pattern, value) {
        (Ctor::AtLeast(least), Ctor::Length(length) | Ctor::AtLeast(length)) => length >= least,
        _ => pattern == value,
    }
}

fn first_ctors(rows: &[Vec<Pat>]) -> Vec<&Ctor> {
    fn collect<'p>(pat: &'p Pat, out: &mut Vec<&'p Ctor>) {
        match pat {
            Pat::Wild => {}
            Pat::Ctor(ctor, _) => out.push(ctor),
            Pat::Or(items) => items.iter().for_each(|item| collect(item, out)),
        }
    }
    let mut out = Vec::new();
    rows.iter().filter_map(|row| row.first()).for_each(|pat| collect(pat, &mut out));
    out
}

fn default_row(row: &[Pat]) -> Vec<Vec<Pat>> {
    let Some((first, rest)) = row.split_first() else { return Vec::new() };
    match first {
        Pat::Wild => vec![rest.to_vec()],
        Pat::Ctor(..) => Vec::new(),
        Pat::Or(items) => items
            .iter()
            .flat_map(|item| {
                let row: Vec<Pat> = std::iter::once(item.clone()).chain(rest.iter().cloned()).collect();
                default_row(&row)
            })
            .collect(),
    }
}

/// Whether a `break` inside leaves this loop.
pub(crate) fn has_break(body: &Block, label: Option<&EcoString>) -> bool {
    fn in_stmts(stmts: &[Stmt], label: Option<&EcoString>, nested: bool) -> bool {
        stmts.iter().any(|stmt| in_stmt(stmt, label, nested))
    }
    fn in_stmt(stmt: &Stmt, label: Option<&EcoString>, nested: bool) -> bool {
        match &stmt.kind {
            StmtKind::Break(None) => !nested,
            StmtKind::Break(Some(name)) => label == Some(&name.name),
            StmtKind::For(for_) => in_stmts(&for_.body.stmts, label, true),
            StmtKind::While { body, .. } | StmtKind::Loop { body, .. } => in_stmts(&body.stmts, label, true),
            StmtKind::Guard { body, .. } => in_stmts(&body.stmts, label, nested),
            StmtKind::Expr(expr) => in_expr(expr, label, nested),
            _ => false,
        }
    }
    fn in_expr(expr: &tova_syntax::ast::Expr, label: Option<&EcoString>, nested: bool) -> bool {
        use tova_syntax::ast::{ExprKind, LambdaBody};
        match &expr.kind {
            ExprKind::If(if_) => {
                if_.branches.iter().any(|(_, body)| in_stmts(&body.stmts, label, nested))
                    || if_.else_.as_ref().is_some_and(|body| in_stmts(&body.stmts, label, nested))
            }
            ExprKind::Match { arms, .. } => arms.iter().any(|arm| match &arm.body {
                LambdaBody::Expr(expr) => in_expr(expr, label, nested),
                LambdaBody::Block(block) => in_stmts(&block.stmts, label, nested),
            }),
            ExprKind::Try { body, catch, finally } => {
                in_stmts(&body.stmts, label, nested)
                    || catch.as_ref().is_some_and(|catch| in_stmts(&catch.body.stmts, label, nested))
                    || finally.as_ref().is_some_and(|body| in_stmts(&body.stmts, label, nested))
            }
            ExprKind::Block(block) => in_stmts(&block.stmts, label, nested),
            _ => false,
        }
    }
    in_stmts(&body.stmts, label, false)
}
