//! `bind:value`, `bind:checked`, `bind:group`, `bind:this`: a property that follows a place, and a listener that assigns it.

use tova_source::Span;
use tova_syntax::ast::{self, AttrKind, Ident};

use super::super::{Body, build};
use crate::{Binding, BindingTarget, Element, Event, Expr, ExprKind, LocalKind, Prim, Type};

impl<'a> Body<'_, 'a> {
    pub(super) fn bind_attribute(
        &mut self,
        element: &'a ast::Element,
        property: &'a Ident,
        place: &'a ast::Expr,
        out: &mut Element,
    ) {
        match property.name.as_str() {
            "this" => self.bind_this(place, out),
            "group" => self.bind_group(element, place, out),
            "checked" | "open" => self.bind_truth(&property.name, place, out),
            _ => self.bind_text(element, &property.name, place, out),
        }
    }

    fn bind_this(&mut self, place: &'a ast::Expr, out: &mut Element) {
        let node = Type::Handle("Element".into());
        let span = place.span;
        let value = self.closure_of(&[node], &Type::Unit, span, |body, args| {
            let node = args.into_iter().next().unwrap_or_else(|| build::unit(span));
            body.assign_lowered(place, |_, _, _| node)
        });
        out.bindings.push(Binding { target: BindingTarget::Ref, name: "this".into(), value });
    }

    fn bind_truth(&mut self, property: &str, place: &'a ast::Expr, out: &mut Element) {
        let value = self.condition(place);
        out.bindings.push(Binding { target: BindingTarget::Property, name: property.into(), value });
        let getter = format!("element.get_{property}");
        self.listen(if property == "open" { "toggle" } else { "change" }, place.span, out, |body, node| {
            let value = build::intrinsic(getter, vec![node], Type::Bool, place.span);
            body.assign_lowered(place, |_, _, _| value)
        });
    }

    fn bind_text(&mut self, element: &'a ast::Element, property: &str, place: &'a ast::Expr, out: &mut Element) {
        let value = self.expr(place);
        let text = match value.ty.clone() {
            Type::Option(_) => self.coalesce_text(value),
            _ => self.text(value),
        };
        out.bindings.push(Binding { target: BindingTarget::Property, name: property.into(), value: text });
        let is_select = element.tag.as_ref().is_some_and(|tag| tag.name == "select");
        let getter = format!("element.get_{property}");
        self.listen(if is_select { "change" } else { "input" }, place.span, out, |body, node| {
            let text = build::intrinsic(getter, vec![node], Type::Str, place.span);
            body.assign_lowered(place, |body, ty, old| body.parsed(text, ty.as_ref(), old, place.span))
        });
    }

    fn coalesce_text(&mut self, value: Expr) -> Expr {
        let span = value.span;
        let Type::Option(item) = value.ty.clone() else { return value };
        let local = self.local("value", (*item).clone(), LocalKind::Let, span);
        let read = self.read(local, span);
        let some = self.text(read);
        build::switch_option(value, Some(local), some, build::str("", span))
    }

    /// The text of an input as a value of a place: numbers are converted, and what is no number leaves the place as it is.
    fn parsed(&mut self, text: Expr, ty: Option<&Type>, old: Expr, span: Span) -> Expr {
        let Some(ty) = ty else { return text };
        let parse = match build::present(ty) {
            Type::Int => "str.to_int",
            Type::Float => "str.to_float",
            Type::Bool => return build::test(Prim::Eq, vec![text, build::str("true", span)], span),
            _ => return self.convert(text, ty),
        };
        let parsed = build::intrinsic(parse, vec![text], Type::option(build::present(ty)), span);
        match ty {
            Type::Option(_) => parsed,
            _ => self.coalesce(parsed, ty, |_| old),
        }
    }

    /// Of radio buttons: the value of the chosen one. Of checkboxes: a list of the values of those that are checked.
    fn bind_group(&mut self, element: &'a ast::Element, place: &'a ast::Expr, out: &mut Element) {
        let span = place.span;
        let value = element.attrs.iter().find_map(|attr| match &attr.kind {
            AttrKind::Plain { name, value: Some(value) } if name.name == "value" => Some(value),
            _ => None,
        });
        let Some(value) = value else { return };
        let group = self.expr(place);
        if let Type::List(item) = group.ty.clone() {
            let own = self.expr_to(value, &item);
            let checked = build::test(Prim::Contains, vec![own, group], span);
            out.bindings.push(Binding { target: BindingTarget::Property, name: "checked".into(), value: checked });
            self.listen("change", span, out, |body, node| {
                let on = build::intrinsic("element.get_checked", vec![node], Type::Bool, span);
                body.assign_lowered(place, |body, _, old| body.toggled(on, old, value, &item, span))
            });
            return;
        }
        let own = self.expr_to(value, &group.ty);
        let checked = self.equal(group.clone(), own, span);
        out.bindings.push(Binding { target: BindingTarget::Property, name: "checked".into(), value: checked });
        self.listen("change", span, out, |body, _| {
            body.assign_lowered(place, |body, _, _| body.expr_to(value, &group.ty))
        });
    }

    /// The list with a value at its end, or without it.
    fn toggled(&mut self, on: Expr, old: Expr, value: &'a ast::Expr, item: &Type, span: Span) -> Expr {
        let ty = old.ty.clone();
        let mut exprs = Vec::new();
        let own = self.expr_to(value, item);
        let own = self.keep("own", own, &mut exprs);
        let one = build::expr(ExprKind::List(vec![own.clone()]), ty.clone(), span);
        let with = build::prim(Prim::ListConcat, vec![old.clone(), one], ty.clone(), span);
        let local = self.local("item", item.clone(), LocalKind::Let, span);
        let iter = crate::ForIter::Items { item: local, index: None, list: old };
        let read = self.read(local, span);
        let without = self.collect_into(ty, ExprKind::List(Vec::new()), iter, span, |_, out| {
            let differs = build::test(Prim::Ne, vec![read.clone(), own], span);
            build::if_then(differs, super::super::convert::push(out, read, span))
        });
        exprs.push(build::if_else(on, with, without));
        build::block(exprs, span)
    }

    fn listen(&mut self, event: &str, span: Span, out: &mut Element, act: impl FnOnce(&mut Self, Expr) -> Expr) {
        let handle = Type::Handle("Event".into());
        let handler = self.closure_of(&[handle], &Type::Unit, span, |body, args| {
            let event = args.into_iter().next().unwrap_or_else(|| build::unit(span));
            let node = build::intrinsic("event.get_target", vec![event], Type::Handle("Element".into()), span);
            act(body, node)
        });
        out.events.push(Event { name: event.into(), modifiers: Vec::new(), handler });
    }
}
