//! Bodies of functions: expressions as values, as places, as statements and as results.

use std::collections::{HashMap, HashSet};

use proc_macro2::{Ident, Literal, TokenStream};
use quote::quote;
use tova_ir::{Expr, ExprKind, Function, GlobalId, LabelId, LocalId, LocalKind, Type};

use crate::code::{Code, Level};
use crate::facts::{Facts, Mode};
use crate::intrinsic::is_copy;
use crate::names::{ident, snake};
use crate::operands;
use crate::plan::DataId;
use crate::unit::Unit;

/// How a local is kept in Rust.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Form {
    /// A plain variable.
    Owned,
    /// A reference to the value.
    Ref,
    /// A [`LocalKind::Shared`] cell.
    Cell,
}

/// A local in scope.
#[derive(Clone, Debug)]
pub(crate) struct Variable {
    pub(crate) name: Ident,
    pub(crate) form: Form,
}

/// What encloses an expression up to the next Rust function, closure or async block.
#[derive(Clone, Debug)]
pub(crate) struct Frame<'a> {
    /// Its result is a `Result`.
    pub(crate) throws: bool,
    /// The type of what it gives.
    pub(crate) ret: &'a Type,
    /// Of the body of a `try` that something leaves by a jump: the labels that are jumped to.
    pub(crate) exits: Option<Vec<(LabelId, bool)>>,
}

/// A function in the making.
pub(crate) struct Body<'a> {
    pub(crate) unit: &'a Unit<'a>,
    pub(crate) function: &'a Function,
    pub(crate) facts: Facts,
    pub(crate) variables: HashMap<LocalId, Variable>,
    /// Names that are taken by variables in scope.
    visible: Vec<String>,
    pub(crate) frames: Vec<Frame<'a>>,
    /// The frame in which a label is.
    pub(crate) labels: HashMap<LabelId, usize>,
    /// The loops (true) and labelled blocks (false) around.
    pub(crate) nest: Vec<(LabelId, bool)>,
    /// The value goes where Rust cannot tell its type from: empty lists and the like name theirs.
    pub(crate) generic: bool,
    /// Locals that a later operand of the same operation updates: looked at as copies.
    pub(crate) unstable: Vec<LocalId>,
    /// Labels that a jump has to name.
    pub(crate) named: HashSet<LabelId>,
}

impl<'a> Body<'a> {
    pub(crate) fn new(unit: &'a Unit<'a>, function: &'a Function) -> Self {
        let frames = vec![Frame { throws: function.effects.throws, ret: &function.ret, exits: None }];
        let facts = Facts::of(function);
        Self {
            unit,
            function,
            facts,
            variables: HashMap::new(),
            visible: Vec::new(),
            frames,
            labels: HashMap::new(),
            nest: Vec::new(),
            named: HashSet::new(),
            unstable: Vec::new(),
            generic: false,
        }
    }

    /// Whether an error can be passed on by `?`.
    pub(crate) fn throws(&self) -> bool {
        self.frames.last().is_some_and(|frame| frame.throws)
    }

