//! JSX.

use tova_check::tables::CompIdx;
use tova_source::Span;
use tova_syntax::ast::{Attr, AttrKind, Child, ChildArm, ChildKind, Element, Ident};

use super::Walker;
use crate::symbol::{Role, Symbol};

impl Walker<'_, '_> {
    pub(super) fn element(&mut self, element: &Element) {
        let Element { span: _, tag, attrs, children, closing } = element;
        let component = tag.as_ref().and_then(|tag| self.checked.elements.get(&tag.span).copied());
        if let (Some(tag), Some(component)) = (tag, component) {
            self.add(tag.span, Symbol::Component(component), Role::Call);
            if let Some(closing) = closing {
                self.add(*closing, Symbol::Component(component), Role::Read);
            }
        }
        for attr in attrs {
            self.attr(attr, component);
        }
        self.children(children);
    }

    fn attr(&mut self, attr: &Attr, component: Option<CompIdx>) {
        let Attr { span: _, kind } = attr;
        match kind {
            AttrKind::Plain { name, value } => {
                self.prop(component, name);
                self.exprs(value);
            }
            AttrKind::On { event, modifiers: _, handler } => {
                if let Some(component) = component {
                    self.listener(component, event);
                }
                self.expr(handler);
            }
            AttrKind::Bind { property: _, place } => self.place(place),
            AttrKind::Class { name: _, value } => self.expr(value),
            AttrKind::Directive { namespace: _, name: _, value } => self.exprs(value),
            AttrKind::Spread(value) => self.expr(value),
        }
    }

    fn prop(&mut self, component: Option<CompIdx>, name: &Ident) {
        let Some(info) = component.and_then(|component| self.checked.components.get(component.0 as usize)) else {
            return;
        };
        if let Some(prop) = info.props.iter().find(|prop| prop.name == name.name) {
            self.add(name.span, Symbol::Local(prop.var), Role::Read);
        }
    }

    /// `onSelect={f}` of a component, which the tree has as the event `select`.
    fn listener(&mut self, component: CompIdx, event: &Ident) {
        let Some(info) = self.checked.components.get(component.0 as usize) else { return };
        let wanted = format!("on{}", event.name);
        if let Some(prop) = info.props.iter().find(|prop| prop.name.eq_ignore_ascii_case(&wanted)) {
            let written = Span::new(event.span.file, event.span.start.saturating_sub(2), event.span.end);
            let span = [event.span, written].into_iter().find(|span| self.sources.text(*span) == prop.name);
            if let Some(span) = span {
                self.add(span, Symbol::Local(prop.var), Role::Read);
            }
        }
    }

    fn children(&mut self, children: &[Child]) {
        for child in children {
            self.child(child);
        }
    }

    fn child(&mut self, child: &Child) {
        let Child { span, kind } = child;
        match kind {
            ChildKind::Text(_) => {}
            ChildKind::Expr(value) => self.expr(value),
            ChildKind::Element(element) => self.element(element),
            ChildKind::If { branches, else_ } => {
                for (cond, body) in branches {
                    self.expr(cond);
                    self.children(body);
                }
                else_.iter().for_each(|body| self.children(body));
            }
            ChildKind::For { targets, iterable, key, body } => self.extent(*span, |this| {
                this.expr(iterable);
                this.patterns(targets);
                this.exprs(key);
                this.children(body);
            }),
            ChildKind::Match { subject, arms } => {
                self.expr(subject);
                for ChildArm { span, pattern, guard, body } in arms {
                    self.extent(*span, |this| {
                        this.pattern(pattern);
                        this.exprs(guard);
                        this.children(body);
                    });
                }
            }
        }
    }
}
