//! Blocks, jumps and results.

use proc_macro2::{Delimiter, Ident, Span, TokenStream, TokenTree};
use quote::quote;
use syn::Lifetime;
use tova_ir::{EnumId, Expr, ExprKind, LabelId, LocalId, Type};

use crate::body::Body;
use crate::code::{Code, Level};
use crate::facts::Mode;
use crate::intrinsic::is_copy;

impl<'a> Body<'a> {
    /// A decision or labelled block as a value.
    pub(crate) fn control(&mut self, expr: &'a Expr) -> Code {
        match &expr.kind {
            ExprKind::SwitchOption { subject, binding, some, none } => {
                if let Some(code) = self.or_default(subject, *binding, some, none) {
                    return code;
                }
                Code::new(Level::Block, self.decide(expr, Body::block))
            }
            ExprKind::Labelled { label, body } => {
                self.labels.insert(*label, self.frames.len());
                self.nest.push((*label, false));
                let inner = if expr.ty == Type::Unit { self.statements(body) } else { self.block(body) };
                self.nest.pop();
                let label = self.named.contains(label).then(|| lifetime(*label)).map(|label| quote! { #label: });
                Code::new(Level::Block, quote! { #label { #inner } })
            }
            ExprKind::Loop { .. } => Code::new(Level::Block, self.repeat(expr)),
            _ => Code::new(Level::Block, self.decide(expr, Body::block)),
        }
    }

    /// `a ?? b` as `unwrap_or`.
    fn or_default(
        &mut self,
        subject: &'a Expr,
        binding: Option<LocalId>,
        some: &'a Expr,
        none: &'a Expr,
    ) -> Option<Code> {
        let is_value = matches!((&some.kind, binding), (ExprKind::Local(read), Some(bound)) if *read == bound);
        if !is_value || self.facts.is_by_reference(subject) && !is_copy(&some.ty) {
            return None;
        }
        let default = match &none.kind {
            ExprKind::Int(_) | ExprKind::Float(_) | ExprKind::Bool(_) | ExprKind::Duration(_) | ExprKind::Size(_) => {
                let none = self.value(none).tokens();
                quote! { unwrap_or(#none) }
            }
            ExprKind::Str(text) if text.is_empty() => quote! { unwrap_or_default() },
            ExprKind::List(items) if items.is_empty() => quote! { unwrap_or_default() },
            ExprKind::Map(entries) if entries.is_empty() => quote! { unwrap_or_default() },
            ExprKind::Str(_) => {
                let none = self.value(none).tokens();
                quote! { unwrap_or_else(|| #none) }
            }
            _ => return None,
        };
        let by_reference = self.facts.is_by_reference(subject);
        let subject = if by_reference { self.place(subject) } else { self.value(subject) }.receiver();
        Some(Code::postfix(quote! { #subject.#default }))
    }

    /// `break`, `continue` and `return`.
    pub(crate) fn jump(&mut self, expr: &'a Expr) -> Code {
        let tokens = match &expr.kind {
            ExprKind::Break { label, value } => self.leave(*label, value.as_deref()),
            ExprKind::Continue(label) => match self.far_jump(*label, true) {
                Some(jump) => jump,
                None => {
                    let tick = self.tick(*label);
                    quote! { continue #tick }
                }
            },
            ExprKind::Return(value) => self.give_back(value.as_deref()),
            _ => TokenStream::new(),
        };
        Code::new(Level::Jump, tokens)
    }

    fn leave(&mut self, label: LabelId, value: Option<&'a Expr>) -> TokenStream {
        let value = value.map(|value| {
            if value.ty == Type::Unit {
                (self.statement(value), None)
            } else {
                (TokenStream::new(), Some(self.value(value).tokens()))
            }
        });
        let (before, value) = value.unwrap_or_default();
        if let Some(jump) = self.far_jump(label, false) {
            let store = value.map(|value| {
                let slot = slot(label);
                quote! { #slot = Some(#value); }
            });
            return if before.is_empty() && store.is_none() {
                jump
            } else {
                quote! { { #before #store #jump } }
            };
        }
        let tick = self.tick(label);
        if before.is_empty() {
            quote! { break #tick #value }
        } else {
            quote! { { #before break #tick } }
        }
    }

    /// The label to name, if the jump does not go to the innermost loop anyway.
    fn tick(&mut self, label: LabelId) -> Option<Lifetime> {
        if self.nest.last() == Some(&(label, true)) {
            return None;
        }
        self.named.insert(label);
        Some(lifetime(label))
    }

    /// A jump out of the body of a `try`.
    fn far_jump(&self, label: LabelId, is_continue: bool) -> Option<TokenStream> {
        if self.labels.get(&label) == Some(&self.frames.len()) {
            return None;
        }
        let jumps = self.frames.last()?.exits.as_ref()?;
        let number = jumps.iter().position(|jump| *jump == (label, is_continue))?;
        let number = proc_macro2::Literal::usize_unsuffixed(number);
        Some(quote! { return Ok(Exit::Jump(#number)) })
    }

    fn give_back(&mut self, value: Option<&'a Expr>) -> TokenStream {
        let is_exit = self.frames.last().is_some_and(|frame| frame.exits.is_some());
        let value = value.filter(|value| value.kind != ExprKind::Unit);
        if let (Some(value), false, true) = (value, is_exit, self.throws())
            && let Some(result) = self.fallible(value)
        {
            return quote! { return #result };
        }
        let (before, value) = match value {
            Some(value) if value.ty == Type::Unit => (self.statement(value), None),
            Some(value) => (TokenStream::new(), Some(self.value(value).tokens())),
            None => (TokenStream::new(), None),
        };
        let given = match (value, is_exit, self.throws()) {
            (Some(value), true, _) => quote! { return Ok(Exit::Return(#value)) },
            (None, true, _) => quote! { return Ok(Exit::Return(())) },
            (Some(value), false, true) => quote! { return Ok(#value) },
            (None, false, true) => quote! { return Ok(()) },
            (value, false, false) => quote! { return #value },
        };
        if before.is_empty() {
            given
        } else {
            quote! { { #before #given } }
        }
    }

    /// An expression as the result of the function, closure or `try` around it.
    pub(crate) fn result_of(&mut self, expr: &'a Expr) -> TokenStream {
        let is_exit = self.frames.last().is_some_and(|frame| frame.exits.is_some());
        match &expr.kind {
            ExprKind::If { .. } if has_last_else(expr) => return self.decide(expr, Body::result),
            ExprKind::SwitchEnum { .. } | ExprKind::SwitchLiteral { .. } => return self.decide(expr, Body::result),
            ExprKind::SwitchOption { subject, binding, some, none } => {
                return match self.or_default(subject, *binding, some, none) {
                    Some(code) => self.settle(code.tokens()),
                    None => self.decide(expr, Body::result),
                };
            }
            ExprKind::Return(value) if !is_exit => {
                return match value {
                    Some(value) => self.result(value),
                    None => self.settle_unit(TokenStream::new()),
                };
            }
            _ => {}
        }
        if self.throws()
            && !is_exit
            && let Some(result) = self.fallible(expr)
        {
            return result;
        }
        match expr.ty {
            Type::Never => self.statement_of_never(expr),
            Type::Unit => {
                let statement = self.statement(expr);
                self.settle_unit(statement)
            }
            _ => {
                let value = self.value(expr).tokens();
                self.settle(value)
            }
        }
    }

    fn statement_of_never(&mut self, expr: &'a Expr) -> TokenStream {
        self.value(expr).tokens()
    }

    /// A value as the result.
    pub(crate) fn settle(&self, value: TokenStream) -> TokenStream {
        match self.frames.last() {
            Some(frame) if frame.exits.is_some() => quote! { Ok(Exit::Value(#value)) },
            Some(frame) if frame.throws => quote! { Ok(#value) },
            _ => value,
        }
    }

    /// Statements after which there is nothing to give.
    pub(crate) fn settle_unit(&self, statements: TokenStream) -> TokenStream {
        match self.frames.last() {
            Some(frame) if frame.exits.is_some() => quote! { #statements Ok(Exit::Value(())) },
            Some(frame) if frame.throws => quote! { #statements Ok(()) },
            _ => statements,
        }
    }

    /// `value is Variant`
    pub(crate) fn is_variant(&mut self, object: &'a Expr, enum_: EnumId, variant: u32) -> Code {
        let object = self.operand(object, Mode::Borrowed);
        let path = self.unit.variant_path(enum_, variant);
        if self.unit.is_result(enum_) {
            let object = object.receiver();
            return Code::postfix(if variant == 0 {
                quote! { #object.is_ok() }
            } else {
                quote! { #object.is_err() }
            });
        }
        let count = self
            .unit
            .program
            .enums
            .get(enum_.0 as usize)
            .and_then(|e| e.variants.get(variant as usize))
            .map_or(0, |v| v.fields.len());
        let object = object.tokens();
        let fields = match (count, self.unit.is_tuple_variant(enum_, variant)) {
            (0, _) => TokenStream::new(),
            (_, true) => quote! { (..) },
            (_, false) => quote! { { .. } },
        };
        Code::postfix(quote! { matches!(#object, #path #fields) })
    }
}

/// The Rust label of a loop or block.
pub(crate) fn lifetime(label: LabelId) -> Lifetime {
    Lifetime::new(&format!("'at_{}", label.0), Span::call_site())
}

/// The variable that carries the value of a jump out of a `try`.
pub(crate) fn slot(label: LabelId) -> Ident {
    Ident::new(&format!("carried_{}", label.0), Span::call_site())
}

/// What stands between `if`, `while`, `match` or `in` and the block: a struct literal there needs parentheses.
pub(crate) fn head(tokens: TokenStream) -> TokenStream {
    let mut after_name = false;
    let mut is_keyword_first = true;
    for (at, token) in tokens.clone().into_iter().enumerate() {
        match &token {
            TokenTree::Group(group) if group.delimiter() == Delimiter::Brace && after_name && !is_keyword_first => {
                return quote! { (#tokens) };
            }
            TokenTree::Ident(name) => {
                if at == 0 {
                    is_keyword_first = matches!(name.to_string().as_str(), "match" | "if" | "loop" | "unsafe");
                }
                after_name = true;
            }
            _ => {
                if at == 0 {
                    is_keyword_first = false;
                }
                after_name = false;
            }
        }
    }
    tokens
}

impl Body<'_> {
    /// Goes on with a jump that came out of the body of a `try`.
    pub(crate) fn jump_on(&mut self, label: LabelId, is_continue: bool, carries: bool) -> TokenStream {
        if let Some(jump) = self.far_jump(label, is_continue) {
            return jump;
        }
        let tick = self.tick(label);
        if is_continue {
            return quote! { continue #tick };
        }
        let value = carries.then(|| {
            let slot = slot(label);
            quote! { unwrap(#slot) }
        });
        quote! { break #tick #value }
    }
}

/// Whether one branch of `if … else if …` is always taken.
fn has_last_else(expr: &Expr) -> bool {
    match &expr.kind {
        ExprKind::If { else_, .. } => else_.as_deref().is_some_and(has_last_else),
        ExprKind::Block(exprs) => match exprs.as_slice() {
            [only] => has_last_else(only),
            _ => true,
        },
        _ => true,
    }
}
