//! Calls and pipes.

mod args;
mod query;

use tova_check::tables::{CompIdx, FnIdx, Res};
use tova_source::Span;
use tova_syntax::ast::{self, Arg};

use super::body::Binding;
use super::{Body, build};
use crate::{Expr, ExprKind, PlaceRoot, Type};

pub(crate) use args::Source;

impl<'a> Body<'_, 'a> {
    /// `f(a, b)`
    pub(crate) fn call_expr(&mut self, e: &'a ast::Expr, callee: &'a ast::Expr, args: &'a [Arg], ty: &Type) -> Expr {
        self.call(e, callee, args, None, ty)
    }

    /// A call, or a step of a pipe with the value that comes into it.
    fn call(
        &mut self,
        e: &'a ast::Expr,
        callee: &'a ast::Expr,
        args: &'a [Arg],
        piped: Option<Source<'a>>,
        ty: &Type,
    ) -> Expr {
        let span = e.span;
        let sources = |piped: Option<Source<'a>>| -> Vec<Source<'a>> {
            piped.into_iter().chain(args.iter().map(|arg| Source::Ast(&arg.value))).collect()
        };
        match &callee.kind {
            ast::ExprKind::Paren(inner) => return self.call(e, inner, args, piped, ty),
            ast::ExprKind::Lambda(_) | ast::ExprKind::ImplicitFn(_) => {
                return self.apply_sources(callee, sources(piped), span);
            }
            _ => {}
        }
        match self.res(callee.id) {
            Some(Res::Fn(function)) => {
                if let Some(screen) = self.render_component(*function, args, span) {
                    return screen;
                }
                let type_args = self.type_args(callee.id);
                let sources = self.arguments(e, *function, args, piped, None);
                self.call_fn(*function, type_args, sources, span)
            }
            Some(Res::Method(function)) => self.call_method(e, callee, *function, args, piped, ty),
            Some(Res::Record(_)) => self.construct_record(e, args, piped, ty),
            Some(Res::Variant(_, index)) => self.construct_variant(e, *index, args, piped, ty),
            Some(Res::SomeOf) => {
                let mut before = Vec::new();
                let value = sources(piped).into_iter().next().map(|source| self.source(source, &build::present(ty)));
                before.push(value.map_or_else(|| build::unit(span), |value| self.convert(value, ty)));
                build::block(before, span)
            }
            Some(Res::NoneOf) => build::nil(ty.clone(), span),
            Some(Res::Query(model, op)) => self.query(*model, *op, args, span),
            Some(Res::Rpc(function)) => self.rpc_call(e, *function, args, piped),
            Some(Res::Component(component)) => self.component_call(*component, sources(piped), span),
            Some(Res::Next) => self.call_next(sources(piped), span),
            Some(Res::Local(var)) => match self.frame().vars.get(var).cloned() {
                Some(Binding::Callable { expr, frame }) => {
                    self.call_callable(expr, frame, callee, sources(piped), span)
                }
                _ => self.call_value(callee, sources(piped), span),
            },
            _ => self.call_value(callee, sources(piped), span),
        }
    }

    /// `object.f(args)`, `object?.f(args)`
    fn call_method(
        &mut self,
        e: &'a ast::Expr,
        callee: &'a ast::Expr,
        function: FnIdx,
        args: &'a [Arg],
        piped: Option<Source<'a>>,
        ty: &Type,
    ) -> Expr {
        let type_args = self.type_args(callee.id);
        let ast::ExprKind::Field { object, optional, .. } = &callee.kind else {
            let sources = self.arguments(e, function, args, piped, None);
            return self.call_fn(function, type_args, sources, e.span);
        };
        if *optional || self.is_absent_safe(function, &type_args, object) {
            let value = self.expr(object);
            return self.optional(value, ty, |body, object| {
                let sources = body.arguments(e, function, args, piped, Some(Source::Lowered(object)));
                body.call_fn(function, type_args, sources, e.span)
            });
        }
        let sources = self.arguments(e, function, args, piped, Some(Source::Ast(object)));
        self.call_fn(function, type_args, sources, e.span)
    }

    /// Whether the receiver may be nil while the function takes one that is there: in a hole of JSX nil gives nil.
    fn is_absent_safe(&mut self, function: FnIdx, type_args: &[Type], object: &ast::Expr) -> bool {
        let Some(first) = self.lower.checked.fns.get(function.0 as usize).and_then(|info| info.params.first().copied())
        else {
            return false;
        };
        let wanted = self.lower.concrete(first, type_args);
        matches!(self.node_ty(object.id), Type::Option(_)) && !matches!(wanted, Type::Option(_) | Type::Any)
    }

    /// A call of a known function.
    pub(crate) fn call_fn(&mut self, index: FnIdx, type_args: Vec<Type>, sources: Vec<Source<'a>>, span: Span) -> Expr {
        let Some(info) = self.lower.checked.fns.get(index.0 as usize) else { return build::unit(span) };
        if info.mutates {
            return self.call_mutating(index, type_args, sources, span);
        }
        if let Some(callee) = self.nested_value(index, span) {
            let params = info.params.iter().map(|ty| self.ty(*ty)).collect::<Vec<_>>();
            let (mut before, args) = self.evaluate(index, &[], sources, &params);
            let ret = self.ty(info.ret);
            before.push(build::expr(ExprKind::CallValue { callee: Box::new(callee), args }, ret, span));
            return build::block(before, span);
        }
        if self.substitutes(index) {
            return self.substitute(index, type_args, sources, span);
        }
        let params = self.lower.concrete_all(&info.params, &type_args);
        if let Some(name) = &info.intrinsic {
            let ret = self.lower.concrete(info.ret, &type_args);
            return self.call_intrinsic(index, name, &type_args, sources, (params, ret), span);
        }
        let (mut before, args) = self.evaluate(index, &type_args, sources, &params);
        let ret = if info.found { info.body_ty } else { info.ret };
        let ret = self.lower.concrete(ret, &type_args);
        let Some(function) = self.lower.instance(index, type_args) else { return build::unit(span) };
        let call = build::expr(ExprKind::Call { function, args }, ret, span);
        before.push(if info.found { self.found(call) } else { call });
        build::block(before, span)
    }

    /// A call of a known function with arguments that are lowered already.
    pub(crate) fn call_lowered(&mut self, index: FnIdx, type_args: Vec<Type>, args: Vec<Expr>, span: Span) -> Expr {
        let wanted = self.lower.checked.fns.get(index.0 as usize).map_or(0, |info| info.params.len());
        let given = args.len();
        let mut sources: Vec<Source<'a>> = args.into_iter().take(wanted).map(Source::Lowered).collect();
        sources.extend((given..wanted).map(|_| Source::Default));
        self.call_fn(index, type_args, sources, span)
    }

    fn call_intrinsic(
        &mut self,
        index: FnIdx,
        name: &str,
        type_args: &[Type],
        sources: Vec<Source<'a>>,
        (params, ret): (Vec<Type>, Type),
        span: Span,
    ) -> Expr {
        let variadic = self
            .lower
            .checked
            .fns
            .get(index.0 as usize)
            .is_some_and(|info| info.item.attributes.iter().any(|attribute| attribute.name.name == "variadic"));
        if variadic {
            let args = self.raw_args(sources);
            return build::intrinsic(name, args, ret, span);
        }
        let (mut before, mut args) = self.evaluate(index, type_args, sources, &params);
        let call = match name {
            "throw" => {
                let message = args.pop().unwrap_or_else(|| build::str("", span));
                self.throw(message, None, span)
            }
            "option.unwrap" => {
                let value = args.pop().unwrap_or_else(|| build::unit(span));
                self.unwrap(value, span)
            }
            _ => build::intrinsic(name, args, ret, span),
        };
        before.push(call);
        build::block(before, span)
    }

    /// A call of a function that updates its receiver in place.
    fn call_mutating(&mut self, index: FnIdx, type_args: Vec<Type>, sources: Vec<Source<'a>>, span: Span) -> Expr {
        let Some(info) = self.lower.checked.fns.get(index.0 as usize) else { return build::unit(span) };
        let mut rest = sources.into_iter();
        let mut before = Vec::new();
        let place = match rest.next() {
            Some(Source::Ast(object)) => self.place(object, &mut before, false),
            Some(Source::Lowered(value)) => match value.kind {
                ExprKind::Local(local) => {
                    Some(crate::Place { root: PlaceRoot::Local(local), path: Vec::new(), ty: value.ty })
                }
                _ => None,
            },
            _ => None,
        };
        let Some(place) = place else { return build::panic("only a place can be updated", span) };
        let place = narrowed(place);
        let Some(name) = &info.intrinsic else {
            before.push(self.substitute_mutating(index, type_args, place, rest.collect(), span));
            return build::block(before, span);
        };
        let params = self.lower.concrete_all(&info.params, &type_args);
        let mut args = Vec::new();
        for (source, ty) in rest.zip(params.iter().skip(1)) {
            args.push(self.source(source, ty));
        }
        let ret = self.lower.concrete(info.ret, &type_args);
        before.push(build::expr(ExprKind::Update { place, name: name.clone(), args }, ret, span));
        build::block(before, span)
    }

    /// A call of a function value.
    fn call_value(&mut self, callee: &'a ast::Expr, sources: Vec<Source<'a>>, span: Span) -> Expr {
        let callee = self.expr(callee);
        let Type::Fn(function) = build::present(&callee.ty) else {
            return build::block(vec![callee, build::unit(span)], span);
        };
        let callee = self.convert(callee, &Type::Fn(function.clone()));
        let mut before = Vec::new();
        let mut args = Vec::new();
        for (source, ty) in sources.into_iter().zip(&function.params) {
            args.push(self.source(source, ty));
        }
        let kind = match callee.kind {
            ExprKind::FnValue(function) => ExprKind::Call { function, args },
            _ => ExprKind::CallValue { callee: Box::new(callee), args },
        };
        before.push(build::expr(kind, function.ret.clone(), span));
        build::block(before, span)
    }

    /// A call of a server's function from the client.
    fn rpc_call(&mut self, e: &'a ast::Expr, function: FnIdx, args: &'a [Arg], piped: Option<Source<'a>>) -> Expr {
        let span = e.span;
        let Some(info) = self.lower.checked.fns.get(function.0 as usize) else { return build::unit(span) };
        let sources = self.arguments(e, function, args, piped, None);
        let params = self.lower.concrete_all(&info.params, &[]);
        let (mut before, args) = self.evaluate(function, &[], sources, &params);
        let rpc = self.lower.rpc(function);
        let ret = self.lower.concrete(info.ret, &[]);
        before.push(build::expr(ExprKind::Rpc { rpc, args }, ret, span));
        build::block(before, span)
    }

    /// `next(req)` of a middleware.
    fn call_next(&mut self, sources: Vec<Source<'a>>, span: Span) -> Expr {
        let Some((request, next)) = self.next else {
            return build::panic("`next` stands outside of its middleware", span);
        };
        let mut before = Vec::new();
        let request = match sources.into_iter().next() {
            Some(source) => self.source(source, &Type::Handle("Request".into())),
            None => self.read(request, span),
        };
        let callee = Box::new(self.read(next, span));
        before.push(build::expr(
            ExprKind::CallValue { callee, args: vec![request] },
            Type::Handle("Reply".into()),
            span,
        ));
        build::block(before, span)
    }

    /// `Card(item)`: a component's use with its properties in order.
    fn component_call(&mut self, component: CompIdx, sources: Vec<Source<'a>>, span: Span) -> Expr {
        let types: Vec<_> = self
            .lower
            .checked
            .components
            .get(component.0 as usize)
            .map(|info| info.props.iter().map(|p| p.ty).collect())
            .unwrap_or_default();
        let mut before = Vec::new();
        let mut props = Vec::new();
        let mut sources = sources.into_iter();
        for ty in types {
            let ty = self.ty(ty);
            props.push(sources.next().map(|source| self.source(source, &ty)));
        }
        let component = self.lower.component(component);
        let view = crate::View::Component { component, props };
        before.push(build::expr(ExprKind::View(Box::new(view)), Type::View, span));
        build::block(before, span)
    }

    /// `value |> step`
    pub(crate) fn pipe(&mut self, value: &'a ast::Expr, step: &'a ast::Expr) -> Expr {
        let ty = self.node_ty(step.id);
        self.pipe_step(Source::Ast(value), step, &ty)
    }

    fn pipe_step(&mut self, value: Source<'a>, step: &'a ast::Expr, ty: &Type) -> Expr {
        let span = step.span;
        match &step.kind {
            ast::ExprKind::Paren(inner) | ast::ExprKind::Await(inner) => self.pipe_step(value, inner, ty),
            ast::ExprKind::Propagate(inner) => {
                let ty = self.node_ty(inner.id);
                let value = self.pipe_step(value, inner, &ty);
                self.propagate(value, span)
            }
            ast::ExprKind::Call { callee, args } if args.iter().any(|arg| is_placeholder(&arg.value)) => {
                let mut before = Vec::new();
                let value = self.source_as_is(value);
                let value = self.keep("piped", value, &mut before);
                self.frame_mut().placeholders.push(value);
                before.push(self.call(step, callee, args, None, ty));
                self.frame_mut().placeholders.pop();
                build::block(before, span)
            }
            ast::ExprKind::Call { callee, args } => self.call(step, callee, args, Some(value), ty),
            _ => self.call(step, step, &[], Some(value), ty),
        }
    }

    /// Calls what a name stands for with arguments that are lowered already.
    pub(crate) fn apply_named(&mut self, e: &'a ast::Expr, args: Vec<Expr>, ret: &Type, span: Span) -> Expr {
        match self.res(e.id) {
            Some(Res::Fn(function) | Res::Method(function)) => {
                let type_args = self.type_args(e.id);
                self.call_lowered(*function, type_args, args, span)
            }
            Some(Res::Record(_)) => self.record_of(args, ret, span),
            Some(Res::Variant(_, index)) => self.variant_of(*index, args, ret, span),
            Some(Res::SomeOf) => {
                let value = args.into_iter().next().unwrap_or_else(|| build::unit(span));
                self.convert(value, ret)
            }
            Some(Res::Component(component)) => {
                self.component_call(*component, args.into_iter().map(Source::Lowered).collect(), span)
            }
            _ => self.call_value(e, args.into_iter().map(Source::Lowered).collect(), span),
        }
    }
}

/// Whether an argument is `_`.
fn is_placeholder(e: &ast::Expr) -> bool {
    matches!(e.kind, ast::ExprKind::Placeholder)
}

/// A place whose option is known to be present.
fn narrowed(mut place: crate::Place) -> crate::Place {
    if let Type::Option(item) = place.ty.clone() {
        place.path.push(crate::PlaceStep::Some);
        place.ty = (*item).clone();
    }
    place
}
