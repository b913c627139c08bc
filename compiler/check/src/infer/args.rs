//! Arguments of a call, matched to parameters by position and by name.

use ecow::EcoString;
use tova_diagnostics::{Diagnostic, closest, codes};
use tova_source::Span;
use tova_syntax::ast::{Arg, Expr, ExprKind, Lambda, NodeId};

use super::Want;
use super::call::Receiver;
use crate::ctx::Checker;
use crate::tables::{ArgFrom, CompIdx, TypeId, TypeKind};
use crate::types::{Ty, TyKind};

/// What a callee takes and gives.
#[derive(Clone, Debug)]
pub(crate) struct Signature {
    pub(crate) params: Vec<Ty>,
    pub(crate) ret: Ty,
    /// Names of the parameters; empty where there is none.
    pub(crate) names: Vec<EcoString>,
    /// Which parameters may be left out.
    pub(crate) optional: Vec<bool>,
    /// Whether the last parameter takes all remaining arguments.
    pub(crate) rest: bool,
    /// Whether those may have any types.
    pub(crate) variadic: bool,
    /// The callee in messages.
    pub(crate) what: String,
    /// Whether the first argument is the name of an event, which has chosen the function.
    pub(crate) skip_first_arg: bool,
}

impl Signature {
    /// Of a function value, whose parameters have no names.
    pub(crate) fn of_value(params: Vec<Ty>, ret: Ty) -> Self {
        let count = params.len();
        Self {
            params,
            ret,
            names: vec![EcoString::new(); count],
            optional: vec![false; count],
            rest: false,
            variadic: false,
            what: "the function".to_owned(),
            skip_first_arg: false,
        }
    }
}

impl<'a> Checker<'a> {
    pub(super) fn variant_signature(&mut self, ty: TypeId, index: u32, callee: &'a Expr) -> Signature {
        let (params, ret) = self.instantiate_variant(ty, index, callee.id);
        let (name, names) = match &self.type_info(ty).kind {
            TypeKind::Enum(variants) => {
                variants.get_index(index as usize).map_or_else(Default::default, |(name, fields)| {
                    (name.clone(), fields.iter().map(|(name, _)| name.clone()).collect::<Vec<_>>())
                })
            }
            _ => Default::default(),
        };
        let optional = vec![false; params.len()];
        Signature { names, optional, what: format!("`{name}`"), ..Signature::of_value(params, ret) }
    }

    pub(super) fn record_signature(&mut self, ty: TypeId, callee: &'a Expr) -> Option<Signature> {
        let (fields, ret) = self.instantiate_record(ty, callee.id)?;
        let name = self.type_info(ty).name.clone();
        let optional = fields
            .iter()
            .map(|(field, field_ty)| self.has_default(ty, field) || matches!(self.kind(*field_ty), TyKind::Option(_)))
            .collect();
        let (names, params) = fields.into_iter().unzip();
        Some(Signature { names, optional, what: format!("`{name}`"), ..Signature::of_value(params, ret) })
    }

    pub(super) fn component_signature(&mut self, component: CompIdx) -> Signature {
        let view = self.well_known.view;
        let info = self.out.components.get(component.0 as usize);
        let (name, props) = info.map(|info| (info.decl.name.name.clone(), info.props.clone())).unwrap_or_default();
        let params: Vec<Ty> = props.iter().map(|prop| prop.ty).collect();
        Signature {
            names: props.iter().map(|prop| prop.name.clone()).collect(),
            optional: props.iter().map(|prop| prop.optional).collect(),
            what: format!("`{name}`"),
            ..Signature::of_value(params, view)
        }
    }

