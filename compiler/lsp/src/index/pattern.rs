//! Patterns.

use tova_check::tables::Res;
use tova_syntax::ast::{FieldPattern, Pattern, PatternElement, PatternKind, VariantArg};

use super::Walker;
use crate::symbol::{Form, Role, Symbol};

impl Walker<'_, '_> {
    pub(super) fn patterns<'p>(&mut self, patterns: impl IntoIterator<Item = &'p Pattern>) {
        for pattern in patterns {
            self.pattern(pattern);
        }
    }

    pub(super) fn pattern(&mut self, pattern: &Pattern) {
        self.pattern_as(pattern, Form::Plain);
    }

    fn pattern_as(&mut self, pattern: &Pattern, form: Form) {
        let Pattern { id: _, span: _, kind } = pattern;
        match kind {
            PatternKind::Name(_) => self.binding(pattern, form),
            PatternKind::Prefix { prefix: _, rest } => self.pattern(rest),
            PatternKind::List(elements) => {
                for PatternElement { rest: _, pattern } in elements {
                    self.pattern(pattern);
                }
            }
            PatternKind::Tuple(inner) | PatternKind::Or(inner) => self.patterns(inner),
            PatternKind::Variant { name, args } => {
                self.resolved(pattern.id, &name.name, name.span, None, Role::Read);
                for VariantArg { name, pattern: arg } in args {
                    if let (Some(name), Some(Res::Variant(ty, variant))) = (name, self.checked.names.get(&pattern.id)) {
                        self.variant_field(*ty, *variant, name);
                    }
                    self.pattern(arg);
                }
            }
            PatternKind::Record(fields) => self.record_pattern(pattern, fields),
            PatternKind::Typed { name: _, ty } => {
                self.binding(pattern, form);
                self.ty(ty);
            }
            PatternKind::Wildcard
            | PatternKind::Nil
            | PatternKind::Bool(_)
            | PatternKind::Int(_)
            | PatternKind::Float(_)
            | PatternKind::Str(_)
            | PatternKind::Range { start: _, end: _, inclusive: _ }
            | PatternKind::Error => {}
        }
    }

    fn record_pattern(&mut self, pattern: &Pattern, fields: &[FieldPattern]) {
        let ty = self.checked.node_ty(pattern.id);
        for FieldPattern { name, pattern, default } in fields {
            let short = pattern.span == name.span;
            let form = |form| if short { form } else { Form::Plain };
            self.field_of(ty, name, Role::Read, form(Form::ShortField));
            self.pattern_as(pattern, form(Form::ShortValue));
            self.exprs(default);
        }
    }

    /// A name that declares a variable.
    fn binding(&mut self, pattern: &Pattern, form: Form) {
        let name_span = match &pattern.kind {
            PatternKind::Typed { name, ty: _ } => {
                let end = pattern.span.start + u32::try_from(name.len()).unwrap_or(0);
                tova_source::Span::new(pattern.span.file, pattern.span.start, end)
            }
            _ => pattern.span,
        };
        match self.checked.names.get(&pattern.id) {
            Some(Res::Local(var)) => {
                self.add_as(name_span, Symbol::Local(*var), Role::Definition, form);
                self.declare_local(*var, name_span);
            }
            Some(Res::Global(global)) => self.add_as(name_span, Symbol::Global(*global), Role::Definition, form),
            _ => self.undeclared(pattern, name_span, form),
        }
    }

    /// A variable of the file or of a block whose declaration the tables know by its node alone.
    fn undeclared(&mut self, pattern: &Pattern, span: tova_source::Span, form: Form) {
        if let Some(global) = self.global_of(pattern.id) {
            self.add_as(span, Symbol::Global(global), Role::Definition, form);
        }
    }
}
