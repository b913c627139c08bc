//! Calls: of functions, function values and intrinsics; and function values themselves.

use proc_macro2::{Ident, TokenStream};
use quote::quote;
use tova_ir::{Closure, Expr, ExprKind, FnId, FnType, GlobalId, LocalId, Type};

use crate::body::{Body, Form, Frame, Variable};
use crate::code::{Code, Level};
use crate::facts::Mode;
use crate::intrinsic::{self, Arg, Gives, Intrinsic, is_copy};
use crate::names::ident;
use crate::unit::fn_ident;

impl<'a> Body<'a> {
    /// A call as a value.
    pub(crate) fn call(&mut self, expr: &'a Expr) -> Code {
        if let ExprKind::Throw(error) = &expr.kind {
            return self.throw(error);
        }
        if let ExprKind::Intrinsic { name, args } = &expr.kind
            && name == "throw"
            && let Some(message) = args.first()
        {
            let message = self.value(message).tokens();
            return self.throw_tokens(&quote! { throw(#message) });
        }
        if let ExprKind::CallValue { callee, args } = &expr.kind
            && !self.throws()
        {
            let (callee, args) = self.callee(callee, args);
            return self.ended(Code::postfix(quote! { #callee.apply(#args) }), &expr.ty);
        }
        if let Some(result) = self.fallible(expr) {
            let code = self.propagate(&result);
            return self.ended(code, &expr.ty);
        }
        let code = match &expr.kind {
            ExprKind::Call { function, args } => {
                let name = self.unit.function_name(*function);
                let args = self.owned_args(args);
                Code::postfix(quote! { #name(#args) })
            }
            ExprKind::Await(inner) => self.await_(inner),
            ExprKind::Intrinsic { name, args } => self.intrinsic(name, args, expr),
            ExprKind::Rpc { rpc, args } => self.local_rpc(*rpc, args),
            _ => Code::postfix(quote! { () }),
        };
        self.ended(code, &expr.ty)
    }

    /// A value of the type without values never comes.
    fn ended(&self, code: Code, ty: &Type) -> Code {
        if *ty != Type::Never {
            return code;
        }
        let call = code.tokens();
        // What diverges in Rust too needs no more.
        if call.to_string().starts_with("fault (") {
            return Code::postfix(call);
        }
        Code::new(Level::Block, quote! { match #call {} })
    }

    fn throw(&mut self, error: &'a Expr) -> Code {
        let error = self.value(error).tokens();
        self.throw_tokens(&error)
    }

    fn throw_tokens(&self, error: &TokenStream) -> Code {
        if self.throws() {
            Code::new(Level::Jump, quote! { return Err(#error) })
        } else {
            Code::postfix(quote! { #error.raise() })
        }
    }

    fn await_(&mut self, inner: &'a Expr) -> Code {
        match &inner.kind {
            ExprKind::Call { function, .. }
                if self.unit.function(*function).is_some_and(|function| function.effects.is_async) =>
            {
                let call = self.value(inner).tokens();
                Code::postfix(quote! { #call.await })
            }
            ExprKind::Intrinsic { name, .. } if intrinsic::is_future(name) => {
                let call = self.value(inner).tokens();
                Code::postfix(quote! { #call.await })
            }
            _ => self.value(inner),
        }
    }

    /// What gives a `Result` by itself, without a `?`.
    pub(crate) fn fallible(&mut self, expr: &'a Expr) -> Option<TokenStream> {
        match &expr.kind {
            ExprKind::Call { function, args } => {
                let effects = self.unit.function(*function)?.effects;
                if !effects.throws || effects.is_async {
                    return None;
                }
                let name = self.unit.function_name(*function);
                let args = self.owned_args(args);
                Some(quote! { #name(#args) })
            }
            ExprKind::CallValue { callee, args } => {
                let is_async = matches!(&callee.ty, Type::Fn(function) if function.is_async);
                if is_async {
                    return None;
                }
                let (callee, args) = self.callee(callee, args);
                Some(quote! { #callee.call(#args) })
            }
            ExprKind::Await(inner) => self.fallible_await(inner),
            ExprKind::Throw(error) if self.throws() => {
                let error = self.value(error).tokens();
                Some(quote! { Err(#error) })
            }
            ExprKind::Intrinsic { name, args } => self.fallible_intrinsic(name, args, expr),
            ExprKind::FromAny(inner) => {
                let ty = self.unit.ty(&expr.ty);
                let inner = self.place(inner).text();
                Some(quote! { decode::<#ty>(#inner) })
            }
            ExprKind::Query { model, query } => Some(self.query(*model, query)),
            _ => None,
        }
    }

    fn fallible_await(&mut self, inner: &'a Expr) -> Option<TokenStream> {
        match &inner.kind {
            ExprKind::Call { function, args } => {
                let effects = self.unit.function(*function)?.effects;
                if !effects.is_async {
                    return self.fallible(inner);
                }
                if !effects.throws {
                    return None;
                }
                let name = self.unit.function_name(*function);
                let args = self.owned_args(args);
                Some(quote! { #name(#args).await })
            }
            ExprKind::CallValue { callee, args } if matches!(&callee.ty, Type::Fn(function) if function.is_async) => {
                let (callee, args) = self.callee(callee, args);
                Some(quote! { #callee.call(#args).await })
            }
            _ => self.fallible(inner),
        }
    }

    fn callee(&mut self, callee: &'a Expr, args: &'a [Expr]) -> (TokenStream, TokenStream) {
        let callee = self.place(callee).receiver();
        (callee, self.owned_args(args))
    }

    fn owned_args(&mut self, args: &'a [Expr]) -> TokenStream {
        let args: Vec<_> = self.known(|this| args.iter().map(|arg| this.value(arg).tokens()).collect());
        quote! { #(#args),* }
    }

    fn fallible_intrinsic(&mut self, name: &str, args: &'a [Expr], expr: &'a Expr) -> Option<TokenStream> {
        if name == "throw" {
            let message = self.value(args.first()?).tokens();
            return self.throws().then(|| quote! { Err(throw(#message)) });
        }
        let intrinsic = intrinsic::find(name)?;
        if !matches!(intrinsic.gives, Gives::Result | Gives::ResultOfExpected) {
            return None;
        }
        let turbofish = (intrinsic.gives == Gives::ResultOfExpected).then(|| {
            let ty = self.unit.ty(&expr.ty);
            quote! { ::<#ty> }
        });
        Some(self.written(&intrinsic, args, turbofish).tokens())
    }

    fn intrinsic(&mut self, name: &str, args: &'a [Expr], expr: &'a Expr) -> Code {
        let Some(intrinsic) = intrinsic::find(name) else {
            return Code::postfix(quote! { fault("only the page has this") });
        };
        if name == "panic" {
            return self.panic(args);
        }
        if matches!(name, "option.unwrap" | "option.expect")
            && args.first().is_some_and(|arg| !matches!(arg.ty, Type::Option(_)))
        {
            return args.first().map_or_else(|| Code::postfix(quote! { () }), |arg| self.value(arg));
        }
        let code = self.written(&intrinsic, args, None);
        if intrinsic.gives == Gives::OptionOfElement {
            let item = args.first().map(|list| &list.ty);
            return Code::postfix(flattened(code, item.and_then(element)));
        }
        let _ = expr;
        code
    }

    fn panic(&mut self, args: &'a [Expr]) -> Code {
        let Some(message) = args.first() else { return Code::postfix(quote! { fault("") }) };
        let message = match &message.kind {
            ExprKind::Str(text) => {
                let text = text.as_str();
                quote! { #text }
            }
            _ => self.place(message).tokens(),
        };
        Code::postfix(quote! { fault(#message) })
    }

    /// The call of an intrinsic.
    fn written(&mut self, intrinsic: &Intrinsic, args: &'a [Expr], turbofish: Option<TokenStream>) -> Code {
        match intrinsic.form {
            intrinsic::Form::Function(path) => {
                let path = path_of(path);
                let args = self.args(intrinsic.args, args);
                Code::postfix(quote! { #path #turbofish(#(#args),*) })
            }
            intrinsic::Form::Method(name) => {
                let name = ident(name);
                let Some((first, rest)) = args.split_first() else { return Code::postfix(quote! { () }) };
                let (mode, modes) =
                    intrinsic.args.split_first().map_or((Arg::Ref, intrinsic.args), |(mode, modes)| (*mode, modes));
                let mode = if mode == Arg::Value { Mode::Owned } else { Mode::Borrowed };
                let first = self.before(Some(rest), |this| this.operand(first, mode).receiver());
                let rest = self.args(modes, rest);
                Code::postfix(quote! { #first.#name(#(#rest),*) })
            }
            intrinsic::Form::Print => self.print(args),
            intrinsic::Form::Callback(name) => {
                let name = ident(name);
                let [object, callback] = args else { return Code::postfix(quote! { () }) };
                let object = self.place(object).receiver();
                let callback = self.value(callback).tokens();
                Code::postfix(quote! { #object.#name(#callback) })
            }
            intrinsic::Form::Throw => Code::postfix(quote! { () }),
        }
    }

    fn args(&mut self, modes: &[Arg], args: &'a [Expr]) -> Vec<TokenStream> {
        let modes = modes.iter().copied().chain(std::iter::repeat(Arg::Ref));
        let each = args.iter().zip(modes).enumerate();
        each.map(|(at, (arg, mode))| self.before(args.get(at + 1..), |this| this.arg(arg, mode))).collect()
    }

    fn arg(&mut self, arg: &'a Expr, mode: Arg) -> TokenStream {
        match (mode, &arg.kind) {
            (Arg::Value, _) => self.value(arg).tokens(),
            (Arg::Text, ExprKind::Str(text)) => {
                let text = text.as_str();
                quote! { #text }
            }
            (Arg::Text, _) => self.place(arg).text(),
            (Arg::Ref, _) => self.unknown(arg).borrowed(),
        }
    }

    fn print(&mut self, args: &'a [Expr]) -> Code {
        let args: Vec<_> = args
            .iter()
            .enumerate()
            .map(|(at, arg)| match &arg.kind {
                ExprKind::Str(text) => {
                    let text = text.as_str();
                    quote! { &#text }
                }
                ExprKind::ToAny(inner) | ExprKind::Display(inner) => {
                    self.before(args.get(at + 1..), |this| this.unknown(inner).borrowed())
                }
                _ => self.before(args.get(at + 1..), |this| this.unknown(arg).borrowed()),
            })
            .collect();
        Code::postfix(quote! { print(&[#(#args),*]) })
    }

    /// A known function as a value.
    pub(crate) fn fn_value(&self, id: FnId, ty: &Type) -> Code {
        let (Type::Fn(fn_ty), Some(function)) = (ty, self.unit.function(id)) else {
            return Code::postfix(quote! { () });
        };
        let (kind, name) = (fn_ident(fn_ty), self.unit.function_name(id));
        let shown = function.name.as_str();
        let params: Vec<Ident> = (0..fn_ty.params.len()).map(|at| ident(&format!("arg_{at}"))).collect();
        let types = fn_ty.params.iter().map(|param| self.unit.ty(param));
        let call = quote! { #name(#(#params),*) };
        let run = match (fn_ty.is_async, function.effects.is_async, function.effects.throws) {
            (false, _, true) => quote! { #name },
            (false, _, false) => quote! { |#(#params: #types),*| Ok(#call) },
            (true, true, true) => quote! { |#(#params: #types),*| Box::pin(#call) },
            (true, true, false) => quote! { |#(#params: #types),*| Box::pin(async move { Ok(#call.await) }) },
            (true, false, true) => quote! { |#(#params: #types),*| Box::pin(async move { #call }) },
            (true, false, false) => quote! { |#(#params: #types),*| Box::pin(async move { Ok(#call) }) },
        };
        Code::postfix(quote! { #kind::new(#run).named(#shown) })
    }

    /// A closure: takes copies of what it captures.
    pub(crate) fn closure(&mut self, closure: &'a Closure, ty: &Type) -> Code {
        let Type::Fn(fn_ty) = ty else { return Code::postfix(quote! { () }) };
        let mut copies = TokenStream::new();
        let mut inner_forms = Vec::new();
        for local in &closure.captures {
            let Variable { name, form } = self.variable(*local);
            let is_plain_copy = form == Form::Owned && is_copy(self.local_ty(*local));
            if form == Form::Ref && is_copy(self.local_ty(*local)) {
                copies.extend(quote! { let #name = *#name; });
            } else if !is_plain_copy && (form == Form::Ref || !self.facts.moves_into(closure, *local)) {
                copies.extend(quote! { let #name = #name.clone(); });
            }
            inner_forms
                .push((*local, Variable { name, form: if form == Form::Cell { Form::Cell } else { Form::Owned } }));
        }
        let outer: Vec<_> = inner_forms.iter().map(|(local, _)| (*local, self.variable(*local))).collect();
        self.variables.extend(inner_forms);
        let run = self.scoped(|this| this.closure_body(closure, fn_ty));
        self.variables.extend(outer);
        let kind = fn_ident(fn_ty);
        if copies.is_empty() {
            return Code::postfix(quote! { #kind::new(#run) });
        }
        Code::new(Level::Block, quote! { { #copies #kind::new(#run) } })
    }

    fn closure_body(&mut self, closure: &'a Closure, fn_ty: &FnType) -> TokenStream {
        let params: Vec<_> =
            closure.params.iter().map(|param| (self.declare(*param, Form::Owned), self.param_ty(*param))).collect();
        let (names, types): (Vec<_>, Vec<_>) = params.into_iter().unzip();
        let muts: Vec<_> =
            closure.params.iter().map(|param| self.facts.is_assigned(*param).then(|| quote! { mut })).collect();
        let frame = Frame { throws: true, ret: &closure.ret, exits: None };
        let cells = self.cells(&closure.params);
        let nest = std::mem::take(&mut self.nest);
        let inner = self.framed(frame, |this| this.result(&closure.body));
        self.nest = nest;
        let params = quote! { |#(#muts #names: #types),*| };
        if !fn_ty.is_async {
            return quote! { move #params { #cells #inner } };
        }
        let copies = closure
            .captures
            .iter()
            .filter(|local| !is_copy(self.local_ty(**local)) || self.variable(**local).form == Form::Cell)
            .map(|local| {
                let name = self.variable(*local).name;
                quote! { let #name = #name.clone(); }
            });
        quote! { move #params { #(#copies)* Box::pin(async move { #cells #inner }) } }
    }

    /// The type of a parameter.
    pub(crate) fn param_ty(&self, param: LocalId) -> TokenStream {
        self.unit.ty(self.local_ty(param))
    }

    /// Puts parameters that are shared with closures into cells.
    pub(crate) fn cells(&mut self, params: &[LocalId]) -> TokenStream {
        let mut cells = TokenStream::new();
        for param in params {
            let is_shared = self
                .function
                .locals
                .get(param.0 as usize)
                .is_some_and(|local| local.kind == tova_ir::LocalKind::Shared);
            if is_shared {
                let name = self.variable(*param).name;
                cells.extend(quote! { let #name = Shared::new(#name); });
                self.variables.insert(*param, Variable { name, form: Form::Cell });
            }
        }
        cells
    }

    /// A call over the wire that stays in this server.
    fn local_rpc(&mut self, rpc: tova_ir::RpcId, args: &'a [Expr]) -> Code {
        let Some(rpc) = self.unit.program.rpcs.get(rpc.0 as usize) else { return Code::postfix(quote! { () }) };
        let name = self.unit.function_name(rpc.function);
        let effects = self.unit.function(rpc.function).map(|function| function.effects).unwrap_or_default();
        let args = self.owned_args(args);
        let wait = effects.is_async.then(|| quote! { .await });
        let call = quote! { #name(#args) #wait };
        if effects.throws { self.propagate(&call) } else { Code::postfix(call) }
    }

    /// `Init` of a script's global.
    pub(crate) fn init_global(&mut self, global: GlobalId) -> Code {
        let Some((init, effects)) =
            self.unit.global(global).and_then(|global| Some((global.init, self.unit.function(global.init)?.effects)))
        else {
            return Code::postfix(quote! { () });
        };
        if !self.unit.is_state(global) || crate::items::is_inline(self.unit, global) {
            return crate::items::ready(self.unit, global).unwrap_or_else(|| Code::postfix(quote! { () }));
        }
        let (name, init) = (self.unit.global_name(global), self.unit.function_name(init));
        let wait = effects.is_async.then(|| quote! { .await });
        let call = quote! { #init() #wait };
        let value = if effects.throws { self.propagate(&call).tokens() } else { call };
        Code::postfix(quote! { #name.set(#value) })
    }
}

/// A path with `::`.
fn path_of(path: &str) -> TokenStream {
    let parts = path.split("::").map(ident);
    quote! { #(#parts)::* }
}

/// The element type of a list.
pub(crate) fn element(ty: &Type) -> Option<&Type> {
    if let Type::List(item) = ty { Some(item) } else { None }
}

/// An option of an element as the option that the language has: of options and dynamic data there is none.
pub(crate) fn flattened(code: Code, item: Option<&Type>) -> TokenStream {
    let code = code.receiver();
    match item {
        Some(Type::Option(_)) => quote! { #code.flatten() },
        Some(Type::Any | Type::Unit) => quote! { #code.unwrap_or_default() },
        _ => code,
    }
}