    /// Checks the arguments of a call and gives the type of its result.
    pub(super) fn apply(
        &mut self,
        call: NodeId,
        span: Span,
        signature: &Signature,
        receiver: Option<Receiver>,
        args: &'a [Arg],
        want: Want,
    ) -> Ty {
        let Some(from) = self.match_args(span, signature, receiver, args) else {
            for arg in args {
                self.infer(&arg.value, Want::Value);
            }
            return signature.ret;
        };
        let offset = u32::from(signature.skip_first_arg);
        // Functions wait until the other arguments have decided what they take.
        let mut functions: Vec<(&'a Expr, Ty)> = Vec::new();
        for (from, param) in from.iter().zip(&signature.params) {
            match from {
                ArgFrom::Receiver => {
                    if let Some(receiver) = receiver {
                        self.coerce(receiver.ty, *param, receiver.span);
                    }
                }
                ArgFrom::Arg(index) => {
                    if let Some(arg) = args.get(*index as usize) {
                        if is_function(&arg.value) {
                            functions.push((&arg.value, *param));
                        } else {
                            self.argument(&arg.value, *param);
                        }
                    }
                }
                ArgFrom::Rest(start) => {
                    self.rest_args(args.get(*start as usize..).unwrap_or_default(), *param, signature.variadic)
                }
                ArgFrom::Default => {}
            }
        }
        for (expr, param) in functions {
            self.argument(expr, param);
        }
        if let Some(wanted) = want.ty()
            && self.is_free(signature.ret)
            && !self.is_free(wanted)
        {
            let _ = self.unify(signature.ret, wanted);
        }
        let plain = receiver.is_none()
            && offset == 0
            && from.iter().zip(0u32..).all(|(from, index)| *from == ArgFrom::Arg(index));
        if !plain {
            let from = from.into_iter().map(|from| match from {
                ArgFrom::Arg(index) => ArgFrom::Arg(index + offset),
                ArgFrom::Rest(index) => ArgFrom::Rest(index + offset),
                other => other,
            });
            self.out.call_args.insert(call, from.collect());
        }
        signature.ret
    }

    fn argument(&mut self, expr: &'a Expr, param: Ty) {
        let given = self.infer(expr, Want::Type(param));
        self.coerce(given, param, expr.span);
    }

    fn rest_args(&mut self, args: &'a [Arg], param: Ty, variadic: bool) {
        let item = match self.kind(param) {
            TyKind::List(item) if !variadic => Some(item),
            _ => None,
        };
        for arg in args {
            match item {
                Some(item) if arg.spread.is_none() => self.argument(&arg.value, item),
                Some(_) => self.argument(&arg.value, param),
                None => {
                    self.infer(&arg.value, Want::Value);
                }
            }
        }
    }

    /// For each parameter where its value comes from; nothing, with a report, if they do not match.
    fn match_args(
        &mut self,
        span: Span,
        signature: &Signature,
        receiver: Option<Receiver>,
        args: &'a [Arg],
    ) -> Option<Vec<ArgFrom>> {
        let count = signature.params.len();
        let mut from: Vec<Option<ArgFrom>> = vec![None; count];
        let mut next = 0;
        if receiver.is_some() {
            if let Some(slot) = from.first_mut() {
                *slot = Some(ArgFrom::Receiver);
            }
            next = 1;
        }
        let mut ok = count >= next;
        for (arg, position) in args.iter().zip(0u32..) {
            if let Some(name) = &arg.name {
                match signature.names.iter().position(|other| *other == name.name) {
                    Some(index) if from.get(index).is_some_and(Option::is_some) => {
                        let message = format!("`{}` is given twice", name.name);
                        self.report(Diagnostic::error(codes::E0106, name.span, message));
                        ok = false;
                    }
                    Some(index) => set(&mut from, index, ArgFrom::Arg(position)),
                    None => {
                        self.unknown_argument(signature, name);
                        ok = false;
                    }
                }
                continue;
            }
            if signature.rest && next + 1 >= count {
                if from.last().is_some_and(Option::is_none) {
                    set(&mut from, count - 1, ArgFrom::Rest(position));
                }
                continue;
            }
            while from.get(next).is_some_and(Option::is_some) {
                next += 1;
            }
            if next >= count {
                ok = false;
                self.too_many(span, signature, receiver.is_some(), args);
                break;
            }
            set(&mut from, next, ArgFrom::Arg(position));
            next += 1;
        }
        if !ok {
            return None;
        }
        self.fill_missing(span, signature, from, args.len())
    }

    fn fill_missing(
        &mut self,
        span: Span,
        signature: &Signature,
        from: Vec<Option<ArgFrom>>,
        given: usize,
    ) -> Option<Vec<ArgFrom>> {
        let last = signature.params.len().saturating_sub(1);
        let mut missing = Vec::new();
        let filled = from
            .into_iter()
            .enumerate()
            .map(|(index, from)| match from {
                Some(from) => from,
                None if signature.rest && index == last => ArgFrom::Rest(u32::try_from(given).unwrap_or(0)),
                None => {
                    if !signature.optional.get(index).copied().unwrap_or(false) {
                        let name = signature.names.get(index).filter(|name| !name.is_empty());
                        missing
                            .push(name.map_or_else(|| format!("argument {}", index + 1), |name| format!("`{name}`")));
                    }
                    ArgFrom::Default
                }
            })
            .collect();
        if missing.is_empty() {
            return Some(filled);
        }
        let list = missing.join(", ");
        self.report(
            Diagnostic::error(codes::E0106, span, format!("{} needs {list}", signature.what))
                .help(format!("add {list} to the call")),
        );
        None
    }

    fn too_many(&mut self, span: Span, signature: &Signature, receiver: bool, args: &[Arg]) {
        let takes = signature.params.len() - usize::from(receiver && !signature.params.is_empty());
        let plural = if takes == 1 { "" } else { "s" };
        let message = format!("{} takes {takes} argument{plural}, found {}", signature.what, args.len());
        self.report(Diagnostic::error(codes::E0106, span, message));
    }

    fn unknown_argument(&mut self, signature: &Signature, name: &tova_syntax::ast::Ident) {
        let message = format!("{} has no parameter `{}`", signature.what, name.name);
        let mut diagnostic = Diagnostic::error(codes::E0106, name.span, message);
        if let Some(similar) = closest(&name.name, signature.names.iter().map(EcoString::as_str)) {
            diagnostic = diagnostic.help(format!("did you mean `{similar}`?")).fix(
                format!("write `{similar}`"),
                name.span,
                similar,
            );
        }
        self.report(diagnostic);
    }
}

fn set(from: &mut [Option<ArgFrom>], index: usize, value: ArgFrom) {
    if let Some(slot) = from.get_mut(index) {
        *slot = Some(value);
    }
}

/// Whether an argument is a function written in place.
fn is_function(expr: &Expr) -> bool {
    match &expr.kind {
        ExprKind::Lambda(Lambda { .. }) | ExprKind::ImplicitFn(_) => true,
        ExprKind::Paren(inner) => is_function(inner),
        _ => false,
    }
}
