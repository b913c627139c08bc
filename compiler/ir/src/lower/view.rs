//! JSX: what is fixed apart from what changes.

mod attribute;
mod bind;
mod child;
mod list;

use ecow::EcoString;
use tova_check::tables::CompIdx;
use tova_source::Span;
use tova_syntax::ast::{self, Attr, AttrKind};

use super::{Body, build};
use crate::{Element, Expr, ExprKind, Type, View};

impl<'a> Body<'_, 'a> {
    /// JSX as an expression.
    pub(crate) fn view_expr(&mut self, element: &'a ast::Element, span: Span) -> Expr {
        let view = self.element_view(element);
        view_value(view, span)
    }

    /// An element, a component's use or a fragment.
    pub(crate) fn element_view(&mut self, element: &'a ast::Element) -> View {
        let Some(tag) = &element.tag else { return fragment(self.children_views(&element.children)) };
        if let Some(component) = self.component_of(element) {
            return self.component_view(component, element);
        }
        if tag.name == "slot"
            && let Some(children) = self.children
        {
            let children = self.read(children, tag.span);
            return View::Dynamic(children);
        }
        let mut out = Element { tag: tag.name.clone(), ..Element::default() };
        if let Some(scope) = &self.scope {
            out.attributes.push((scope.clone(), EcoString::new()));
        }
        for attr in &element.attrs {
            self.attribute(element, attr, &mut out);
        }
        out.children = self.children_views(&element.children);
        View::Element(out)
    }

    fn component_of(&self, element: &ast::Element) -> Option<CompIdx> {
        let tag = element.tag.as_ref()?;
        let elements = &self.lower.checked.elements;
        elements.get(&tag.span).or_else(|| elements.get(&tag.span.at_start())).copied()
    }

    /// `<Card title="x">…</Card>`
    fn component_view(&mut self, index: CompIdx, element: &'a ast::Element) -> View {
        let component = self.lower.component(index);
        let Some(info) = self.lower.checked.components.get(index.0 as usize) else { return fragment(Vec::new()) };
        let mut props: Vec<Option<Expr>> = vec![None; info.props.len()];
        for (slot, prop) in props.iter_mut().zip(&info.props) {
            let ty = self.ty(prop.ty);
            for attr in &element.attrs {
                if let Some(value) = self.prop_value(attr, &prop.name, &ty) {
                    *slot = Some(value);
                }
            }
            if prop.name == "children" && !element.children.is_empty() {
                let children = fragment(self.children_views(&element.children));
                let children = view_value(children, element.span);
                *slot = Some(self.convert(children, &ty));
            }
        }
        View::Component { component, props }
    }

    /// The value that an attribute gives a property.
    fn prop_value(&mut self, attr: &'a Attr, name: &str, ty: &Type) -> Option<Expr> {
        match &attr.kind {
            AttrKind::Plain { name: own, value } if own.name == name => Some(match value {
                Some(e) => self.expr_to(e, ty),
                None => {
                    let yes = build::bool(true, own.span);
                    self.convert(yes, ty)
                }
            }),
            AttrKind::On { event, handler, .. }
                if name.to_lowercase() == format!("on{}", event.name.to_lowercase()) =>
            {
                Some(self.expr_to(handler, ty))
            }
            AttrKind::Bind { property, place } if property.name == name => Some(self.expr_to(place, ty)),
            AttrKind::Spread(e) => {
                let value = self.expr(e);
                let Type::Record(record) = value.ty else { return None };
                self.lower.field(record, name)?;
                let field = self.field(value, name, e.span);
                Some(self.convert(field, ty))
            }
            AttrKind::Plain { .. }
            | AttrKind::On { .. }
            | AttrKind::Bind { .. }
            | AttrKind::Class { .. }
            | AttrKind::Directive { .. } => None,
        }
    }
}

/// Nodes as a value.
pub(crate) fn view_value(view: View, span: Span) -> Expr {
    match view {
        View::Dynamic(e) if e.ty == Type::View => e,
        view => build::expr(ExprKind::View(Box::new(view)), Type::View, span),
    }
}

/// Several views, or the one that there is.
pub(crate) fn fragment(mut views: Vec<View>) -> View {
    match views.len() {
        1 => views.pop().unwrap_or(View::Fragment(Vec::new())),
        _ => View::Fragment(views),
    }
}
