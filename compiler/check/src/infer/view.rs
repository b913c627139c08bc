//! JSX.

use ecow::EcoString;
use tova_diagnostics::{Diagnostic, closest, codes};
use tova_source::Span;
use tova_syntax::ast::{Attr, AttrKind, Child, ChildArm, ChildKind, Element, Expr, Ident, Pattern, RecordEntry};

use super::Want;
use crate::ctx::{Checker, FrameKind, Sym};
use crate::exhaust::MatchToCheck;
use crate::tables::{CompIdx, VarKind};
use crate::types::{Ty, TyKind};

impl<'a> Checker<'a> {
    pub(super) fn element(&mut self, element: &'a Element) {
        let component = element.tag.as_ref().filter(|tag| is_component(&tag.name));
        match component {
            Some(tag) => self.component_use(element, tag),
            None => {
                for attr in &element.attrs {
                    self.attr(attr);
                }
                self.children(&element.children);
            }
        }
    }

    fn children(&mut self, children: &'a [Child]) {
        for child in children {
            self.child(child);
        }
    }

    fn child(&mut self, child: &'a Child) {
        match &child.kind {
            ChildKind::Text(_) => {}
            ChildKind::Expr(expr) => self.hole(expr),
            ChildKind::Element(element) => self.element(element),
            ChildKind::If { branches, else_ } => {
                let mut depth = 0;
                for (cond, body) in branches {
                    self.in_hole(|this| this.condition(cond));
                    let (yes, no) = self.narrowing(cond);
                    self.with_narrowed(yes, |this| this.scoped(|this| this.children(body)));
                    self.narrowed.push(no);
                    depth += 1;
                }
                if let Some(body) = else_ {
                    self.scoped(|this| this.children(body));
                }
                self.narrowed.truncate(self.narrowed.len() - depth);
            }
            ChildKind::For { targets, iterable, key, body } => self.child_for(targets, iterable, key.as_ref(), body),
            ChildKind::Match { subject, arms } => self.child_match(child.span, subject, arms),
        }
    }

    fn in_hole<T>(&mut self, run: impl FnOnce(&mut Self) -> T) -> T {
        let before = std::mem::replace(&mut self.in_view, true);
        let result = run(self);
        self.in_view = before;
        result
    }

    /// `{e}`: whatever can be shown.
    fn hole(&mut self, expr: &'a Expr) {
        let ty = self.in_hole(|this| this.infer(expr, Want::Value));
        if let TyKind::Fn(..) = self.kind(ty) {
            self.report(
                Diagnostic::error(codes::E0904, expr.span, "a function cannot be shown").help("call it: `{f()}`"),
            );
        }
    }

    fn child_for(&mut self, targets: &'a [Pattern], iterable: &'a Expr, key: Option<&'a Expr>, body: &'a [Child]) {
        self.scoped(|this| {
            let ty = this.in_hole(|this| this.infer(iterable, Want::Value));
            let first = this.fresh();
            let second = (targets.len() > 1).then(|| this.fresh());
            this.solve_or_postpone_iterate(iterable.span, ty, first, second);
            for (target, ty) in targets.iter().zip([Some(first), second].into_iter().flatten()) {
                this.bind_pattern(target, ty, false, VarKind::View);
            }
            if let Some(key) = key {
                this.infer(key, Want::Value);
            }
            this.children(body);
        });
    }

    fn child_match(&mut self, span: Span, subject: &'a Expr, arms: &'a [ChildArm]) {
        let ty = self.in_hole(|this| this.infer(subject, Want::Value));
        for arm in arms {
            self.scoped(|this| {
                this.bind_pattern(&arm.pattern, ty, false, VarKind::View);
                if let Some(guard) = &arm.guard {
                    this.condition(guard);
                }
                this.children(&arm.body);
            });
        }
        let arms = arms.iter().map(|arm| (&arm.pattern, arm.guard.is_some())).collect();
        self.matches.push(MatchToCheck { span, subject: ty, arms });
    }

