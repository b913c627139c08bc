//! Computed attributes, and values as text.

use tova_ir::{Binding, BindingTarget, Element, Expr, ExprKind, LocalId, Prim, Type, View};
use tova_source::Span;

use crate::view::pass::{Pass, act, block, bool, nil, text};
use crate::view::region::keep;

/// Attributes whose value is an address.
const ADDRESSES: [&str; 5] = ["href", "src", "action", "formaction", "xlink:href"];

impl Pass<'_> {
    /// What sets an attribute, now and whenever its value changes.
    pub(super) fn binding(&mut self, binding: &Binding, element: &Element, node: LocalId, span: Span) -> Expr {
        let value = binding.value.clone();
        let action = match binding.target {
            BindingTarget::Attribute => self.attribute(&binding.name, value, node),
            BindingTarget::Property => self.property(&binding.name, value, node),
            BindingTarget::Class => self.switched("dom.toggle_class", Some(&binding.name), value, node),
            BindingTarget::Show => self.switched("dom.show", None, value, node),
            BindingTarget::Style => {
                let shown = self.shown(&value);
                act("dom.set_style", vec![self.local(node, span), text(&binding.name, span), shown], span)
            }
            BindingTarget::Ref => {
                let mut args = Vec::new();
                if let Type::Fn(function) = &value.ty
                    && let Some(param) = function.params.first()
                {
                    args.push(Expr { ty: param.clone(), ..self.local(node, span) });
                }
                return Expr { kind: ExprKind::CallValue { callee: Box::new(value), args }, ty: Type::Unit, span };
            }
        };
        if element.tag == "select" && binding.name == "value" {
            return self.choose(action, binding, element);
        }
        self.follow(action, &binding.value)
    }

    /// A choice is made again when the choices change: it follows the lists of choices too.
    fn choose(&mut self, action: Expr, binding: &Binding, element: &Element) -> Expr {
        let span = action.span;
        let lists = element.children.iter().filter_map(|child| match child {
            View::For(list) => Some(list.list.clone()),
            _ => None,
        });
        let mut steps: Vec<Expr> = lists.collect();
        let mut read = steps.clone();
        read.push(binding.value.clone());
        steps.push(action);
        self.follow(block(steps, Type::Unit, span), &block(read, binding.value.ty.clone(), span))
    }

    fn attribute(&mut self, name: &str, value: Expr, node: LocalId) -> Expr {
        let span = value.span;
        let place = vec![self.local(node, span), text(name, span)];
        match &value.ty {
            Type::Bool if !name.starts_with("aria-") => self.switched("dom.toggle_attr", Some(name), value, node),
            Type::Option(inner) => {
                let present = self.new_local("present", (**inner).clone(), span);
                let some = self.attribute(name, self.local(present, span), node);
                let none = act("dom.remove_attr", place, span);
                option(value, present, (some, none), Type::Unit)
            }
            Type::Any => {
                let any = self.new_local("value", Type::Any, span);
                let set = self.set_attribute(name, self.local(any, span), node);
                let remove = act("dom.remove_attr", place, span);
                let decision = self.unless_nil(any, (set, remove), Type::Unit);
                let mut steps = Vec::new();
                keep(any, value, &mut steps);
                steps.push(decision);
                block(steps, Type::Unit, span)
            }
            _ => self.set_attribute(name, value, node),
        }
    }

    fn set_attribute(&mut self, name: &str, value: Expr, node: LocalId) -> Expr {
        let span = value.span;
        let shown = self.shown(&value);
        let set = if ADDRESSES.contains(&name) { "dom.set_url" } else { "dom.set_attr" };
        act(set, vec![self.local(node, span), text(name, span), shown], span)
    }

    fn property(&mut self, name: &str, value: Expr, node: LocalId) -> Expr {
        let span = value.span;
        if matches!(name, "checked" | "selected" | "indeterminate" | "muted") {
            return self.switched("dom.set_flag", Some(name), value, node);
        }
        let shown = self.shown(&value);
        act("dom.set_prop", vec![self.local(node, span), text(name, span), shown], span)
    }

    /// Something that is on or off.
    fn switched(&mut self, action: &str, name: Option<&str>, value: Expr, node: LocalId) -> Expr {
        let span = value.span;
        let on = match &value.ty {
            Type::Bool => value,
            Type::Option(inner) if **inner == Type::Bool => {
                let present = self.new_local("present", Type::Bool, span);
                let some = self.local(present, span);
                option(value, present, (some, bool(false, span)), Type::Bool)
            }
            Type::Option(_) => {
                Expr { kind: ExprKind::Prim { op: Prim::IsSome, args: vec![value] }, ty: Type::Bool, span }
            }
            Type::Any => Expr { kind: ExprKind::Prim { op: Prim::AnyTruthy, args: vec![value] }, ty: Type::Bool, span },
            _ => block(vec![value, bool(true, span)], Type::Bool, span),
        };
        let mut args = vec![self.local(node, span)];
        args.extend(name.map(|name| text(name, span)));
        args.push(on);
        act(action, args, span)
    }

    /// A value as text: nothing for what is absent.
    pub(super) fn shown(&mut self, value: &Expr) -> Expr {
        let span = value.span;
        match &value.ty {
            Type::Str => value.clone(),
            Type::Unit | Type::Never => block(vec![value.clone(), text("", span)], Type::Str, span),
            Type::Option(inner) => {
                let present = self.new_local("present", (**inner).clone(), span);
                let some = self.local(present, span);
                let some = self.shown(&some);
                option(value.clone(), present, (some, text("", span)), Type::Str)
            }
            Type::Any => {
                let any = self.new_local("value", Type::Any, span);
                let display = display(self.local(any, span));
                let decision = self.unless_nil(any, (display, text("", span)), Type::Str);
                let mut steps = Vec::new();
                keep(any, value.clone(), &mut steps);
                steps.push(decision);
                block(steps, Type::Str, span)
            }
            _ => display(value.clone()),
        }
    }

    fn unless_nil(&self, any: LocalId, (some, none): (Expr, Expr), ty: Type) -> Expr {
        let span = some.span;
        let args = vec![self.local(any, span), Expr { ty: Type::Any, ..nil(Type::Any, span) }];
        let cond = Box::new(Expr { kind: ExprKind::Prim { op: Prim::Ne, args }, ty: Type::Bool, span });
        Expr { kind: ExprKind::If { cond, then: Box::new(some), else_: Some(Box::new(none)) }, ty, span }
    }
}

fn display(value: Expr) -> Expr {
    let span = value.span;
    Expr { kind: ExprKind::Display(Box::new(value)), ty: Type::Str, span }
}

fn option(subject: Expr, binding: LocalId, (some, none): (Expr, Expr), ty: Type) -> Expr {
    let span = subject.span;
    let kind = ExprKind::SwitchOption {
        subject: Box::new(subject),
        binding: Some(binding),
        some: Box::new(some),
        none: Box::new(none),
    };
    Expr { kind, ty, span }
}
