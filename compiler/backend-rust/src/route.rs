//! The glue between requests and functions: arguments in, replies out.

use proc_macro2::{Ident, TokenStream};
use quote::quote;
use tova_ir::{ArgSource, FnId, Function, Middleware, MiddlewareStyle, ReplyKind, Route, Rpc, SocketRoute, Type};

use crate::file::Place;
use crate::names::{ident, snake};
use crate::service::{Glue, is_stateful};
use crate::unit::{Unit, fn_ident};

/// `.route(…)`
pub(crate) fn route(glue: &mut Glue<'_>, route: &Route) -> TokenStream {
    let Some(function) = glue.unit.function(route.handler) else { return TokenStream::new() };
    let name = free_name(glue, &format!("{} {}", route.method, route.path));
    let docs = format!(" `route {} \"{}\"`", route.method, route.path);
    let (before, args) = route_args(glue.unit, route, function);
    let reply = match glue.unit.writer_name(route.handler) {
        Some(writer) if args.is_empty() => quote! { Reply::try_json(#writer) },
        Some(writer) => quote! { Reply::try_json(|out| #writer(out #(, #args)*)) },
        None => reply(glue.unit, &function.ret, route.reply, call(glue.unit, route.handler, function, &args)),
    };
    let uses_ctx = !route.args.is_empty();
    let tokens = handler(&name, &docs, function.effects.is_async, uses_ctx, &quote! { #before #reply });
    glue.add(&name, Place::Module("routes", route.span), tokens);
    let (method, path, handler) =
        (route.method.as_str(), route.path.as_str(), handler_value(glue.unit, &name, route.handler));
    if route.guards.is_empty() {
        return quote! { .route(#method, #path, #handler) };
    }
    let guards: Vec<_> = route.guards.iter().map(|guard| glue.middleware(guard)).collect();
    quote! { .guarded(#method, #path, &[#(#guards),*], #handler) }
}

/// `.rpc(…)`
pub(crate) fn rpc(glue: &mut Glue<'_>, rpc: &Rpc) -> TokenStream {
    let Some(function) = glue.unit.function(rpc.function) else { return TokenStream::new() };
    let name = free_name(glue, &format!("rpc {}", rpc.name));
    let docs = format!(" `POST /rpc/{}`", rpc.name);
    let names: Vec<&str> = rpc.params.iter().map(|param| param.name.as_str()).collect();
    let (before, args) = taken(&quote! { of_rpc }, true, function.effects.is_async, &names, &vec![None; names.len()]);
    let reply = match glue.unit.writer_name(rpc.function) {
        Some(writer) if args.is_empty() => quote! { Reply::try_result(#writer) },
        Some(writer) => quote! { Reply::try_result(|out| #writer(out #(, #args)*)) },
        None => rpc_reply(&function.ret, rpc.reply, call(glue.unit, rpc.function, function, &args)),
    };
    let tokens = handler(&name, &docs, function.effects.is_async, !names.is_empty(), &quote! { #before #reply });
    glue.add(&name, Place::Module("routes", function.span), tokens);
    let (wire, handler) = (rpc.name.as_str(), handler_value(glue.unit, &name, rpc.function));
    if rpc.guards.is_empty() {
        return quote! { .rpc(#wire, #handler) };
    }
    let guards: Vec<_> = rpc.guards.iter().map(|guard| glue.middleware(guard)).collect();
    quote! { .guarded_rpc(#wire, &[#(#guards),*], #handler) }
}

/// `.socket(…)`
pub(crate) fn socket(glue: &mut Glue<'_>, socket: &SocketRoute) -> TokenStream {
    let Some(function) = glue.unit.function(socket.handler) else { return TokenStream::new() };
    let name = free_name(glue, &format!("socket {}", socket.path));
    let docs = format!(" `route WS \"{}\"`", socket.path);
    let args = if function.params.is_empty() { Vec::new() } else { vec![quote! { ws }] };
    let param = ident(if args.is_empty() { "_ws" } else { "ws" });
    let call = call(glue.unit, socket.handler, function, &args);
    let run = if function.ret == Type::Unit && function.effects.throws {
        let result = call.result;
        if function.effects.is_async {
            result
        } else {
            quote! { #result }
        }
    } else {
        let value = call.value();
        quote! { #value; Ok(()) }
    };
    let tokens = quote! {
        #[doc = #docs]
        pub fn #name(#param: Socket) -> Pending<Result<(), Fault>> {
            Box::pin(async move { #run })
        }
    };
    glue.add(&name, Place::Module("routes", socket.span), tokens);
    let (path, stateful) = (socket.path.as_str(), is_stateful(glue.unit, socket.handler));
    if socket.guards.is_empty() {
        return quote! { .socket(#path, #name, #stateful) };
    }
    let guards: Vec<_> = socket.guards.iter().map(|guard| glue.middleware(guard)).collect();
    quote! { .guarded_socket(#path, &[#(#guards),*], #name, #stateful) }
}

/// `.on_error(…)`
pub(crate) fn on_error(glue: &mut Glue<'_>, id: FnId) -> TokenStream {
    let Some(function) = glue.unit.function(id) else { return TokenStream::new() };
    let name = free_name(glue, "on error");
    let args: Vec<_> = param_types(function).map(|ty| handle_arg(ty).unwrap_or_else(|| quote! { fault })).collect();
    let takes_fault = param_types(function).any(|ty| handle_arg(ty).is_none());
    let takes_ctx = param_types(function).any(|ty| handle_arg(ty).is_some());
    let (ctx, fault) =
        (ident(if takes_ctx { "ctx" } else { "_ctx" }), ident(if takes_fault { "fault" } else { "_fault" }));
    let call = call(glue.unit, id, function, &args);
    let kind = if matches!(&function.ret, Type::Handle(_)) { ReplyKind::Reply } else { ReplyKind::Value };
    let reply = if function.ret == Type::Unit {
        let value = call.value();
        quote! { #value; Ok(Reply::empty()) }
    } else {
        reply(glue.unit, &function.ret, kind, call)
    };
    let tokens = quote! {
        /// `on_error`
        pub fn #name(#ctx: Ctx, #fault: Fault) -> Pending<Answer> {
            Box::pin(async move { #reply })
        }
    };
    glue.add(&name, Place::Module("routes", function.span), tokens);
    quote! { .on_error(#name) }
}

/// The function behind a middleware.
pub(crate) fn middleware(unit: &Unit<'_>, middleware: &Middleware, name: &Ident) -> TokenStream {
    let Some(function) = unit.function(middleware.function) else { return TokenStream::new() };
    let docs = format!(" `middleware {}`", middleware.name);
    let args: Vec<_> = param_types(function)
        .map(|ty| next_arg(ty).or_else(|| handle_arg(ty)).unwrap_or_else(|| quote! { () }))
        .collect();
    let call = call(unit, middleware.function, function, &args);
    if middleware.style == MiddlewareStyle::Around {
        let kind = if matches!(&function.ret, Type::Handle(_)) { ReplyKind::Reply } else { ReplyKind::Value };
        let reply = reply(unit, &function.ret, kind, call);
        return quote! {
            #[doc = #docs]
            pub fn #name(ctx: Ctx, next: Next) -> Pending<Answer> {
                Box::pin(async move { #reply })
            }
        };
    }
    let flow = flow(&function.ret, call);
    let ctx = ident(if args.is_empty() { "_ctx" } else { "ctx" });
    if function.effects.is_async {
        return quote! {
            #[doc = #docs]
            pub fn #name(#ctx: Ctx) -> Pending<Result<Flow, Fault>> {
                Box::pin(async move { #flow })
            }
        };
    }
    quote! {
        #[doc = #docs]
        pub fn #name(#ctx: &Ctx) -> Result<Flow, Fault> { #flow }
    }
}

/// What a result of `(req, res)` middleware means.
fn flow(ret: &Type, call: Call) -> TokenStream {
    let value = call.value();
    match ret {
        Type::Unit => quote! { #value; Ok(Flow::Continue) },
        Type::Never => quote! { match #value {} },
        Type::Option(item) if matches!(&**item, Type::Handle(_)) => {
            quote! { Ok(#value.map_or(Flow::Continue, Flow::Reply)) }
        }
        Type::Option(_) => quote! { Ok(Flow::ended_by(#value.as_ref())) },
        Type::Any => quote! { let value = #value; Ok(Flow::ended_by((value != Any::Nil).then_some(&value))) },
        Type::Handle(_) => quote! { Ok(Flow::Reply(#value)) },
        _ => quote! { Ok(Flow::ended_by(Some(&#value))) },
    }
}

/// A call of a function of the program.
struct Call {
    /// The call, awaited; a `Result` if it throws.
    result: TokenStream,
    throws: bool,
}

impl Call {
    /// The value, with what is thrown passed on.
    fn value(&self) -> TokenStream {
        let result = &self.result;
        if self.throws {
            quote! { #result? }
        } else {
            quote! { #result }
        }
    }

    /// The call as an `Answer` already.
    fn answer(self) -> TokenStream {
        let result = self.result;
        if self.throws {
            result
        } else {
            quote! { Ok(#result) }
        }
    }
}

fn call(unit: &Unit<'_>, id: FnId, function: &Function, args: &[TokenStream]) -> Call {
    let name = unit.function_name(id);
    let wait = function.effects.is_async.then(|| quote! { .await });
    Call { result: quote! { #name(#(#args),*) #wait }, throws: function.effects.throws }
}

fn reply(unit: &Unit<'_>, ret: &Type, kind: ReplyKind, call: Call) -> TokenStream {
    let value = call.value();
    match (kind, ret) {
        (_, Type::Never) => quote! { match #value {} },
        (ReplyKind::Value, Type::Unit) => quote! { #value; Ok(Reply::no_content()) },
        (ReplyKind::Reply, _) => call.answer(),
        (ReplyKind::Found, Type::Option(_)) => quote! { Reply::found(#value.as_ref()) },
        (ReplyKind::Result, Type::Enum(id)) => {
            let variants =
                unit.program.enums.get(id.0 as usize).map(|enum_| enum_.variants.as_slice()).unwrap_or_default();
            let is_fault = |ty: &Type| matches!(ty, Type::Record(id) if unit.program.error == Some(*id));
            if variants.get(1).and_then(|variant| variant.fields.first()).is_some_and(|field| is_fault(&field.ty)) {
                quote! { Ok(Reply::json(&#value?)) }
            } else {
                quote! { Reply::outcome(&#value) }
            }
        }
        _ => quote! { Ok(Reply::json(&#value)) },
    }
}

fn rpc_reply(ret: &Type, kind: ReplyKind, call: Call) -> TokenStream {
    let value = call.value();
    match (kind, ret) {
        (_, Type::Never) => quote! { match #value {} },
        (_, Type::Unit) => quote! { #value; Ok(Reply::result(&())) },
        (ReplyKind::Reply, _) => call.answer(),
        (ReplyKind::Found, Type::Option(_)) => quote! { Reply::found_result(#value.as_ref()) },
        _ => quote! { Ok(Reply::result(&#value)) },
    }
}

/// A handler around its content.
fn handler(name: &Ident, docs: &str, is_async: bool, uses_ctx: bool, content: &TokenStream) -> TokenStream {
    let ctx = ident(if uses_ctx { "ctx" } else { "_ctx" });
    if is_async {
        return quote! {
            #[doc = #docs]
            pub fn #name(#ctx: Ctx) -> Pending<Answer> {
                Box::pin(async move { #content })
            }
        };
    }
    quote! {
        #[doc = #docs]
        pub fn #name(#ctx: &Ctx) -> Answer { #content }
    }
}

fn handler_value(unit: &Unit<'_>, name: &Ident, id: FnId) -> TokenStream {
    let is_async = unit.function(id).is_some_and(|function| function.effects.is_async);
    let stateful = is_stateful(unit, id).then(|| quote! { .stateful() });
    if is_async {
        quote! { Handler::suspending(#name) #stateful }
    } else {
        quote! { Handler::sync(#name) #stateful }
    }
}

/// Statements that take the arguments, and the arguments.
fn route_args(unit: &Unit<'_>, route: &Route, function: &Function) -> (TokenStream, Vec<TokenStream>) {
    let mut names: Vec<&str> = Vec::new();
    let mut defaults = Vec::new();
    let mut args = Vec::new();
    for source in &route.args {
        match source {
            ArgSource::Request => args.push(quote! { ctx.req.clone() }),
            ArgSource::Response => args.push(quote! { ctx.res.clone() }),
            ArgSource::Path(name) | ArgSource::Named { name, .. } => {
                let default = if let ArgSource::Named { default, .. } = source { *default } else { None };
                names.push(name);
                defaults.push(default.map(|default| {
                    let throws = unit.function(default).is_some_and(|function| function.effects.throws);
                    let name = unit.function_name(default);
                    if throws {
                        quote! { settled(#name()) }
                    } else {
                        quote! { #name() }
                    }
                }));
                let name = arg_name(name);
                args.push(quote! { #name });
            }
            ArgSource::Body => {
                names.push("");
                defaults.push(None);
                args.push(quote! { body });
            }
        }
    }
    let is_path_only =
        route.args.iter().all(|source| matches!(source, ArgSource::Path(_) | ArgSource::Request | ArgSource::Response));
    let make = if is_path_only {
        quote! { of_path }
    } else {
        quote! { of_request }
    };
    let (before, _) = taken(&make, !is_path_only, function.effects.is_async, &names, &defaults);
    (before, args)
}

/// Takes arguments by name; the empty name is the whole body.
fn taken(
    make: &TokenStream,
    may_fail: bool,
    is_async: bool,
    names: &[&str],
    defaults: &[Option<TokenStream>],
) -> (TokenStream, Vec<TokenStream>) {
    if names.is_empty() {
        return (TokenStream::new(), Vec::new());
    }
    let ctx = if is_async {
        quote! { &ctx }
    } else {
        quote! { ctx }
    };
    let pass_on = may_fail.then(|| quote! { ? });
    let idents: Vec<Ident> = names.iter().map(|name| arg_name(name)).collect();
    let gets: Vec<_> = names
        .iter()
        .zip(defaults)
        .map(|(name, default)| match (name.is_empty(), default) {
            (true, _) => quote! { args.body() },
            (false, None) => quote! { args.get(#name) },
            (false, Some(default)) => quote! { args.get_or(#name, || Some(#default)) },
        })
        .collect();
    // All are taken before one is looked at, so that the reply names every problem.
    let tokens = if let ([name], [get]) = (idents.as_slice(), gets.as_slice()) {
        quote! { let mut args = Args::#make(#ctx)#pass_on; let Some(#name) = #get else { return args.refuse() }; }
    } else {
        quote! {
            let mut args = Args::#make(#ctx)#pass_on;
            let (#(#idents),*) = (#(#gets),*);
            let (#(Some(#idents)),*) = (#(#idents),*) else { return args.refuse() };
        }
    };
    (tokens, idents.iter().map(|name| quote! { #name }).collect())
}

fn arg_name(name: &str) -> Ident {
    if name.is_empty() {
        return ident("body");
    }
    let name = snake(name);
    ident(&if matches!(name.as_str(), "args" | "ctx") { name + "_" } else { name })
}

fn param_types(function: &Function) -> impl Iterator<Item = &Type> {
    function.params.iter().filter_map(|param| function.locals.get(param.0 as usize)).map(|local| &local.ty)
}

fn handle_arg(ty: &Type) -> Option<TokenStream> {
    match ty {
        Type::Handle(name) if name == "Request" => Some(quote! { ctx.req.clone() }),
        Type::Handle(name) if name == "Response" => Some(quote! { ctx.res.clone() }),
        _ => None,
    }
}

/// `next` as a function value.
fn next_arg(ty: &Type) -> Option<TokenStream> {
    let Type::Fn(function) = ty else { return None };
    let kind = fn_ident(function);
    Some(quote! { #kind::new(move |req: Request| next.clone().run(req)) })
}

/// A name for the glue of an endpoint: `get_api_users_id`.
pub(crate) fn free_name(glue: &Glue<'_>, text: &str) -> Ident {
    let words: Vec<String> =
        text.split(|c: char| !c.is_alphanumeric() && c != '_').filter(|word| !word.is_empty()).map(snake).collect();
    let base = words.join("_");
    let is_free = |name: &String| !glue.unit.items.contains(name) && !glue.has(&ident(name));
    let numbered = (2..).map(|n| format!("{base}_{n}"));
    ident(&std::iter::once(base.clone()).chain(numbered).find(is_free).unwrap_or(base))
}
