//! Functions: instances for concrete type arguments, functions inside functions, function values.

use std::rc::Rc;

use ecow::EcoString;
use tova_check::tables::{FnIdx, FnInfo, Place, Res};
use tova_source::Span;
use tova_syntax::ast::{self, NodeId, Param, Pattern, PatternKind, Stmt};

use super::body::{Binding, Frame, Nested};
use super::jobs::Head;
use super::{Body, Lower, Return, build, names};
use crate::{Expr, ExprKind, FnId, Home, LocalId, LocalKind, PlaceRoot, Prim, Type};

/// The place of a declaration as the home of what is made from it.
pub(crate) fn home(place: Place) -> Home {
    match place {
        Place::Shared => Home::Shared,
        Place::Server(server) => Home::Server(server),
        Place::Client => Home::Client,
    }
}

impl<'a> Lower<'a> {
    /// The function for these type arguments.
    pub(crate) fn instance(&mut self, index: FnIdx, args: Vec<Type>) -> Option<FnId> {
        let info = self.checked.fns.get(index.0 as usize)?;
        let key = (index, args);
        if let Some(id) = self.instances.get(&key) {
            return Some(*id);
        }
        let args = key.1.clone();
        let ret = self.concrete(own_ret(info), &args);
        let name = self.instance_name(&info.name, &args);
        let head = Head {
            name,
            docs: info.item.docs.clone(),
            span: info.decl.name.span,
            home: home(info.place),
            ret: ret.clone(),
        };
        let id = self.request(head, Box::new(move |body| body.function(info, args, &ret)));
        self.instances.insert(key, id);
        Some(id)
    }

    fn instance_name(&self, name: &str, args: &[Type]) -> EcoString {
        if args.is_empty() {
            return name.into();
        }
        let args: Vec<EcoString> = args.iter().map(|ty| names::of_type(&self.program, ty)).collect();
        format!("{name}_of_{}", args.join("_")).into()
    }
}

/// The type of what the function itself gives; where it may not find what it promises, callers deal with nil.
fn own_ret(info: &FnInfo<'_>) -> tova_check::types::Ty {
    if info.found { info.body_ty } else { info.ret }
}