    /// The type of a local.
    pub(crate) fn local_ty(&self, local: LocalId) -> &'a Type {
        self.function.locals.get(local.0 as usize).map_or(&Type::Unit, |local| &local.ty)
    }

    /// Gives a local its name and brings it into scope.
    pub(crate) fn declare(&mut self, local: LocalId, form: Form) -> Ident {
        let shown = self.function.locals.get(local.0 as usize).map_or("value", |local| &local.name);
        let mut wanted = snake(shown);
        if !self.facts.is_used(local) && !wanted.starts_with('_') {
            wanted.insert(0, '_');
        }
        let is_free = |name: &String| {
            !crate::names::hides_runtime(name, &self.unit.plan.intrinsics)
                && !self.unit.items.contains(name)
                && !self.visible.contains(name)
        };
        let numbered = || (2..).map(|n| format!("{wanted}_{n}")).find(is_free);
        let name = if is_free(&wanted) { wanted.clone() } else { numbered().unwrap_or_else(|| wanted.clone()) };
        self.visible.push(name.clone());
        let name = ident(&name);
        self.variables.insert(local, Variable { name: name.clone(), form });
        name
    }

    /// A name for a value of our own making.
    pub(crate) fn temporary(&mut self, wanted: &str) -> Ident {
        let is_free = |name: &String| !self.unit.items.contains(name) && !self.visible.contains(name);
        let names = std::iter::once(wanted.to_owned()).chain((2..).map(|n| format!("{wanted}_{n}")));
        let name = names.into_iter().find(is_free).unwrap_or_else(|| wanted.to_owned());
        self.visible.push(name.clone());
        ident(&name)
    }

    /// Runs `emit` in a scope of its own.
    pub(crate) fn scoped<T>(&mut self, emit: impl FnOnce(&mut Self) -> T) -> T {
        let depth = self.visible.len();
        let result = emit(self);
        self.visible.truncate(depth);
        result
    }

    /// Runs `emit` inside of another Rust closure or async block.
    pub(crate) fn framed<T>(&mut self, frame: Frame<'a>, emit: impl FnOnce(&mut Self) -> T) -> T {
        self.frames.push(frame);
        let result = emit(self);
        self.frames.pop();
        result
    }

    /// A variable that is in scope.
    pub(crate) fn variable(&self, local: LocalId) -> Variable {
        self.variables
            .get(&local)
            .cloned()
            .unwrap_or_else(|| Variable { name: ident("missing_variable"), form: Form::Owned })
    }

    /// An expression by value.
    pub(crate) fn value(&mut self, expr: &'a Expr) -> Code {
        match &expr.kind {
            ExprKind::Local(local) => {
                let read = self.place(expr);
                let moves = self.facts.is_last(expr) && self.variable(*local).form == Form::Owned;
                if self.variable(*local).form == Form::Cell { read } else { owned(read, &expr.ty, moves) }
            }
            ExprKind::Global(global) if self.unit.is_state(*global) => self.place(expr),
            ExprKind::Global(_) => {
                let read = self.place(expr);
                owned(read, &expr.ty, false)
            }
            ExprKind::Field { .. } | ExprKind::TupleField { .. } => {
                let moves = self.moves_out(expr);
                let read = self.place(expr);
                owned(read, &expr.ty, moves)
            }
            ExprKind::Prim { op: tova_ir::Prim::ListGet, .. } => {
                let read = self.place(expr);
                owned(read, &expr.ty, false)
            }
            _ => self.place(expr),
        }
    }

    /// Whether a chain of fields can be taken out of what it starts from.
    fn moves_out(&self, expr: &Expr) -> bool {
        match &expr.kind {
            ExprKind::Local(local) => self.facts.is_last(expr) && self.variable(*local).form == Form::Owned,
            ExprKind::Global(_) | ExprKind::Prim { op: tova_ir::Prim::ListGet, .. } => false,
            ExprKind::Field { object, index } => {
                let is_boxed =
                    matches!(object.ty, Type::Record(id) if self.unit.is_boxed(DataId::Record(id), 0, *index as usize));
                !is_boxed && self.moves_out(object)
            }
            ExprKind::TupleField { object, .. } => self.moves_out(object),
            _ => true,
        }
    }

    /// An operand in the mode that its operation takes it.
    pub(crate) fn operand(&mut self, expr: &'a Expr, mode: Mode) -> Code {
        if mode == Mode::Owned { self.value(expr) } else { self.place(expr) }
    }

    /// An expression to look at: a place if it is one, else a value of its own.
    pub(crate) fn place(&mut self, expr: &'a Expr) -> Code {
        match &expr.kind {
            ExprKind::Unit => Code::postfix(quote! { () }),
            ExprKind::Bool(b) => Code::postfix(quote! { #b }),
            ExprKind::Int(n) => int_literal(*n),
            ExprKind::Float(x) => float_literal(*x),
            ExprKind::Str(text) => text_literal(text),
            ExprKind::Duration(ms) => wrapped("Duration", *ms),
            ExprKind::Size(bytes) => wrapped("Size", *bytes),
            ExprKind::Nil => Code::postfix(match expr.ty {
                Type::Any => quote! { Any::Nil },
                Type::Unit => quote! { () },
                Type::Option(ref item) if self.generic => {
                    let item = self.unit.ty(item);
                    quote! { None::<#item> }
                }
                _ => quote! { None },
            }),
            ExprKind::Some(inner) => {
                let inner = self.value(inner).tokens();
                Code::postfix(quote! { Some(#inner) })
            }
            ExprKind::Local(local) => self.read_local(*local),
            ExprKind::Global(global) => self.read_global(*global),
            ExprKind::Field { object, index } => self.field(object, *index),
            ExprKind::TupleField { object, index } => {
                let object = self.place(object).receiver();
                let index = Literal::u32_unsuffixed(*index);
                Code::postfix(quote! { #object.#index })
            }
            ExprKind::Block(_)
            | ExprKind::Let { .. }
            | ExprKind::Assign { .. }
            | ExprKind::While { .. }
            | ExprKind::For { .. } => {
                let block = self.block(expr);
                Code::new(Level::Block, quote! { { #block } })
            }
            ExprKind::Prim { op, args } => self.prim(*op, args, &expr.ty),
            _ => self.compound(expr),
        }
    }

    /// What is neither a literal nor a place nor an operator.
    fn compound(&mut self, expr: &'a Expr) -> Code {
        match &expr.kind {
            ExprKind::List(_)
            | ExprKind::Map(_)
            | ExprKind::Tuple(_)
            | ExprKind::Record { .. }
            | ExprKind::RecordUpdate { .. }
            | ExprKind::Variant { .. } => self.construct(expr),
            ExprKind::IsVariant { object, enum_, variant } => self.is_variant(object, *enum_, *variant),
            ExprKind::Display(inner) => {
                let inner = self.unknown(inner).borrowed();
                Code::postfix(quote! { show(#inner) })
            }
            ExprKind::Concat(parts) => self.concat(parts),
            ExprKind::ToAny(inner) => {
                let inner = self.unknown(inner).receiver();
                Code::postfix(quote! { #inner.to_any() })
            }
            ExprKind::Update { place, name, args } => self.update(place, name, args, &expr.ty),
            ExprKind::FnValue(function) => self.fn_value(*function, &expr.ty),
            ExprKind::Closure(closure) => self.closure(closure, &expr.ty),
            ExprKind::Intrinsic { .. }
            | ExprKind::Call { .. }
            | ExprKind::CallValue { .. }
            | ExprKind::Await(_)
            | ExprKind::FromAny(_)
            | ExprKind::Throw(_)
            | ExprKind::Query { .. }
            | ExprKind::Rpc { .. } => self.call(expr),
            ExprKind::If { .. }
            | ExprKind::SwitchEnum { .. }
            | ExprKind::SwitchOption { .. }
            | ExprKind::SwitchLiteral { .. }
            | ExprKind::Labelled { .. }
            | ExprKind::Loop { .. } => self.control(expr),
            ExprKind::Break { .. } | ExprKind::Continue(_) | ExprKind::Return(_) => self.jump(expr),
            ExprKind::Try { .. } => self.attempt(expr),
            ExprKind::RequestField { request, index } => self.request_field(request, *index),
            ExprKind::SetRequestField { request, index, value } => self.set_request_field(request, *index, value),
            ExprKind::Init(global) => self.init_global(*global),
            // The page alone has these; no function of a server reaches one.
            _ => Code::postfix(quote! { fault("only the page has this") }),
        }
    }

    /// An expression to look at, where Rust cannot tell its type from what takes it.
    pub(crate) fn unknown(&mut self, expr: &'a Expr) -> Code {
        let before = std::mem::replace(&mut self.generic, true);
        let code = self.place(expr);
        self.generic = before;
        code
    }

    /// Runs `emit` where Rust knows the types of values by what takes them.
    pub(crate) fn known<T>(&mut self, emit: impl FnOnce(&mut Self) -> T) -> T {
        let before = std::mem::replace(&mut self.generic, false);
        let result = emit(self);
        self.generic = before;
        result
    }

    /// Emits an operand that is looked at while later ones are evaluated.
    pub(crate) fn before<T>(&mut self, later: Option<&'a [Expr]>, emit: impl FnOnce(&mut Self) -> T) -> T {
        let depth = self.unstable.len();
        for expr in later.unwrap_or_default() {
            self.unstable.extend(crate::facts::updated_in(expr));
        }
        let result = emit(self);
        self.unstable.truncate(depth);
        result
    }

    fn read_local(&self, local: LocalId) -> Code {
        let Variable { name, form } = self.variable(local);
        if form == Form::Owned && self.unstable.contains(&local) && !is_copy(self.local_ty(local)) {
            return Code::postfix(quote! { #name.clone() });
        }
        match form {
            Form::Owned => Code::postfix(quote! { #name }),
            Form::Ref => Code::reference(quote! { #name }),
            Form::Cell => Code::postfix(quote! { #name.get() }),
        }
    }

    fn read_global(&self, global: GlobalId) -> Code {
        let name = self.unit.global_name(global);
        if self.unit.is_state(global) {
            return Code::postfix(quote! { #name.get() });
        }
        let is_literal = self
            .unit
            .global(global)
            .and_then(|global| self.unit.function(global.init))
            .is_some_and(crate::items::is_literal_const);
        if is_literal { Code::postfix(quote! { #name }) } else { Code::smart(quote! { #name }) }
    }

    fn field(&mut self, object: &'a Expr, index: u32) -> Code {
        let Type::Record(record) = object.ty else {
            return self.place(object);
        };
        let data = DataId::Record(record);
        let name = self.unit.field_name(data, 0, index as usize);
        let object = self.place(object).receiver();
        if self.unit.is_boxed(data, 0, index as usize) {
            return Code::new(Level::Unary, quote! { *#object.#name });
        }
        Code::postfix(quote! { #object.#name })
    }

    fn concat(&mut self, parts: &'a [Expr]) -> Code {
        let parts: Vec<_> = parts
            .iter()
            .enumerate()
            .map(|(at, part)| match &operands::text_of(part).kind {
                ExprKind::Str(text) => {
                    let text = text.as_str();
                    quote! { &#text }
                }
                _ => self.before(parts.get(at + 1..), |this| this.unknown(operands::text_of(part)).borrowed()),
            })
            .collect();
        Code::postfix(quote! { concat(&[#(#parts),*]) })
    }

    /// The content of a block whose value is that of the expression.
    pub(crate) fn block(&mut self, expr: &'a Expr) -> TokenStream {
        self.scoped(|body| {
            let (statements, last) = body.split(expr);
            let last = last.map(|last| {
                if last.ty == Type::Unit || is_statement(last) {
                    body.statement(last)
                } else {
                    body.value(last).tokens()
                }
            });
            quote! { #(#statements)* #last }
        })
    }

    /// The content of a block whose value is not asked for.
    pub(crate) fn statements(&mut self, expr: &'a Expr) -> TokenStream {
        self.scoped(|body| {
            let (statements, last) = body.split(expr);
            let last = last.map(|last| body.statement(last));
            quote! { #(#statements)* #last }
        })
    }

    /// The content of a block whose value is the result of the function, closure or `try` around.
    pub(crate) fn result(&mut self, expr: &'a Expr) -> TokenStream {
        self.scoped(|body| {
            let (statements, last) = body.split(expr);
            let last = match last {
                Some(last) => body.result_of(last),
                None => body.settle_unit(TokenStream::new()),
            };
            quote! { #(#statements)* #last }
        })
    }

    /// All but the last expression of a block as statements, and the last one.
    fn split(&mut self, expr: &'a Expr) -> (Vec<TokenStream>, Option<&'a Expr>) {
        let mut statements = Vec::new();
        let mut last = Some(expr);
        // A block at the end of a block is the same scope unless it declares something anew, which gets a name of its own.
        while let Some(Expr { kind: ExprKind::Block(exprs), .. }) = last {
            let Some((end, before)) = exprs.split_last() else {
                last = None;
                break;
            };
            for expr in before {
                let mark = self.mark(expr);
                let statement = self.known(|body| body.statement(expr));
                statements.push(quote! { #mark #statement });
            }
            last = Some(end);
        }
        if let Some(last) = last
            && !statements.is_empty()
        {
            statements.push(self.mark(last));
        }
        (statements, last)
    }

    /// Remembers where the next line of generated code comes from.
    fn mark(&self, expr: &Expr) -> TokenStream {
        crate::file::mark(expr.span)
    }

    /// An expression for its effects.
    pub(crate) fn statement(&mut self, expr: &'a Expr) -> TokenStream {
        match &expr.kind {
            ExprKind::Unit
            | ExprKind::Nil
            | ExprKind::Local(_)
            | ExprKind::Bool(_)
            | ExprKind::Int(_)
            | ExprKind::Float(_)
            | ExprKind::Str(_) => TokenStream::new(),
            ExprKind::Let { local, value } => self.declaration(*local, value),
            ExprKind::Assign { place, value } => self.assign(place, value),
            // A constant computes itself when it is first asked for.
            ExprKind::Init(global) if crate::items::ready(self.unit, *global).is_none() => TokenStream::new(),
            ExprKind::Block(_) => {
                let inner = self.statements(expr);
                quote! { { #inner } }
            }
            ExprKind::While { .. } | ExprKind::For { .. } | ExprKind::Loop { .. } => self.repeat(expr),
            ExprKind::If { .. }
            | ExprKind::SwitchEnum { .. }
            | ExprKind::SwitchOption { .. }
            | ExprKind::SwitchLiteral { .. } => self.decide(expr, Body::statements),
            _ => {
                let code = self.place(expr).tokens();
                let quiet = matches!(expr.ty, Type::Unit | Type::Never | Type::Handle(_))
                    || matches!(
                        expr.kind,
                        ExprKind::Return(_) | ExprKind::Break { .. } | ExprKind::Continue(_) | ExprKind::Throw(_)
                    );
                if quiet {
                    quote! { #code; }
                } else {
                    quote! { let _ = #code; }
                }
            }
        }
    }

    fn declaration(&mut self, local: LocalId, value: &'a Expr) -> TokenStream {
        let value_tokens = self.value(value).tokens();
        let kind = self.function.locals.get(local.0 as usize).map_or(LocalKind::Let, |local| local.kind);
        if kind == LocalKind::Shared {
            let name = self.declare(local, Form::Cell);
            let ty = open_ended(value).then(|| self.unit.ty(self.local_ty(local))).map(|ty| quote! { : Shared<#ty> });
            return quote! { let #name #ty = Shared::new(#value_tokens); };
        }
        let name = self.declare(local, Form::Owned);
        let ty = open_ended(value).then(|| self.unit.ty(self.local_ty(local))).map(|ty| quote! { : #ty });
        let mutable = self.facts.is_assigned(local).then(|| quote! { mut });
        quote! { let #mutable #name #ty = #value_tokens; }
    }

    /// A thrown error in the right place: passed on, or unwinding where nothing is expected to be thrown.
    pub(crate) fn propagate(&self, result: &TokenStream) -> Code {
        if self.throws() { Code::postfix(quote! { #result? }) } else { Code::postfix(quote! { settled(#result) }) }
    }
}

/// A value out of a place: copied, moved or cloned.
fn owned(read: Code, ty: &Type, moves: bool) -> Code {
    if is_copy(ty) {
        return read.place();
    }
    if moves && !read.is_reference() {
        return read;
    }
    let read = read.receiver();
    Code::postfix(quote! { #read.clone() })
}

/// Whether an expression has no value that Rust could take from it.
fn is_statement(expr: &Expr) -> bool {
    matches!(expr.kind, ExprKind::Let { .. } | ExprKind::Assign { .. } | ExprKind::While { .. } | ExprKind::For { .. })
}

/// Whether Rust cannot tell the type of a variable from such a value alone.
fn open_ended(value: &Expr) -> bool {
    match &value.kind {
        ExprKind::Nil | ExprKind::Int(_) => true,
        ExprKind::List(items) => items.first().is_none_or(open_ended),
        ExprKind::Map(entries) => entries.first().is_none_or(|(key, value)| open_ended(key) || open_ended(value)),
        ExprKind::Some(inner) => open_ended(inner),
        ExprKind::Tuple(items) => items.iter().any(open_ended),
        ExprKind::Variant { args, .. } => {
            matches!(value.ty, Type::Enum(_)) && args.iter().any(open_ended) || args.len() == 1
        }
        ExprKind::Block(exprs) => exprs.last().is_some_and(open_ended),
        ExprKind::If { then, else_, .. } => open_ended(then) || else_.as_deref().is_some_and(open_ended),
        ExprKind::SwitchOption { some, none, .. } => open_ended(some) || open_ended(none),
        ExprKind::SwitchEnum { cases, default, .. } => {
            cases.iter().any(|case| open_ended(&case.body)) || default.as_deref().is_some_and(open_ended)
        }
        ExprKind::Prim { args, .. } => value.ty == Type::Int && args.iter().all(open_ended),
        _ => false,
    }
}

fn int_literal(n: i64) -> Code {
    let literal = Literal::i64_unsuffixed(n);
    if n == i64::MIN {
        return Code::postfix(quote! { i64::MIN });
    }
    Code::new(if n < 0 { Level::Unary } else { Level::Postfix }, quote! { #literal })
}

fn float_literal(x: f64) -> Code {
    if x.is_nan() {
        return Code::postfix(quote! { f64::NAN });
    }
    if x.is_infinite() {
        return if x > 0.0 {
            Code::postfix(quote! { f64::INFINITY })
        } else {
            Code::postfix(quote! { f64::NEG_INFINITY })
        };
    }
    let literal = Literal::f64_unsuffixed(x);
    Code::new(if x.is_sign_negative() { Level::Unary } else { Level::Postfix }, quote! { #literal })
}

fn text_literal(text: &str) -> Code {
    if text.is_empty() { Code::postfix(quote! { Str::new() }) } else { Code::postfix(quote! { Str::from(#text) }) }
}

fn wrapped(unit: &str, amount: i64) -> Code {
    let (unit, amount) = (ident(unit), Literal::i64_unsuffixed(amount));
    Code::postfix(quote! { #unit(#amount) })
}

/// Fields that middleware adds to requests.
impl<'a> Body<'a> {
    fn request_field(&mut self, request: &'a Expr, index: u32) -> Code {
        let (request, field) = (self.place(request).receiver(), self.request_field_name(index));
        let fields = self.unit.mention(ident("RequestFields"));
        Code::postfix(quote! { #request.with_fields(|fields: &mut #fields| fields.#field.clone()) })
    }

    fn set_request_field(&mut self, request: &'a Expr, index: u32, value: &'a Expr) -> Code {
        let (request, field) = (self.place(request).receiver(), self.request_field_name(index));
        let fields = self.unit.mention(ident("RequestFields"));
        let is_option = matches!(value.ty, Type::Option(_) | Type::Any | Type::Unit);
        let value = self.value(value).tokens();
        let value = if is_option {
            value
        } else {
            quote! { Some(#value) }
        };
        let name = self.temporary("value");
        Code::new(
            Level::Block,
            quote! { { let #name = #value; #request.with_fields(|fields: &mut #fields| fields.#field = #name); } },
        )
    }

    fn request_field_name(&self, index: u32) -> Ident {
        let tova_ir::Home::Server(server) = self.function.home else { return ident("missing_field") };
        let fields = self
            .unit
            .program
            .servers
            .get(server as usize)
            .map(|server| server.request_fields.as_slice())
            .unwrap_or_default();
        ident(&fields.get(index as usize).map_or_else(|| "missing_field".to_owned(), |field| snake(&field.name)))
    }
}
