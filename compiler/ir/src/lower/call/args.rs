//! How the arguments of a call reach the parameters.

use std::rc::Rc;

use tova_check::tables::{ArgFrom, FnIdx, Res};
use tova_source::Span;
use tova_syntax::ast::{self, Arg};

use super::super::body::{Binding, Frame};
use super::super::{Body, Return, build};
use crate::{Expr, ExprKind, Prim, Type};

/// Where the value of a parameter comes from.
#[derive(Clone)]
pub(crate) enum Source<'a> {
    /// An expression of the current frame.
    Ast(&'a ast::Expr),
    /// A lowered value.
    Lowered(Expr),
    /// The parameter's default.
    Default,
    /// Arguments as a list.
    Rest(Vec<&'a Arg>),
}

impl<'a> Body<'_, 'a> {
    /// The source of each parameter of a call of a known function.
    pub(super) fn arguments(
        &mut self,
        e: &'a ast::Expr,
        function: FnIdx,
        args: &'a [Arg],
        piped: Option<Source<'a>>,
        receiver: Option<Source<'a>>,
    ) -> Vec<Source<'a>> {
        let wanted = self.lower.checked.fns.get(function.0 as usize).map_or(0, |info| info.params.len());
        let plain = || args.iter().map(|arg| Source::Ast(&arg.value));
        let Some(mapping) = self.lower.checked.call_args.get(&e.id) else {
            let mut sources: Vec<Source<'a>> = receiver.into_iter().chain(piped).chain(plain()).take(wanted).collect();
            while sources.len() < wanted {
                sources.push(Source::Default);
            }
            return sources;
        };
        let mut receivers = receiver.into_iter().chain(piped).collect::<Vec<_>>().into_iter();
        mapping
            .iter()
            .map(|from| match from {
                ArgFrom::Receiver => receivers.next().unwrap_or(Source::Default),
                ArgFrom::Arg(index) => args.get(*index as usize).map_or(Source::Default, |arg| Source::Ast(&arg.value)),
                ArgFrom::Default => Source::Default,
                ArgFrom::Rest(index) => Source::Rest(args.iter().skip(*index as usize).collect()),
            })
            .collect()
    }

    /// The values of a call's arguments. What must be kept for defaults comes first.
    pub(super) fn evaluate(
        &mut self,
        function: FnIdx,
        type_args: &[Type],
        sources: Vec<Source<'a>>,
        params: &[Type],
    ) -> (Vec<Expr>, Vec<Expr>) {
        let defaults = sources
            .iter()
            .enumerate()
            .any(|(index, source)| matches!(source, Source::Default) && self.uses_params(function, index));
        let mut before = Vec::new();
        let mut args: Vec<Expr> = Vec::new();
        for (index, (source, ty)) in sources.into_iter().zip(params).enumerate() {
            let value = match source {
                Source::Default => self.default_value(function, type_args, index, &args, ty),
                source => self.source(source, ty),
            };
            args.push(if defaults { self.keep("arg", value, &mut before) } else { value });
        }
        (before, args)
    }

    /// Whether the default of a parameter may use the parameters before it.
    fn uses_params(&self, function: FnIdx, index: usize) -> bool {
        let info = self.lower.checked.fns.get(function.0 as usize);
        let default = info.and_then(|info| info.decl.params.get(index)).and_then(|param| param.default.as_ref());
        default.is_some_and(|default| {
            !matches!(
                default.kind,
                ast::ExprKind::Nil
                    | ast::ExprKind::Bool(_)
                    | ast::ExprKind::Int(_)
                    | ast::ExprKind::Float(_)
                    | ast::ExprKind::Str(_)
            )
        })
    }

    /// The default of a parameter, which may use the parameters before it.
    fn default_value(&mut self, function: FnIdx, type_args: &[Type], index: usize, args: &[Expr], ty: &Type) -> Expr {
        let Some(info) = self.lower.checked.fns.get(function.0 as usize) else { return build::unit(Span::default()) };
        let Some(default) = info.decl.params.get(index).and_then(|param| param.default.as_ref()) else {
            let nil = build::unit(info.decl.name.span);
            return self.convert(nil, ty);
        };
        let frame = Frame::new(Rc::from(type_args), Return::Function(ty.clone()));
        self.in_new_frame(frame, |body| {
            for (param, arg) in info.decl.params.iter().zip(args) {
                if let Some(Res::Local(var)) = body.res(param.pattern.id) {
                    body.bind(*var, Binding::Value(arg.clone()));
                }
            }
            body.expr_to(default, ty)
        })
    }

    /// The value of a source where a type is expected.
    pub(crate) fn source(&mut self, source: Source<'a>, ty: &Type) -> Expr {
        match source {
            Source::Ast(e) => self.expr_to(e, ty),
            Source::Lowered(value) => self.convert(value, ty),
            Source::Rest(args) => self.rest(&args, ty),
            Source::Default => {
                let nil = build::unit(Span::default());
                self.convert(nil, ty)
            }
        }
    }

    /// The value of a source with its own type.
    pub(super) fn source_as_is(&mut self, source: Source<'a>) -> Expr {
        match source {
            Source::Ast(e) => self.expr(e),
            Source::Lowered(value) => value,
            Source::Rest(args) => self.rest(&args, &Type::list(Type::Any)),
            Source::Default => build::unit(Span::default()),
        }
    }

    /// Arguments with their own types, those of rest parameters one by one.
    pub(super) fn raw_args(&mut self, sources: Vec<Source<'a>>) -> Vec<Expr> {
        let mut args = Vec::new();
        for source in sources {
            match source {
                Source::Rest(rest) => {
                    for arg in rest {
                        args.push(self.expr(&arg.value));
                    }
                }
                Source::Default => {}
                other => args.push(self.source_as_is(other)),
            }
        }
        args
    }

    fn rest(&mut self, args: &[&'a Arg], ty: &Type) -> Expr {
        let span = args.first().map_or_else(Span::default, |arg| arg.value.span);
        let Type::List(item) = ty else { return build::unit(span) };
        let mut parts = Vec::new();
        for arg in args {
            parts.push(match arg.spread {
                Some(_) => self.expr_to(&arg.value, ty),
                None => {
                    let value = self.expr_to(&arg.value, item);
                    build::expr(ExprKind::List(vec![value]), ty.clone(), span)
                }
            });
        }
        if parts.iter().all(|part| matches!(&part.kind, ExprKind::List(items) if items.len() == 1)) {
            let items = parts
                .into_iter()
                .flat_map(|part| if let ExprKind::List(items) = part.kind { items } else { Vec::new() });
            return build::expr(ExprKind::List(items.collect()), ty.clone(), span);
        }
        let joined = parts.into_iter().reduce(|a, b| build::prim(Prim::ListConcat, vec![a, b], ty.clone(), span));
        joined.unwrap_or_else(|| build::expr(ExprKind::List(Vec::new()), ty.clone(), span))
    }
}
