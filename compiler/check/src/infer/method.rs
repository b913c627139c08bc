//! Functions found by the type of their first argument: `xs.len()`, `len(xs)`, `xs |> len()`.

use ecow::EcoString;
use tova_diagnostics::{Diagnostic, closest, codes};
use tova_source::Span;
use tova_syntax::ast::{NodeId, TypeExpr, TypeExprKind};

use super::name::camel_case;
use crate::constraint::ConstraintKind;
use crate::ctx::{Checker, VarShape};
use crate::tables::{FnIdx, Res};
use crate::types::{Ty, TyKind};

/// What a receiver is, as far as finding functions goes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Head {
    /// A type by its name: `List`, `String`, `User`.
    Type(EcoString),
    /// Any type: the parameter is a type parameter.
    Any,
}

impl<'a> Checker<'a> {
    /// The head of a type; nothing while it is unknown.
    fn head(&self, ty: Ty) -> Option<EcoString> {
        Some(match self.kind(ty) {
            TyKind::Var(var) => match self.shape(var) {
                VarShape::Number => "Int".into(),
                VarShape::Free | VarShape::Braces(_) => return None,
            },
            TyKind::List(_) => "List".into(),
            TyKind::Map(..) => "Map".into(),
            TyKind::Set(_) => "Set".into(),
            TyKind::Option(_) => "Option".into(),
            TyKind::Str => "String".into(),
            TyKind::Int => "Int".into(),
            TyKind::Float => "Float".into(),
            TyKind::Bool => "Bool".into(),
            TyKind::Any => "Any".into(),
            TyKind::Duration => "Duration".into(),
            TyKind::Size => "Bytes".into(),
            TyKind::Named(id, _) => self.type_info(id).name.clone(),
            TyKind::Error
            | TyKind::Param(..)
            | TyKind::Unit
            | TyKind::Never
            | TyKind::View
            | TyKind::Tuple(_)
            | TyKind::Record(_)
            | TyKind::Fn(..)
            | TyKind::Union(_) => return Some(EcoString::new()),
        })
    }

    /// The head of a library function's first parameter.
    pub(crate) fn receiver_head(&self, id: FnIdx) -> Option<Head> {
        let decl = self.fn_decl(id);
        let ty = decl.params.first()?.ty.as_ref()?;
        Some(head_of(ty, &decl.type_params.iter().map(|param| param.name.clone()).collect::<Vec<_>>()))
    }

    /// The function `name` for receivers of this type: a method of the declared type, or of the library.
    pub(crate) fn find_method(&mut self, object: Ty, name: &EcoString) -> Option<FnIdx> {
        let head = self.head(object)?;
        if let Some(id) = self.methods.get(&(head.clone(), name.clone()))
            && self.static_method(&head, name).is_none()
        {
            return Some(*id);
        }
        self.library_method(&head, name)
    }

    fn library_method(&self, head: &EcoString, name: &EcoString) -> Option<FnIdx> {
        let candidates = self.library_fns(name);
        let with = |wanted: &str| {
            candidates.iter().copied().find(|id| self.receiver_head(*id) == Some(Head::Type(wanted.into())))
        };
        with(head)
            // An integer will do where a float is asked for.
            .or_else(|| if head == "Int" { with("Float") } else { None })
            .or_else(|| candidates.iter().copied().find(|id| self.receiver_head(*id) == Some(Head::Any)))
            .or_else(|| with("Any"))
            // A value that is there will do where one that may be absent is asked for.
            .or_else(|| with("Option"))
    }

    /// If all functions of that name take one kind of receiver, that kind decides what an unknown receiver is.
    pub(crate) fn only_candidate(&self, name: &EcoString) -> Option<FnIdx> {
        let mut candidates = self.library_fns(name);
        let methods = self.methods.iter().filter(|((_, method), _)| method == name).map(|(_, id)| *id);
        candidates.extend(methods);
        match candidates.as_slice() {
            [only] => Some(*only),
            _ => None,
        }
    }

