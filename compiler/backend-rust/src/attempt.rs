//! `try`: the body runs where both what it throws and what unwinds from it is caught.

use std::collections::BTreeSet;

use proc_macro2::{Literal, TokenStream};
use quote::quote;
use tova_ir::{Expr, ExprKind, LabelId, LocalId, Type, walk};

use crate::body::{Body, Form, Frame};
use crate::code::{Code, Level};
use crate::control::{head, slot};

impl<'a> Body<'a> {
    /// A `try` with its handler and what runs in every case.
    pub(crate) fn attempt(&mut self, expr: &'a Expr) -> Code {
        let ExprKind::Try { body, error, handler, finally } = &expr.kind else {
            return Code::postfix(TokenStream::new());
        };
        let Some(finally) = finally else {
            return match handler {
                Some(handler) => Code::new(Level::Block, self.caught(body, *error, handler, &expr.ty)),
                None => self.value(body),
            };
        };
        let mut jumps = Jumps::of(body);
        if let Some(handler) = handler {
            jumps.add(handler);
        }
        let exits = jumps.exits();
        let tried = self.tried(body, exits.clone());
        let outcome = match handler {
            None => tried,
            Some(handler) => {
                let (name, handled) = self.scoped(|this| (this.catch_name(*error), this.tried(handler, exits.clone())));
                let fine = fine(body, exits.is_some());
                quote! { match #tried { Err(#name) => #handled, #fine } }
            }
        };
        let finally = self.statements(finally);
        let slots = self.slots(&jumps);
        let name = self.temporary("outcome");
        let result = self.propagate(&quote! { #name });
        let arms = self.exit_arms(&jumps, if handler.is_some() { &expr.ty } else { &body.ty });
        let end = match arms {
            Some(arms) => {
                let result = head(result.tokens());
                quote! { match #result { #arms } }
            }
            None => result.tokens(),
        };
        Code::new(Level::Block, quote! { { #slots let #name = #outcome; #finally #end } })
    }

    /// `try { body } catch error { handler }`
    fn caught(&mut self, body: &'a Expr, error: Option<LocalId>, handler: &'a Expr, ty: &Type) -> TokenStream {
        let jumps = Jumps::of(body);
        let exits = jumps.exits();
        let slots = self.slots(&jumps);
        let tried = self.tried(body, exits);
        let (name, handled) = self.scoped(|this| {
            let name = this.catch_name(error);
            (name, if *ty == Type::Unit { this.statements(handler) } else { this.block(handler) })
        });
        let tokens = match self.exit_arms(&jumps, &body.ty) {
            Some(arms) => {
                // The arms look into what did not throw.
                let arms = arms.into_iter();
                let arms: TokenStream = arms.collect();
                quote! { match #tried { Ok(exit) => match exit { #arms }, Err(#name) => { #handled } } }
            }
            None if *ty == Type::Unit && name.to_string() == "_" => quote! { if #tried.is_err() { #handled } },
            None if *ty == Type::Unit => quote! { if let Err(#name) = #tried { #handled } },
            None => quote! { match #tried { Ok(value) => value, Err(#name) => { #handled } } },
        };
        if slots.is_empty() {
            tokens
        } else {
            quote! { { #slots #tokens } }
        }
    }

    fn catch_name(&mut self, error: Option<LocalId>) -> TokenStream {
        match error.filter(|local| self.facts.is_used(*local)) {
            Some(local) => {
                let name = self.declare(local, Form::Owned);
                quote! { #name }
            }
            None => quote! { _ },
        }
    }

    /// The body in a closure or async block of its own.
    fn tried(&mut self, body: &'a Expr, exits: Option<Vec<(LabelId, bool)>>) -> TokenStream {
        let ret = self.frames.last().map_or(&Type::Unit, |frame| frame.ret);
        let annotation = exits.is_some().then(|| {
            let (value, given) = (self.unit.ty(&body.ty), self.unit.ty(ret));
            let value = if body.ty == Type::Never {
                quote! { Never }
            } else {
                value
            };
            quote! { Result<Exit<#value, #given>, Fault> }
        });
        // A body that always leaves says nothing of the value that it does not have.
        let annotation = annotation.or_else(|| (body.ty == Type::Never).then(|| quote! { Result<Never, Fault> }));
        let suspends = suspends(body);
        let inner = self.framed(Frame { throws: true, ret, exits }, |this| this.result(body));
        match (suspends, annotation) {
            (true, None) => quote! { attempt_async(async { #inner }).await },
            (true, Some(ty)) => quote! { attempt_async(async { let done: #ty = async { #inner }.await; done }).await },
            (false, None) => quote! { attempt(|| { #inner }) },
            (false, Some(ty)) => quote! { attempt(|| -> #ty { #inner }) },
        }
    }

    /// What to do about each way out.
    fn exit_arms(&mut self, jumps: &Jumps, ty: &Type) -> Option<TokenStream> {
        let exits = jumps.exits()?;
        let value = match ty {
            Type::Unit => quote! { Exit::Value(()) => {} },
            Type::Never => quote! { Exit::Value(never) => match never {}, },
            _ => quote! { Exit::Value(value) => value, },
        };
        let returned = if jumps.returns {
            let given = self.give_back_value(quote! { value });
            quote! { Exit::Return(value) => #given, }
        } else {
            quote! { Exit::Return(_) => unreachable!("nothing returns"), }
        };
        let mut arms = TokenStream::new();
        for (number, (label, is_continue)) in exits.iter().enumerate() {
            let number = Literal::usize_unsuffixed(number);
            let jump = self.jump_on(*label, *is_continue, jumps.carried.contains(label));
            arms.extend(quote! { Exit::Jump(#number) => #jump, });
        }
        Some(quote! { #value #returned #arms Exit::Jump(_) => unreachable!("all jumps are listed"), })
    }

    fn give_back_value(&self, value: TokenStream) -> TokenStream {
        match self.frames.last() {
            Some(frame) if frame.exits.is_some() => quote! { return Ok(Exit::Return(#value)) },
            Some(frame) if frame.throws => quote! { return Ok(#value) },
            _ => quote! { return #value },
        }
    }

    /// Declares the variables that carry values of jumps.
    fn slots(&self, jumps: &Jumps) -> TokenStream {
        let here = jumps.carried.iter().filter(|label| self.labels.get(label) == Some(&self.frames.len()));
        here.map(|label| {
            let slot = slot(*label);
            quote! { let mut #slot = None; }
        })
        .collect()
    }
}

/// The arm for a body that did not throw. One that always leaves has no value, so its outcome is of another type than the handler's.
fn fine(body: &Expr, has_exits: bool) -> TokenStream {
    match (body.ty == Type::Never, has_exits) {
        (false, _) => quote! { fine => fine, },
        (true, false) => quote! { Ok(never) => match never {}, },
        (true, true) => quote! {
            Ok(Exit::Value(never)) => match never {},
            Ok(Exit::Return(value)) => Ok(Exit::Return(value)),
            Ok(Exit::Jump(number)) => Ok(Exit::Jump(number)),
        },
    }
}

/// The ways out of the body of a `try`.
#[derive(Default)]
struct Jumps {
    returns: bool,
    /// Labels outside, with whether the jump is a `continue`.
    labels: BTreeSet<(LabelId, bool)>,
    /// Labels whose break has a value.
    carried: BTreeSet<LabelId>,
}

impl Jumps {
    fn of(body: &Expr) -> Self {
        let mut jumps = Self::default();
        jumps.add(body);
        jumps
    }

    fn add(&mut self, body: &Expr) {
        self.walk(body, &mut Vec::new());
    }

    fn walk(&mut self, expr: &Expr, inside: &mut Vec<LabelId>) {
        match &expr.kind {
            // A closure's returns are its own.
            ExprKind::Closure(_) | ExprKind::Effect(_) => return,
            ExprKind::Return(_) => self.returns = true,
            ExprKind::Break { label, value } if !inside.contains(label) => {
                self.labels.insert((*label, false));
                if value.as_ref().is_some_and(|value| value.ty != Type::Unit) {
                    self.carried.insert(*label);
                }
            }
            ExprKind::Continue(label) if !inside.contains(label) => {
                self.labels.insert((*label, true));
            }
            _ => {}
        }
        let depth = inside.len();
        if let ExprKind::Labelled { label, .. }
        | ExprKind::Loop { label, .. }
        | ExprKind::While { label, .. }
        | ExprKind::For { label, .. } = &expr.kind
        {
            inside.push(*label);
        }
        walk::each_child(expr, &mut |child| self.walk(child, inside));
        inside.truncate(depth);
    }

    fn exits(&self) -> Option<Vec<(LabelId, bool)>> {
        (self.returns || !self.labels.is_empty()).then(|| self.labels.iter().copied().collect())
    }
}

/// Whether something in the expression suspends, closures aside.
pub(crate) fn suspends(expr: &Expr) -> bool {
    match &expr.kind {
        ExprKind::Closure(_) | ExprKind::Effect(_) => false,
        ExprKind::Await(_) => true,
        _ => {
            let mut found = false;
            walk::each_child(expr, &mut |child| found = found || suspends(child));
            found
        }
    }
}
