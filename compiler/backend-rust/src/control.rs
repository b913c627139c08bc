//! Decisions, loops and jumps.

use proc_macro2::{Delimiter, Ident, Span, TokenStream, TokenTree};
use quote::quote;
use syn::Lifetime;
use tova_ir::{EnumCase, EnumId, Expr, ExprKind, ForIter, LabelId, Literal, LocalId, Type};

use crate::body::{Body, Form};
use crate::code::{Code, Level};
use crate::facts::Mode;
use crate::intrinsic::is_copy;
use crate::plan::DataId;

/// How the branches of a decision are emitted: as values, statements or results.
type Branch<'a> = fn(&mut Body<'a>, &'a Expr) -> TokenStream;

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

    /// A loop.
    pub(crate) fn repeat(&mut self, expr: &'a Expr) -> TokenStream {
        match &expr.kind {
            ExprKind::Loop { label, body } => {
                let (tick, inner) = self.turn(*label, body);
                quote! { #tick loop { #inner } }
            }
            ExprKind::While { label, cond, body } if cond.kind == ExprKind::Bool(true) => {
                let (tick, inner) = self.turn(*label, body);
                quote! { #tick loop { #inner } }
            }
            ExprKind::While { label, cond, body } => {
                let cond = self.place(cond).tokens();
                let cond = head(cond);
                let (tick, inner) = self.turn(*label, body);
                quote! { #tick while #cond { #inner } }
            }
            ExprKind::For { label, iter, body } => self.scoped(|this| {
                let (pattern, source) = this.walk(iter);
                let source = head(source);
                let (tick, inner) = this.turn(*label, body);
                quote! { #tick for #pattern in #source { #inner } }
            }),
            _ => self.statements(expr),
        }
    }

    /// The body of a loop, and its label if a jump needs it.
    fn turn(&mut self, label: LabelId, body: &'a Expr) -> (TokenStream, TokenStream) {
        self.labels.insert(label, self.frames.len());
        self.nest.push((label, true));
        let inner = self.statements(body);
        self.nest.pop();
        let tick = if self.named.contains(&label) {
            let tick = lifetime(label);
            quote! { #tick: }
        } else {
            TokenStream::new()
        };
        (tick, inner)
    }

    /// What a `for` binds and walks.
    fn walk(&mut self, iter: &'a ForIter) -> (TokenStream, TokenStream) {
        match iter {
            ForIter::Range { item, start, end, inclusive } => {
                let (start, end) = (self.place(start).operand(Level::Or), self.place(end).operand(Level::Or));
                let item = self.declare(*item, Form::Owned);
                let range = if *inclusive {
                    quote! { #start..=#end }
                } else {
                    quote! { #start..#end }
                };
                (quote! { #item }, range)
            }
            ForIter::Items { item, index, list } => self.walk_items(*item, *index, list),
            ForIter::Entries { key, value, map } => {
                let by_reference = self.facts.is_by_reference(map);
                let source = if map.ty == Type::Any {
                    let map = self.place(map).receiver();
                    quote! { #map.entries() }
                } else if by_reference {
                    let map = self.place(map).receiver();
                    quote! { #map.iter() }
                } else {
                    self.value(map).tokens()
                };
                let form = if by_reference { Form::Ref } else { Form::Owned };
                let (key, value) = (self.declare(*key, form), self.declare(*value, form));
                (quote! { (#key, #value) }, source)
            }
        }
    }

    fn walk_items(&mut self, item: LocalId, index: Option<LocalId>, list: &'a Expr) -> (TokenStream, TokenStream) {
        let by_reference = self.facts.is_by_reference(list) && !matches!(list.ty, Type::Map(..));
        let source = match &list.ty {
            Type::Str => {
                let text = self.place(list).borrowed();
                quote! { text::chars(#text) }
            }
            Type::Any => {
                let list = self.place(list).receiver();
                quote! { #list.items() }
            }
            Type::Set(_) if by_reference => {
                let list = self.place(list).receiver();
                quote! { #list.iter() }
            }
            _ if by_reference => self.place(list).borrowed(),
            _ => self.value(list).tokens(),
        };
        let is_ref = by_reference && !matches!(list.ty, Type::Str | Type::Any);
        let form = if is_ref && !is_copy(self.local_ty(item)) { Form::Ref } else { Form::Owned };
        let index = index.filter(|index| self.facts.is_used(*index));
        let name = self.declare(item, form);
        let pattern = if is_ref && form == Form::Owned {
            quote! { &#name }
        } else {
            quote! { #name }
        };
        match index {
            Some(index) => {
                let index = self.declare(index, Form::Owned);
                (quote! { (#index, #pattern) }, quote! { (0_i64..).zip(#source) })
            }
            None => (pattern, source),
        }
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
            ExprKind::If { else_: Some(_), .. } | ExprKind::SwitchEnum { .. } | ExprKind::SwitchLiteral { .. } => {
                return self.decide(expr, Body::result);
            }
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