    fn attr(&mut self, attr: &'a Attr) {
        match &attr.kind {
            AttrKind::Plain { value: Some(value), .. } => {
                self.in_hole(|this| this.infer(value, Want::Value));
            }
            AttrKind::Plain { value: None, .. } => {}
            AttrKind::On { handler, .. } => self.handler(handler),
            AttrKind::Bind { place, .. } => {
                self.infer(place, Want::Value);
                self.check_place(place);
            }
            AttrKind::Class { value, .. } => {
                self.in_hole(|this| this.condition(value));
            }
            AttrKind::Directive { namespace, name, value } => {
                if let Some(value) = value {
                    self.infer(value, Want::Value);
                }
                let message = format!("there is no `{}:{}`", namespace.name, name.name);
                self.report(
                    Diagnostic::error(codes::E0905, namespace.span, message)
                        .help("attributes with a colon are `on:event`, `bind:property` and `class:name`"),
                );
            }
            AttrKind::Spread(value) => {
                self.infer(value, Want::Value);
            }
        }
    }

    /// A listener: a function of the event, or of nothing.
    pub(crate) fn handler(&mut self, handler: &'a Expr) {
        let event = self.handle("Event");
        let unit = self.well_known.unit;
        let wanted = self.ty(TyKind::Fn(vec![event], unit));
        let before = std::mem::replace(&mut self.in_view, false);
        self.check(handler, wanted);
        self.in_view = before;
    }

    fn component_use(&mut self, element: &'a Element, tag: &'a Ident) {
        let Some(Sym::Component(component)) = self.lookup(&tag.name) else {
            self.unknown_component(element, tag);
            return;
        };
        self.out.elements.insert(tag.span, component);
        self.ensure_component(component);
        let props = self.out.components.get(component.0 as usize).map(|info| info.props.clone()).unwrap_or_default();
        let mut given: Vec<EcoString> = Vec::new();
        for attr in &element.attrs {
            match &attr.kind {
                AttrKind::Plain { name, value } => {
                    given.push(name.name.clone());
                    self.prop(component, name, value.as_ref());
                }
                AttrKind::On { event, handler, .. } => {
                    // `onselect={f}` on a component is a property of that name.
                    let name = props.iter().find(|prop| prop.name.eq_ignore_ascii_case(&format!("on{}", event.name)));
                    match name.map(|prop| (prop.name.clone(), prop.ty)) {
                        Some((name, ty)) => {
                            given.push(name);
                            self.check(handler, ty);
                        }
                        None => {
                            self.handler(handler);
                            self.no_prop(component, &ecow::eco_format!("on{}", event.name), event.span);
                        }
                    }
                }
                AttrKind::Spread(value) => {
                    let ty = self.infer(value, Want::Value);
                    given.extend(self.record_fields(ty).unwrap_or_default().into_iter().map(|(name, _)| name));
                }
                AttrKind::Bind { .. } | AttrKind::Class { .. } | AttrKind::Directive { .. } => self.attr(attr),
            }
        }
        if !element.children.is_empty() {
            given.push("children".into());
            self.children(&element.children);
            if !props.iter().any(|prop| prop.name == "children") {
                let message = format!("`{}` shows no children", tag.name);
                self.report(
                    Diagnostic::error(codes::E0902, tag.span, message)
                        .help("show them in the component with `{children}`"),
                );
            }
        }
        self.missing_props(component, tag.span, &given);
    }

    /// The properties of a component as the entries of a record.
    pub(crate) fn props_of_record(&mut self, component: CompIdx, span: Span, entries: &'a [RecordEntry]) {
        let mut given: Vec<EcoString> = Vec::new();
        for entry in entries {
            match entry {
                RecordEntry::Field { name, value } | RecordEntry::Short { name, value } => {
                    given.push(name.name.clone());
                    self.prop(component, name, Some(value));
                }
                _ => self.report(Diagnostic::error(codes::E0902, span, "properties are given one by one")),
            }
        }
        self.missing_props(component, span, &given);
    }

