//! Functions and globals as items of a crate.

use proc_macro2::TokenStream;
use quote::quote;
use tova_ir::{Expr, ExprKind, FnId, Function, GlobalId, LocalKind, Type};

use crate::body::{Body, Form};
use crate::code::Code;
use crate::file::{Item, Place};
use crate::plan;
use crate::unit::Unit;

/// The item of a function.
pub(crate) fn function(unit: &Unit<'_>, id: FnId) -> Option<Item> {
    let function = unit.function(id)?;
    let name = unit.function_name(id);
    let mut body = Body::new(unit, function);
    let params = params(&mut body, function);
    let cells = body.cells(&function.params);
    let content = body.result(&function.body);
    let returned = unit.returned(&function.ret, function.effects.throws);
    let arrow = (function.ret != Type::Unit || function.effects.throws).then(|| quote! { -> #returned });
    let docs = docs(function.docs.as_deref().unwrap_or_default());
    let tokens = if function.effects.is_async && unit.recursive.contains(&id) {
        quote! { #docs pub fn #name(#params) -> Pending<#returned> { Box::pin(async move { #cells #content }) } }
    } else {
        let kind = function.effects.is_async.then(|| quote! { async });
        quote! { #docs pub #kind fn #name(#params) #arrow { #cells #content } }
    };
    Some(Item { name: name.to_string(), place: Place::Source(function.span), tokens, mentions: unit.take_mentions() })
}

/// The item of the function that writes what another one finds.
pub(crate) fn writer(unit: &Unit<'_>, id: FnId) -> Option<Item> {
    let function = unit.function(id)?;
    let (model, query) = plan::written_rows(unit.program, function)?;
    let name = unit.writer_name(id)?;
    let mut body = Body::new(unit, function);
    let out = body.temporary("out");
    let params = params(&mut body, function);
    let content = body.written_rows(model, query, &out);
    let docs = docs(function.docs.as_deref().unwrap_or_default());
    let about = format!(" What `{}` finds, straight from the database to JSON.", function.name);
    let comma = (!function.params.is_empty()).then(|| quote! { , });
    let tokens = quote! {
        #docs
        #[doc = #about]
        pub fn #name(#out: &mut JsonWriter #comma #params) -> Result<(), Fault> { #content }
    };
    let mut mentions = unit.take_mentions();
    mentions.remove(&name.to_string());
    Some(Item { name: name.to_string(), place: Place::Source(function.span), tokens, mentions })
}

fn params(body: &mut Body<'_>, function: &Function) -> TokenStream {
    let params: Vec<_> = function
        .params
        .iter()
        .map(|param| {
            let name = body.declare(*param, Form::Owned);
            let ty = body.param_ty(*param);
            let kind = function.locals.get(param.0 as usize).map_or(LocalKind::Let, |local| local.kind);
            let mutable = (kind != LocalKind::Shared && body.facts.is_assigned(*param)).then(|| quote! { mut });
            quote! { #mutable #name: #ty }
        })
        .collect();
    quote! { #(#params),* }
}

/// The lines of a doc comment.
pub(crate) fn docs(text: &str) -> TokenStream {
    text.lines()
        .map(|line| {
            let line = format!(" {}", line.trim());
            quote! { #[doc = #line] }
        })
        .collect()
}

/// Whether a constant's first value is a literal that Rust can keep in a `const`.
pub(crate) fn is_literal_const(init: &Function) -> bool {
    matches!(
        sole(&init.body).kind,
        ExprKind::Bool(_) | ExprKind::Int(_) | ExprKind::Float(_) | ExprKind::Duration(_) | ExprKind::Size(_)
    )
}

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

/// The item of a global.
pub(crate) fn global(unit: &Unit<'_>, id: GlobalId) -> Option<Item> {
    let global = unit.global(id)?;
    let init = unit.function(global.init)?;
    let name = unit.global_name(id);
    let ty = unit.ty(&global.ty);
    let tokens = if unit.is_state(id) {
        quote! { pub static #name: State<#ty> = State::new(); }
    } else if is_literal_const(init) {
        let mut body = Body::new(unit, init);
        let value = body.value(sole(&init.body)).tokens();
        quote! { pub const #name: #ty = #value; }
    } else {
        let value = lazy(unit, global.init, init);
        quote! { pub static #name: LazyLock<#ty> = LazyLock::new(#value); }
    };
    let mut mentions = unit.take_mentions();
    mentions.remove(&name.to_string());
    Some(Item { name: name.to_string(), place: Place::Source(global.span), tokens, mentions })
}

fn lazy(unit: &Unit<'_>, id: FnId, init: &Function) -> TokenStream {
    if let Some(value) = short_init(unit, init) {
        // A call without arguments is the function that it calls.
        if let ExprKind::Intrinsic { args, .. } | ExprKind::Call { args, .. } = &sole(&init.body).kind
            && args.is_empty()
        {
            let mut tokens: Vec<_> = value.clone().into_iter().collect();
            tokens.pop();
            return tokens.into_iter().collect();
        }
        return quote! { || #value };
    }
    let name = unit.function_name(id);
    if init.effects.throws {
        quote! { || settled(#name()) }
    } else {
        quote! { #name }
    }
}

/// Whether a first value is computed by one expression, which then stands where it is asked for.
fn is_short(init: &Function) -> bool {
    let is_statement = matches!(sole(&init.body).kind, ExprKind::Block(_) | ExprKind::Let { .. } | ExprKind::Return(_));
    init.locals.is_empty() && !init.effects.throws && !init.effects.is_async && !is_statement
}

fn short_init(unit: &Unit<'_>, init: &Function) -> Option<TokenStream> {
    is_short(init).then(|| Body::new(unit, init).value(sole(&init.body)).tokens())
}

/// Whether no function is needed for a global's first value.
pub(crate) fn is_inline(unit: &Unit<'_>, id: GlobalId) -> bool {
    unit.global(id).and_then(|global| unit.function(global.init)).is_some_and(is_short)
}

/// Code that makes a global ready at its place in the order of the program: gives a state its first value, or computes a constant if that
/// does something. Other constants compute themselves when they are first asked for.
pub(crate) fn ready(unit: &Unit<'_>, id: GlobalId) -> Option<Code> {
    if !unit.plan.globals.contains(&id) {
        return None;
    }
    if unit.is_state(id) {
        return first_value(unit, id);
    }
    let init = unit.global(id).and_then(|global| unit.function(global.init))?;
    if is_literal_const(init) || !(plan::acts(&init.body) || reads_state(unit, &init.body)) {
        return None;
    }
    let name = unit.global_name(id);
    Some(Code::postfix(quote! { LazyLock::force(&#name) }))
}

/// Whether an expression reads a variable that is updated: its value is the one at its place in the program.
fn reads_state(unit: &Unit<'_>, expr: &Expr) -> bool {
    let mut found = false;
    tova_ir::walk::each_expr(expr, &mut |expr| {
        found |= matches!(&expr.kind, ExprKind::Global(global) if unit.is_state(*global));
    });
    found
}

/// Code that gives a state its first value.
pub(crate) fn first_value(unit: &Unit<'_>, id: GlobalId) -> Option<Code> {
    let global = unit.global(id)?;
    let init = unit.function(global.init)?;
    let (name, effects) = (unit.global_name(id), init.effects);
    if let Some(value) = short_init(unit, init) {
        return Some(Code::postfix(quote! { #name.set(#value) }));
    }
    let init = unit.function_name(global.init);
    let wait = effects.is_async.then(|| quote! { .await });
    let pass_on = effects.throws.then(|| quote! { ? });
    Some(Code::postfix(quote! { #name.set(#init() #wait #pass_on) }))
}