    /// Settles a call by its receiver's type if that is known, or keeps it for later.
    #[expect(clippy::too_many_arguments, reason = "they are the parts of one constraint")]
    pub(crate) fn solve_method(
        &mut self,
        span: Span,
        object: Ty,
        name: EcoString,
        name_id: NodeId,
        call_id: NodeId,
        args: Vec<Ty>,
        result: Ty,
        receiver: bool,
    ) {
        if self.head(object).is_none() {
            return self.postpone(span, ConstraintKind::Method { object, name, name_id, call_id, args, result, receiver });
        }
        let Some(id) = self.find_method(object, &name) else {
            self.no_method(object, &name, span);
            return self.fail(result);
        };
        self.set_name(name_id, Res::Method(id));
        let (params, ret) = self.instantiate(id, name_id);
        if let Some(first) = params.first() {
            self.coerce(object, *first, span);
        }
        for (arg, param) in args.iter().zip(params.iter().skip(1)) {
            self.coerce(*arg, *param, span);
        }
        self.finish_deferred_call(id, call_id, args.len(), receiver, span);
        let _ = self.unify(result, ret);
    }

    /// Defaults of a call whose function was found late.
    fn finish_deferred_call(&mut self, id: FnIdx, call_id: NodeId, given: usize, receiver: bool, span: Span) {
        use crate::tables::ArgFrom;
        let decl = self.fn_decl(id);
        let mut from = Vec::new();
        for (index, param) in decl.params.iter().enumerate() {
            let position = u32::try_from(index).unwrap_or(0);
            from.push(match index {
                0 if receiver => ArgFrom::Receiver,
                index if index <= given => ArgFrom::Arg(position - u32::from(receiver)),
                _ if param.default.is_some() => ArgFrom::Default,
                _ => {
                    let message =
                        format!("`{}` needs {} arguments, found {given}", decl.name.name, decl.params.len() - 1);
                    return self.report(Diagnostic::error(codes::E0106, span, message));
                }
            });
        }
        self.out.call_args.insert(call_id, from);
    }

    /// Reports a function that receivers of this type do not have.
    pub(crate) fn no_method(&mut self, object: Ty, name: &EcoString, span: Span) {
        if matches!(self.kind(object), TyKind::Error) {
            return;
        }
        if let TyKind::Option(inner) = self.kind(object)
            && self.find_method(inner, name).is_some()
        {
            let shown = self.show(object);
            return self.report(
                Diagnostic::error(codes::E0104, span, format!("the value is a `{shown}` and may be nil"))
                    .help(format!("use `?.{name}(…)`, or test it first: `guard … != nil else {{ … }}`")),
            );
        }
        let head = self.head(object).unwrap_or_default();
        let mut names: Vec<EcoString> =
            self.methods.keys().filter(|(ty, _)| *ty == head).map(|(_, name)| name.clone()).collect();
        let library: Vec<EcoString> = self.library.keys().cloned().collect();
        names.extend(library.into_iter().filter(|name| self.library_method(&head, name).is_some()));
        names.sort();
        let shown = self.show(object);
        let mut diagnostic = Diagnostic::error(codes::E0104, span, format!("`{shown}` has no function `{name}`"));
        if let Some(similar) = closest(name, names.iter().map(EcoString::as_str)) {
            diagnostic =
                diagnostic.help(format!("did you mean `{similar}`?")).fix(format!("write `{similar}`"), span, similar);
        }
        self.report(diagnostic);
    }

    /// Whether a name is one of the library's, in either spelling.
    pub(crate) fn is_library_name(&self, name: &EcoString) -> bool {
        let tests = self.in_test && self.test_library.contains_key(name);
        tests || self.library.contains_key(name) || self.library.contains_key(&camel_case(name))
    }
}

fn head_of(ty: &TypeExpr, params: &[EcoString]) -> Head {
    match &ty.kind {
        TypeExprKind::Name { name, .. } if params.contains(&name.name) => Head::Any,
        TypeExprKind::Name { name, .. } => Head::Type(name.name.clone()),
        TypeExprKind::List(_) => Head::Type("List".into()),
        TypeExprKind::Optional(_) => Head::Type("Option".into()),
        TypeExprKind::Tuple(_)
        | TypeExprKind::Fn { .. }
        | TypeExprKind::Record(_)
        | TypeExprKind::Union(_)
        | TypeExprKind::Infer
        | TypeExprKind::Error => Head::Type(EcoString::new()),
    }
}
