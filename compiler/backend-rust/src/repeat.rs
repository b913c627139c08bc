//! Loops.

use proc_macro2::TokenStream;
use quote::quote;
use tova_ir::{Expr, ExprKind, ForIter, LabelId, LocalId, Type};

use crate::body::{Body, Form};
use crate::code::Level;
use crate::control::{head, lifetime};
use crate::intrinsic::is_copy;

impl<'a> Body<'a> {
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
}
