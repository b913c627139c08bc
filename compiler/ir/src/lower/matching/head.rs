//! What a pattern asks of its subject, by the subject's concrete type.

use tova_check::tables::Res;
use tova_syntax::ast::{Pattern, PatternElement, PatternKind, VariantArg};

use super::super::{Body, build};
use crate::{EnumId, Expr, ExprKind, Literal, Prim, Type};

/// A test, and what to look at if it holds.
pub(super) enum Head<'a> {
    /// One case of a switch.
    Case(Case<'a>),
    /// Anything else: a condition, and tests of parts.
    Condition(Expr, Vec<(Expr, &'a Pattern)>),
}

/// A case of a switch.
pub(super) enum Case<'a> {
    /// A variant, with patterns for some of its fields.
    Variant(EnumId, u32, Vec<(usize, &'a Pattern)>),
    /// A present option, with a pattern for its value.
    Some(Option<&'a Pattern>),
    /// An absent option.
    None,
    /// A literal.
    Literal(Literal),
}

impl<'a> Body<'_, 'a> {
    /// What a pattern asks of its subject. Patterns that always hold are gone by now.
    pub(super) fn head(&mut self, subject: &Expr, pattern: &'a Pattern) -> Head<'a> {
        let span = subject.span;
        match (&subject.ty, &pattern.kind) {
            (Type::Option(_), _) => Head::Case(self.option_case(pattern)),
            (Type::Any, _) => self.any_head(subject, pattern),
            (Type::Enum(enum_), _) if self.lower.union_members(&subject.ty).is_some() => {
                self.union_head(subject, *enum_, pattern)
            }
            (Type::Enum(enum_), PatternKind::Variant { args, .. }) => match self.res(pattern.id) {
                Some(Res::Variant(_, index)) => Head::Case(self.variant_case(*enum_, *index, args)),
                _ => never(subject),
            },
            (Type::Bool, PatternKind::Bool(value)) => Head::Case(Case::Literal(Literal::Bool(*value))),
            (Type::Int, PatternKind::Int(value)) => Head::Case(Case::Literal(Literal::Int(*value))),
            (Type::Str, PatternKind::Str(value)) => Head::Case(Case::Literal(Literal::Str(value.clone()))),
            (_, PatternKind::Int(value)) => self.equals(subject, build::int(*value, span)),
            (_, PatternKind::Float(value)) => {
                self.equals(subject, build::expr(ExprKind::Float(*value), Type::Float, span))
            }
            (_, PatternKind::Range { start, end, inclusive }) => {
                Head::Condition(self.in_range(subject, *start, *end, *inclusive), Vec::new())
            }
            (_, PatternKind::Prefix { prefix, rest }) => self.prefix(subject, prefix, rest),
            (Type::List(_), PatternKind::List(elements)) => self.list_head(subject, elements),
            (_, PatternKind::Nil) => Head::Condition(self.is_nil(subject.clone(), span), Vec::new()),
            _ => never(subject),
        }
    }

    fn option_case(&self, pattern: &'a Pattern) -> Case<'a> {
        match &pattern.kind {
            PatternKind::Nil => Case::None,
            PatternKind::Variant { args, .. } => match self.res(pattern.id) {
                Some(Res::NoneOf) => Case::None,
                Some(Res::SomeOf) => Case::Some(args.first().map(|arg| &arg.pattern)),
                _ => Case::Some(Some(pattern)),
            },
            _ => Case::Some(Some(pattern)),
        }
    }

    fn variant_case(&self, enum_: EnumId, index: u32, args: &'a [VariantArg]) -> Case<'a> {
        let variants = self.lower.variants(enum_);
        let fields = variants.get(index as usize).map(|variant| variant.fields.as_slice()).unwrap_or_default();
        let mut parts = Vec::new();
        for (position, arg) in args.iter().enumerate() {
            let index = match &arg.name {
                Some(name) => fields.iter().position(|field| field.name == name.name),
                None => Some(position),
            };
            if let Some(index) = index.filter(|index| *index < fields.len()) {
                parts.push((index, &arg.pattern));
            }
        }
        Case::Variant(enum_, index, parts)
    }

    fn union_head(&mut self, subject: &Expr, enum_: EnumId, pattern: &'a Pattern) -> Head<'a> {
        let members = self.lower.union_members(&subject.ty).unwrap_or_default();
        let index = match &pattern.kind {
            PatternKind::Typed { .. } => {
                let ty = match self.res(pattern.id) {
                    Some(Res::Local(var)) => self.var_ty(*var),
                    _ => Type::Unit,
                };
                members.iter().position(|member| *member == ty)
            }
            _ => {
                let wanted = self.node_ty(pattern.id);
                let exact = members.iter().position(|member| *member == wanted);
                exact.or_else(|| members.iter().position(|member| self.can_match(member, pattern)))
            }
        };
        match index {
            Some(index) => Head::Case(Case::Variant(enum_, index as u32, vec![(0, pattern)])),
            None => never(subject),
        }
    }

    /// Whether a pattern can match values of a type, by their shapes.
    fn can_match(&self, ty: &Type, pattern: &Pattern) -> bool {
        match (&pattern.kind, ty) {
            (PatternKind::Bool(_), Type::Bool)
            | (PatternKind::Int(_) | PatternKind::Range { .. }, Type::Int)
            | (PatternKind::Float(_), Type::Float)
            | (PatternKind::Str(_) | PatternKind::Prefix { .. }, Type::Str)
            | (PatternKind::List(_), Type::List(_) | Type::Tuple(_))
            | (PatternKind::Tuple(_), Type::Tuple(_)) => true,
            (PatternKind::Record(fields), Type::Record(id)) => {
                fields.iter().all(|field| self.lower.field(*id, &field.name.name).is_some())
            }
            (PatternKind::Variant { .. }, Type::Enum(_) | Type::Record(_)) => match self.res(pattern.id) {
                Some(Res::Variant(id, _) | Res::Record(id)) => self.lower.origin(ty) == Some(*id),
                _ => false,
            },
            _ => false,
        }
    }

    fn any_head(&mut self, subject: &Expr, pattern: &'a Pattern) -> Head<'a> {
        let span = subject.span;
        match &pattern.kind {
            PatternKind::Nil => Head::Condition(self.is_nil(subject.clone(), span), Vec::new()),
            PatternKind::Variant { .. } if matches!(self.res(pattern.id), Some(Res::NoneOf)) => {
                Head::Condition(self.is_nil(subject.clone(), span), Vec::new())
            }
            PatternKind::Variant { args, .. } if matches!(self.res(pattern.id), Some(Res::SomeOf)) => {
                let cond = build::not(self.is_nil(subject.clone(), span));
                Head::Condition(cond, args.iter().map(|arg| (subject.clone(), &arg.pattern)).collect())
            }
            PatternKind::Bool(value) => self.equals(subject, build::bool(*value, span)),
            PatternKind::Int(value) => self.equals(subject, build::int(*value, span)),
            PatternKind::Float(value) => self.equals(subject, build::expr(ExprKind::Float(*value), Type::Float, span)),
            PatternKind::Str(value) => self.equals(subject, build::str(value.clone(), span)),
            PatternKind::Typed { .. } => {
                let wanted = match self.res(pattern.id) {
                    Some(Res::Local(var)) => self.var_ty(*var),
                    _ => Type::Any,
                };
                let cond = self.decodes(subject.clone(), &wanted);
                let value = self.convert(subject.clone(), &wanted);
                Head::Condition(cond, vec![(value, pattern)])
            }
            PatternKind::List(elements) => {
                let cond = self.decodes(subject.clone(), &Type::list(Type::Any));
                let list = self.convert(subject.clone(), &Type::list(Type::Any));
                match self.list_head(&list, elements) {
                    Head::Condition(length, parts) => Head::Condition(build::and(cond, length), parts),
                    other @ Head::Case(_) => other,
                }
            }
            PatternKind::Range { start, end, inclusive } => {
                let is_int = self.decodes(subject.clone(), &Type::Int);
                let value = self.convert(subject.clone(), &Type::Int);
                Head::Condition(build::and(is_int, self.in_range(&value, *start, *end, *inclusive)), Vec::new())
            }
            PatternKind::Prefix { prefix, rest } => {
                let is_str = self.decodes(subject.clone(), &Type::Str);
                let value = self.convert(subject.clone(), &Type::Str);
                match self.prefix(&value, prefix, rest) {
                    Head::Condition(cond, parts) => Head::Condition(build::and(is_str, cond), parts),
                    other @ Head::Case(_) => other,
                }
            }
            _ => never(subject),
        }
    }

    fn equals(&mut self, subject: &Expr, value: Expr) -> Head<'a> {
        let span = subject.span;
        Head::Condition(self.equal(subject.clone(), value, span), Vec::new())
    }

    fn in_range(&mut self, subject: &Expr, start: i64, end: i64, inclusive: bool) -> Expr {
        let span = subject.span;
        let bound = |n: i64| match subject.ty {
            Type::Float => build::expr(ExprKind::Float(n as f64), Type::Float, span),
            _ => build::int(n, span),
        };
        let low = build::test(Prim::Ge, vec![subject.clone(), bound(start)], span);
        let high = build::test(if inclusive { Prim::Le } else { Prim::Lt }, vec![subject.clone(), bound(end)], span);
        build::and(low, high)
    }

    fn prefix(&mut self, subject: &Expr, prefix: &str, rest: &'a Pattern) -> Head<'a> {
        let span = subject.span;
        let cond =
            build::intrinsic("str.starts_with", vec![subject.clone(), build::str(prefix, span)], Type::Bool, span);
        Head::Condition(cond, vec![(self.after_prefix(subject, prefix), rest)])
    }

    /// What follows a prefix of a string.
    pub(super) fn after_prefix(&mut self, subject: &Expr, prefix: &str) -> Expr {
        let span = subject.span;
        let start = build::int(prefix.chars().count() as i64, span);
        let end = build::nil(Type::option(Type::Int), span);
        build::intrinsic("str.slice", vec![subject.clone(), start, end], Type::Str, span)
    }

    fn list_head(&mut self, subject: &Expr, elements: &'a [PatternElement]) -> Head<'a> {
        let span = subject.span;
        let has_rest = elements.iter().any(|element| element.rest.is_some());
        let fixed = elements.iter().filter(|element| element.rest.is_none()).count() as i64;
        let length = self.length(subject.clone(), span);
        let op = if has_rest { Prim::Ge } else { Prim::Eq };
        let cond = if has_rest && fixed == 0 {
            build::bool(true, span)
        } else {
            build::test(op, vec![length, build::int(fixed, span)], span)
        };
        let parts = elements.iter().enumerate();
        let parts =
            parts.map(|(index, element)| (self.list_part(subject, elements, index), &element.pattern)).collect();
        Head::Condition(cond, parts)
    }

    /// The parts of a pattern that always holds: of a tuple, a record, a map or dynamic data.
    pub(super) fn parts(&mut self, subject: &Expr, pattern: &'a Pattern) -> Option<Vec<(Expr, &'a Pattern)>> {
        match (&pattern.kind, &subject.ty) {
            (PatternKind::Tuple(items), Type::Tuple(_)) => Some(
                items
                    .iter()
                    .zip(0..)
                    .map(|(item, index)| (self.tuple_field(subject.clone(), index, subject.span), item))
                    .collect(),
            ),
            (PatternKind::List(elements), Type::Tuple(_)) => {
                let parts = elements.iter().enumerate();
                Some(
                    parts
                        .map(|(index, element)| (self.list_part(subject, elements, index), &element.pattern))
                        .collect(),
                )
            }
            (PatternKind::Record(fields), Type::Record(_) | Type::Map(..) | Type::Any) => {
                Some(fields.iter().map(|field| (self.field_part(subject, field), &field.pattern)).collect())
            }
            (PatternKind::Variant { args, .. }, Type::Record(id)) => {
                let fields = self.lower.fields(*id);
                let mut parts = Vec::new();
                for (position, arg) in args.iter().enumerate() {
                    let name = arg
                        .name
                        .as_ref()
                        .map(|name| &name.name)
                        .or_else(|| fields.get(position).map(|field| &field.name));
                    if let Some(name) = name {
                        parts.push((self.field(subject.clone(), name, subject.span), &arg.pattern));
                    }
                }
                Some(parts)
            }
            _ => None,
        }
    }
}

/// A test that never holds.
fn never<'a>(subject: &Expr) -> Head<'a> {
    Head::Condition(build::bool(false, subject.span), Vec::new())
}
