//! Attributes of elements.

use ecow::{EcoString, eco_format};
use tova_syntax::ast::{self, Attr, AttrKind, Ident, RecordEntry};

use super::super::{Body, build};
use crate::{Binding, BindingTarget, Element, Event, Expr, ExprKind, Type};

impl<'a> Body<'_, 'a> {
    pub(super) fn attribute(&mut self, element: &'a ast::Element, attr: &'a Attr, out: &mut Element) {
        match &attr.kind {
            AttrKind::Plain { name, value } => self.plain_attribute(name, value.as_ref(), out),
            AttrKind::On { event, modifiers, handler } => {
                let handler = self.handler(handler);
                let modifiers = modifiers.iter().map(|word| word.name.clone()).collect();
                out.events.push(Event { name: event.name.clone(), modifiers, handler });
            }
            AttrKind::Bind { property, place } => self.bind_attribute(element, property, place, out),
            AttrKind::Class { name, value } => {
                let value = self.condition(value);
                out.bindings.push(Binding { target: BindingTarget::Class, name: name.name.clone(), value });
            }
            AttrKind::Spread(e) => self.spread_attributes(e, out),
            AttrKind::Directive { .. } => {}
        }
    }

    fn plain_attribute(&mut self, name: &'a Ident, value: Option<&'a ast::Expr>, out: &mut Element) {
        let Some(value) = value else {
            out.attributes.push((name.name.clone(), EcoString::new()));
            return;
        };
        match name.name.as_str() {
            "key" => return,
            "ref" => {
                let value = self.expr(value);
                out.bindings.push(Binding { target: BindingTarget::Ref, name: name.name.clone(), value });
                return;
            }
            "show" => {
                let value = self.condition(value);
                out.bindings.push(Binding { target: BindingTarget::Show, name: name.name.clone(), value });
                return;
            }
            "style" => {
                if let ast::ExprKind::Record(entries) = &unparenthesized(value).kind {
                    self.style(entries, out);
                    return;
                }
            }
            _ => {}
        }
        let value = self.expr(value);
        self.attribute_value(name.name.clone(), value, out);
    }

    /// An attribute with a value: fixed if the value is a literal.
    fn attribute_value(&mut self, name: EcoString, value: Expr, out: &mut Element) {
        let target = match name.as_str() {
            "value" | "checked" | "selected" | "indeterminate" | "muted" => BindingTarget::Property,
            _ => BindingTarget::Attribute,
        };
        match &value.kind {
            ExprKind::Str(text) => out.attributes.push((name, text.clone())),
            ExprKind::Int(n) => out.attributes.push((name, eco_format!("{n}"))),
            ExprKind::Bool(true) => out.attributes.push((name, EcoString::new())),
            ExprKind::Bool(false) | ExprKind::Nil | ExprKind::Unit => {}
            _ => {
                let value = self.attribute_text(value, target);
                out.bindings.push(Binding { target, name, value });
            }
        }
    }

    /// What an attribute can hold: a text, number, truth value or an option of these; anything else as text.
    fn attribute_text(&mut self, value: Expr, target: BindingTarget) -> Expr {
        match build::present(&value.ty) {
            Type::Str | Type::Bool => value,
            Type::Int | Type::Float if target == BindingTarget::Attribute => value,
            _ => match value.ty {
                Type::Option(_) => {
                    let ty = Type::option(Type::Str);
                    self.optional(value, &ty, |body, value| body.text(value))
                }
                _ => self.text(value),
            },
        }
    }

    fn style(&mut self, entries: &'a [RecordEntry], out: &mut Element) {
        for entry in entries {
            let (RecordEntry::Field { name, value } | RecordEntry::Short { name, value }) = entry else { continue };
            let value = self.expr(value);
            let value = self.attribute_text(value, BindingTarget::Attribute);
            out.bindings.push(Binding { target: BindingTarget::Style, name: kebab(&name.name), value });
        }
    }

    fn spread_attributes(&mut self, e: &'a ast::Expr, out: &mut Element) {
        let value = self.expr(e);
        let Type::Record(record) = value.ty else { return };
        for field in self.lower.fields(record) {
            if out.attributes.iter().any(|(name, _)| *name == field.name)
                || out.bindings.iter().any(|b| b.name == field.name)
            {
                continue;
            }
            let part = self.field(value.clone(), &field.name, e.span);
            self.attribute_value(field.name, part, out);
        }
    }

    /// A listener: a function of the event, or of nothing.
    fn handler(&mut self, e: &'a ast::Expr) -> Expr {
        match self.node_ty(e.id) {
            Type::Fn(signature) => {
                let want = Type::function(signature.params.clone(), Type::Unit);
                self.expr_to(e, &want)
            }
            _ => self.closure_of(&[], &Type::Unit, e.span, |body, _| body.expr_to(e, &Type::Unit)),
        }
    }
}

/// An expression without the parentheses around it.
pub(super) fn unparenthesized(e: &ast::Expr) -> &ast::Expr {
    let mut e = e;
    while let ast::ExprKind::Paren(inner) = &e.kind {
        e = inner;
    }
    e
}

/// `fontSize` as `font-size`.
fn kebab(name: &str) -> EcoString {
    let mut out = EcoString::new();
    for c in name.chars() {
        if c.is_ascii_uppercase() {
            out.push('-');
        }
        out.push(c.to_ascii_lowercase());
    }
    out
}