impl<'a> Body<'_, 'a> {
    /// Parameters and body of a declared function.
    fn function(&mut self, info: &'a FnInfo<'a>, args: Vec<Type>, ret: &Type) -> (Vec<LocalId>, Expr) {
        self.frame_mut().args = Rc::from(args);
        let types: Vec<Type> = info.params.iter().map(|ty| self.ty(*ty)).collect();
        let (params, mut exprs) = self.params(&info.decl.params, &types);
        let span = info.decl.name.span;
        match (&info.intrinsic, &info.decl.body) {
            (Some(name), _) => {
                let args = params.iter().map(|param| self.read(*param, span)).collect();
                exprs.push(build::intrinsic(name.clone(), args, ret.clone(), span));
            }
            (None, Some(block)) => exprs.push(self.block_to(block, ret)),
            (None, None) => exprs.push(build::panic("a function without a body was called", span)),
        }
        (params, build::block(exprs, span))
    }

    /// Locals for parameters; what takes arguments apart comes first in the body.
    pub(crate) fn params(&mut self, params: &'a [Param], types: &[Type]) -> (Vec<LocalId>, Vec<Expr>) {
        let mut locals = Vec::new();
        let mut exprs = Vec::new();
        for (param, ty) in params.iter().zip(types) {
            let local = self.local("_", ty.clone(), LocalKind::Let, param.pattern.span);
            locals.push(local);
            let value = self.read(local, param.pattern.span);
            exprs.extend(self.bind_param(&param.pattern, value));
        }
        (locals, exprs)
    }

    /// Binds a parameter to the value that it is given. A plain name needs no declaration when the value is a local that never changes.
    pub(crate) fn bind_param(&mut self, pattern: &'a Pattern, value: Expr) -> Vec<Expr> {
        let PatternKind::Name(name) = &pattern.kind else { return self.bind_pattern(pattern, value) };
        let Some(Res::Local(var)) = self.res(pattern.id) else { return Vec::new() };
        let ty = self.var_ty(*var);
        let value = self.convert(value, &ty);
        if !self.is_simple(&value) {
            let local = self.declare(*var, value.ty.clone());
            return vec![build::let_(local, value)];
        }
        match value.kind {
            ExprKind::Local(local) => {
                self.rename(local, name);
                self.bind(*var, Binding::Local(local));
            }
            _ => self.bind(*var, Binding::Value(value)),
        }
        Vec::new()
    }

    /// A known function as a value.
    pub(crate) fn fn_value(&mut self, index: FnIdx, args: Vec<Type>, span: Span) -> Expr {
        let Some(info) = self.lower.checked.fns.get(index.0 as usize) else { return build::unit(span) };
        if let Some(nested) = self.nested_value(index, span) {
            return nested;
        }
        let frame_args = Rc::clone(&self.frame().args);
        let type_args = if info.nested { frame_args.to_vec() } else { args.clone() };
        let params = self.lower.concrete_all(&info.params, &type_args);
        let ret = self.lower.concrete(info.ret, &type_args);
        if info.nested || info.found {
            return self.closure_of(&params, &ret, span, |body, values| body.call_lowered(index, args, values, span));
        }
        match self.lower.instance(index, args) {
            Some(id) => build::expr(ExprKind::FnValue(id), Type::function(params, ret), span),
            None => build::unit(span),
        }
    }

    /// A function inside this one, as the value of the local that holds it.
    pub(crate) fn nested_value(&mut self, index: FnIdx, span: Span) -> Option<Expr> {
        let nested = self.frame_mut().nested.get_mut(&index)?;
        let local = nested.local;
        let info = self.locals.get(local.0 as usize)?;
        if let Type::Option(inner) = info.ty.clone() {
            if let Some(nested) = self.frame_mut().nested.get_mut(&index) {
                nested.recursive = true;
            }
            let value = self.read(local, span);
            return Some(build::prim(Prim::Unwrap, vec![value], (*inner).clone(), span));
        }
        Some(self.read(local, span))
    }

    /// Declares the functions among statements as closures. While its body is made, a function is held as an option, because it may call
    /// itself; if it does not, it is held plainly.
    pub(crate) fn nested_fn(&mut self, decl: &'a ast::FnDecl) -> Vec<Expr> {
        let Some(index) = self.lower.fn_of(decl.id) else { return Vec::new() };
        let Some(info) = self.lower.checked.fns.get(index.0 as usize) else { return Vec::new() };
        let Some(block) = &decl.body else { return Vec::new() };
        if info.type_params > self.frame().args.len() as u32 {
            return Vec::new();
        }
        let span = decl.name.span;
        let params: Vec<Type> = info.params.iter().map(|ty| self.ty(*ty)).collect();
        let ret = self.ty(info.ret);
        let ty = Type::function(params.clone(), ret.clone());
        let local = self.local(&decl.name.name, Type::option(ty.clone()), LocalKind::Mut, span);
        self.frame_mut().nested.insert(index, Nested { local, recursive: false });
        let closure = self.closure_of(&params, &ret, span, |body, args| {
            let mut exprs = Vec::new();
            for (param, arg) in decl.params.iter().zip(args) {
                exprs.extend(body.bind_param(&param.pattern, arg));
            }
            exprs.push(body.block_to(block, &ret));
            build::block(exprs, span)
        });
        if self.frame().nested.get(&index).is_some_and(|nested| nested.recursive) {
            let option = Type::option(ty);
            let empty = build::let_(local, build::nil(option.clone(), span));
            let place = crate::Place { root: PlaceRoot::Local(local), path: Vec::new(), ty: option };
            let fill = ExprKind::Assign { place, value: Box::new(build::some(closure)) };
            return vec![empty, build::expr(fill, Type::Unit, span)];
        }
        if let Some(slot) = self.locals.get_mut(local.0 as usize) {
            slot.ty = ty;
            slot.kind = LocalKind::Let;
        }
        vec![build::let_(local, closure)]
    }

    /// A frame for a generic function inside this one: it sees this one's variables.
    pub(crate) fn frame_for(&self, info: &FnInfo<'a>, args: Vec<Type>, ret: Return) -> Frame<'a> {
        let mut frame = Frame::new(Rc::from(args), ret);
        if info.nested {
            frame.vars = self.frame().vars.clone();
            frame.nested = self.frame().nested.clone();
        }
        frame
    }
}

impl Lower<'_> {
    /// The function that a declaration declares.
    pub(crate) fn fn_of(&self, decl: NodeId) -> Option<FnIdx> {
        let index = self.checked.fns.iter().position(|info| info.decl.id == decl)?;
        Some(FnIdx(index as u32))
    }
}

/// Whether a statement declares a function.
pub(crate) fn declared_fn(stmt: &Stmt) -> Option<&ast::FnDecl> {
    match &stmt.kind {
        ast::StmtKind::Item(item) => match &item.kind {
            ast::ItemKind::Fn(decl) => Some(decl),
            _ => None,
        },
        _ => None,
    }
}