    /// Reports the properties that a use of a component lacks.
    fn missing_props(&mut self, component: CompIdx, span: Span, given: &[EcoString]) {
        let Some(info) = self.out.components.get(component.0 as usize) else { return };
        let missing: Vec<String> = info
            .props
            .iter()
            .filter(|prop| !prop.optional && !given.contains(&prop.name))
            .map(|prop| format!("`{}`", prop.name))
            .collect();
        if !missing.is_empty() {
            let list = missing.join(", ");
            let message = format!("`{}` needs the property {list}", info.decl.name.name);
            self.report(Diagnostic::error(codes::E0902, span, message).help(format!("add {list}")));
        }
    }

    fn prop(&mut self, component: CompIdx, name: &'a Ident, value: Option<&'a Expr>) {
        let found = self
            .out
            .components
            .get(component.0 as usize)
            .and_then(|info| info.props.iter().find(|prop| prop.name == name.name))
            .map(|prop| prop.ty);
        let Some(ty) = found else {
            if let Some(value) = value {
                self.infer(value, Want::Value);
            }
            return self.no_prop(component, &name.name, name.span);
        };
        match value {
            Some(value) => {
                let given = self.infer(value, Want::Type(ty));
                if !self.is_free(ty) || self.unify(given, ty).is_err() {
                    self.coerce(given, ty, value.span);
                }
            }
            None => {
                let bool_ = self.well_known.bool_;
                self.coerce(bool_, ty, name.span);
            }
        }
    }

    fn no_prop(&mut self, component: CompIdx, name: &EcoString, span: Span) {
        let Some(info) = self.out.components.get(component.0 as usize) else { return };
        let component = info.decl.name.name.clone();
        let names: Vec<EcoString> = info.props.iter().map(|prop| prop.name.clone()).collect();
        let mut diagnostic = Diagnostic::error(codes::E0902, span, format!("`{component}` has no property `{name}`"));
        if let Some(similar) = closest(name, names.iter().map(EcoString::as_str)) {
            diagnostic =
                diagnostic.help(format!("did you mean `{similar}`?")).fix(format!("write `{similar}`"), span, similar);
        }
        self.report(diagnostic);
    }

    fn unknown_component(&mut self, element: &'a Element, tag: &'a Ident) {
        for attr in &element.attrs {
            self.attr(attr);
        }
        self.children(&element.children);
        let names: Vec<EcoString> = self.out.components.iter().map(|info| info.decl.name.name.clone()).collect();
        let mut diagnostic = Diagnostic::error(codes::E0901, tag.span, format!("there is no component `{}`", tag.name));
        match closest(&tag.name, names.iter().map(EcoString::as_str)) {
            Some(similar) => {
                diagnostic = diagnostic.help(format!("did you mean `{similar}`?")).fix(
                    format!("write `{similar}`"),
                    tag.span,
                    similar,
                );
            }
            None => diagnostic = diagnostic.help(format!("declare it: `component {} {{ … }}`", tag.name)),
        }
        self.report(diagnostic);
    }

    /// An effect: runs now and when what it read changes.
    pub(crate) fn effect(&mut self, body: &'a tova_syntax::ast::Block) {
        self.frames.push(crate::ctx::Frame {
            ret: None,
            returns: Vec::new(),
            kind: FrameKind::Effect,
            loops: Vec::new(),
            scope_base: self.scopes.len(),
        });
        // A function as the last value is the clean-up.
        self.block(body, Want::Value);
        self.frames.pop();
    }

    /// `onMount fn() { … }`, `onCleanup(f)`, `onUnmount { … }`
    pub(crate) fn hook(&mut self, word: &'a Ident, handler: &'a Expr) {
        let unit: Ty = self.well_known.unit;
        let wanted = self.ty(TyKind::Fn(Vec::new(), unit));
        self.check(handler, wanted);
        let known = self.library_fns(&word.name);
        if known.is_empty() {
            self.report(
                Diagnostic::error(codes::E0201, word.span, format!("there is no hook `{}`", word.name))
                    .help("there are `onMount`, `onUnmount` and `onCleanup`"),
            );
        }
    }
}

/// Whether a tag names a component.
fn is_component(tag: &str) -> bool {
    tag.chars().next().is_some_and(char::is_uppercase)
}
