//! Decisions: `if` and `match`.

use proc_macro2::TokenStream;
use quote::quote;
use tova_ir::{EnumCase, EnumId, Expr, ExprKind, Literal, LocalId, Type};

use crate::body::{Body, Form};
use crate::code::Level;
use crate::control::head;
use crate::plan::DataId;

/// How the branches of a decision are emitted: as values, statements or results.
type Branch<'a> = fn(&mut Body<'a>, &'a Expr) -> TokenStream;

impl<'a> Body<'a> {
    /// A decision.
    pub(crate) fn decide(&mut self, expr: &'a Expr, branch: Branch<'a>) -> TokenStream {
        match &expr.kind {
            ExprKind::If { cond, then, else_ } => self.if_(cond, then, else_.as_deref(), branch),
            ExprKind::SwitchEnum { subject, enum_, cases, default } => {
                self.switch_enum(subject, *enum_, (cases, default.as_deref()), branch)
            }
            ExprKind::SwitchOption { subject, binding, some, none } => {
                self.switch_option(subject, *binding, (some, none), branch)
            }
            ExprKind::SwitchLiteral { subject, cases, default } => self.switch_literal(subject, cases, default, branch),
            _ => branch(self, expr),
        }
    }

    fn if_(&mut self, cond: &'a Expr, then: &'a Expr, else_: Option<&'a Expr>, branch: Branch<'a>) -> TokenStream {
        let cond = self.place(cond).tokens();
        let cond = head(cond);
        // Without an `else` there is no value to give.
        let then = if else_.is_some() { branch(self, then) } else { self.statements(then) };
        let Some(else_) = else_ else { return quote! { if #cond { #then } } };
        let else_ = sole(else_);
        let rest = if matches!(else_.kind, ExprKind::If { .. }) {
            let inner = self.decide(else_, branch);
            quote! { else #inner }
        } else {
            let inner = branch(self, else_);
            if inner.is_empty() {
                TokenStream::new()
            } else {
                quote! { else { #inner } }
            }
        };
        quote! { if #cond { #then } #rest }
    }

    fn switch_enum(
        &mut self,
        subject: &'a Expr,
        enum_: EnumId,
        (cases, default): (&'a [EnumCase], Option<&'a Expr>),
        branch: Branch<'a>,
    ) -> TokenStream {
        let by_reference = self.facts.is_by_reference(subject);
        let subject = self.subject(subject, by_reference);
        let form = if by_reference { Form::Ref } else { Form::Owned };
        let mut arms = Vec::new();
        for case in cases {
            let (pattern, body) = self.scoped(|body| {
                let (pattern, unbox) = body.variant_pattern(enum_, case, form);
                let inner = branch(body, &case.body);
                (pattern, quote! { #unbox #inner })
            });
            arms.push((pattern, body));
        }
        let default = default.map(|default| branch(self, default));
        if let ([(pattern, body)], Some(rest)) = (arms.as_slice(), &default)
            && rest.is_empty()
        {
            return quote! { if let #pattern = #subject { #body } };
        }
        let arms = arms.into_iter().map(|(pattern, body)| quote! { #pattern => { #body } });
        let default = default.map(|body| quote! { _ => { #body } });
        quote! { match #subject { #(#arms)* #default } }
    }

    /// What a `match` looks at.
    fn subject(&mut self, subject: &'a Expr, by_reference: bool) -> TokenStream {
        let tokens = if by_reference { self.place(subject).borrowed() } else { self.value(subject).tokens() };
        head(tokens)
    }

    /// The pattern of a case, and what takes bound fields from behind their pointers.
    fn variant_pattern(&mut self, enum_: EnumId, case: &EnumCase, form: Form) -> (TokenStream, TokenStream) {
        let path = self.unit.variant_path(enum_, case.variant);
        let data = DataId::Enum(enum_);
        let fields = self
            .unit
            .program
            .enums
            .get(enum_.0 as usize)
            .and_then(|e| e.variants.get(case.variant as usize))
            .map_or(0, |v| v.fields.len());
        if fields == 0 {
            return (path, TokenStream::new());
        }
        let is_tuple = self.unit.is_tuple_variant(enum_, case.variant);
        let mut unbox = TokenStream::new();
        let mut parts = Vec::new();
        for index in 0..fields {
            let field = self.unit.field_name(data, case.variant as usize, index);
            let bound = case.bindings.get(index).copied().flatten().filter(|local| self.facts.is_used(*local));
            let Some(local) = bound else {
                if is_tuple {
                    parts.push(quote! { _ });
                }
                continue;
            };
            let name = self.declare(local, form);
            if self.unit.is_boxed(data, case.variant as usize, index) {
                unbox.extend(if form == Form::Ref {
                    quote! { let #name = &**#name; }
                } else {
                    quote! { let #name = Arc::unwrap_or_clone(#name); }
                });
            }
            parts.push(if is_tuple || field == name {
                quote! { #name }
            } else {
                quote! { #field: #name }
            });
        }
        let pattern = if is_tuple {
            if case.bindings.iter().flatten().all(|local| !self.facts.is_used(*local)) {
                quote! { #path(..) }
            } else {
                quote! { #path(#(#parts),*) }
            }
        } else {
            let rest = (parts.len() < fields).then(|| quote! { .. });
            quote! { #path { #(#parts,)* #rest } }
        };
        (pattern, unbox)
    }

    fn switch_option(
        &mut self,
        subject: &'a Expr,
        binding: Option<LocalId>,
        (some, none): (&'a Expr, &'a Expr),
        branch: Branch<'a>,
    ) -> TokenStream {
        if subject.ty == Type::Any {
            return self.switch_any(subject, binding, (some, none), branch);
        }
        let binding = binding.filter(|local| self.facts.is_used(*local));
        let by_reference = self.facts.is_by_reference(subject);
        let Some(binding) = binding else {
            let subject = self.place(subject).receiver();
            let (then, else_) = (branch(self, some), branch(self, none));
            if then.is_empty() {
                return quote! { if #subject.is_none() { #else_ } };
            }
            let else_ = (!else_.is_empty()).then(|| quote! { else { #else_ } });
            return quote! { if #subject.is_some() { #then } #else_ };
        };
        let subject = self.subject(subject, by_reference);
        let form = if by_reference { Form::Ref } else { Form::Owned };
        let (name, some) = self.scoped(|body| (body.declare(binding, form), branch(body, some)));
        let none = branch(self, none);
        if none.is_empty() {
            return quote! { if let Some(#name) = #subject { #some } };
        }
        quote! { match #subject { Some(#name) => { #some } None => { #none } } }
    }

    /// Presence of dynamic data: anything but nil.
    fn switch_any(
        &mut self,
        subject: &'a Expr,
        binding: Option<LocalId>,
        (some, none): (&'a Expr, &'a Expr),
        branch: Branch<'a>,
    ) -> TokenStream {
        let subject = self.value(subject).tokens();
        let subject = head(subject);
        let (name, some) = self.scoped(|body| {
            let name = binding.map(|local| body.declare(local, Form::Owned));
            (name, branch(body, some))
        });
        let pattern = name.map_or_else(|| quote! { _ }, |name| quote! { #name });
        let none = branch(self, none);
        quote! { match #subject { Any::Nil => { #none } #pattern => { #some } } }
    }

    fn switch_literal(
        &mut self,
        subject: &'a Expr,
        cases: &'a [(Literal, Expr)],
        default: &'a Expr,
        branch: Branch<'a>,
    ) -> TokenStream {
        let is_bool = subject.ty == Type::Bool;
        let subject_code = self.place(subject);
        if let ([(Literal::Bool(value), body)], true) = (cases, is_bool) {
            let subject = if *value {
                subject_code.tokens()
            } else {
                let s = subject_code.operand(Level::Unary);
                quote! { !#s }
            };
            let (then, else_) = (branch(self, body), branch(self, default));
            let else_ = (!else_.is_empty()).then(|| quote! { else { #else_ } });
            let subject = head(subject);
            return quote! { if #subject { #then } #else_ };
        }
        let subject = if subject.ty == Type::Str {
            let s = subject_code.receiver();
            quote! { #s.as_str() }
        } else {
            head(subject_code.tokens())
        };
        let mut arms = Vec::new();
        for (literal, body) in cases {
            arms.push((pattern_of(literal), branch(self, body)));
        }
        let default = branch(self, default);
        if let ([(literal, body)], true) = (arms.as_slice(), default.is_empty()) {
            return quote! { if #subject == #literal { #body } };
        }
        // `true` and `false` are all there is.
        let default = (!(is_bool && cases.len() == 2)).then(|| quote! { _ => { #default } });
        let arms = arms.into_iter().map(|(literal, body)| quote! { #literal => { #body } });
        quote! { match #subject { #(#arms)* #default } }
    }
}

fn pattern_of(literal: &Literal) -> TokenStream {
    match literal {
        Literal::Int(n) => {
            let n = proc_macro2::Literal::i64_unsuffixed(*n);
            quote! { #n }
        }
        Literal::Str(text) => {
            let text = text.as_str();
            quote! { #text }
        }
        Literal::Bool(value) => quote! { #value },
    }
}

/// A block of one expression is that expression.
fn sole(expr: &Expr) -> &Expr {
    match &expr.kind {
        ExprKind::Block(exprs) => {
            if let [only] = exprs.as_slice() {
                sole(only)
            } else {
                expr
            }
        }
        _ => expr,
    }
}
