//! Patterns: what they bind and what they fit.

use tova_diagnostics::{Diagnostic, closest, codes};
use tova_source::Span;
use tova_syntax::ast::{FieldPattern, Ident, Pattern, PatternElement, PatternKind, VariantArg};

use crate::ctx::{Checker, Sym};
use crate::tables::{Res, TypeKind, VarKind};
use crate::types::{Ty, TyKind};

impl<'a> Checker<'a> {
    /// Declares the names of a pattern that is matched against a value of this type.
    pub(crate) fn bind_pattern(&mut self, pattern: &'a Pattern, ty: Ty, mutable: bool, kind: VarKind) {
        self.set_node(pattern.id, ty);
        match &pattern.kind {
            PatternKind::Wildcard | PatternKind::Error => {}
            PatternKind::Name(name) => {
                self.declare(name, ty, pattern.id, pattern.span, mutable, kind);
            }
            PatternKind::Typed { name, ty: annotation } => {
                let annotated = self.annotate(annotation);
                self.coerce(annotated, ty, annotation.span);
                self.declare(name, annotated, pattern.id, pattern.span, mutable, kind);
            }
            PatternKind::Nil => {
                if let TyKind::Var(_) = self.kind(ty) {
                    let inner = self.fresh();
                    let option = self.ty(TyKind::Option(inner));
                    let _ = self.unify(ty, option);
                }
                if !matches!(self.kind(ty), TyKind::Option(_) | TyKind::Any | TyKind::Error | TyKind::Unit) {
                    self.wrong_pattern(pattern.span, "nil", ty);
                }
            }
            PatternKind::Bool(_) => self.literal_pattern(pattern.span, self.well_known.bool_, ty),
            PatternKind::Int(_) | PatternKind::Range { .. } => self.number_pattern(pattern.span, ty),
            PatternKind::Float(_) => self.literal_pattern(pattern.span, self.well_known.float, ty),
            PatternKind::Str(_) => self.literal_pattern(pattern.span, self.well_known.str_, ty),
            PatternKind::Prefix { rest, .. } => {
                let str_ = self.well_known.str_;
                self.literal_pattern(pattern.span, str_, ty);
                self.bind_pattern(rest, str_, mutable, kind);
            }
            PatternKind::List(items) => self.list_pattern(pattern, items, ty, mutable, kind),
            PatternKind::Tuple(items) => self.tuple_pattern(pattern, items, ty, mutable, kind),
            PatternKind::Variant { name, args } => self.variant_pattern(pattern, name, args, ty, mutable, kind),
            PatternKind::Record(fields) => self.record_pattern(fields, ty, mutable, kind),
            PatternKind::Or(alternatives) => self.or_pattern(alternatives, ty, mutable, kind),
        }
    }

    fn wrong_pattern(&mut self, span: Span, what: &str, ty: Ty) {
        if matches!(self.kind(ty), TyKind::Error) {
            return;
        }
        let shown = self.show(ty);
        self.report(
            Diagnostic::error(codes::E0502, span, format!("the value is a `{shown}`, it never matches `{what}`"))
                .help("match it with a pattern of its own type"),
        );
    }

    fn literal_pattern(&mut self, span: Span, literal: Ty, ty: Ty) {
        let inner = self.without_option(ty);
        if matches!(self.kind(inner), TyKind::Any) {
            return;
        }
        if self.unify(literal, inner).is_err() {
            let shown = self.show(literal);
            self.wrong_pattern(span, &shown, ty);
        }
    }

    fn number_pattern(&mut self, span: Span, ty: Ty) {
        let inner = self.without_option(ty);
        if matches!(self.kind(inner), TyKind::Any | TyKind::Float) {
            return;
        }
        let number = self.fresh_shaped(crate::ctx::VarShape::Number);
        if self.unify(number, inner).is_err() {
            self.wrong_pattern(span, "Int", ty);
        }
    }

    fn list_pattern(
        &mut self,
        pattern: &'a Pattern,
        items: &'a [PatternElement],
        ty: Ty,
        mutable: bool,
        kind: VarKind,
    ) {
        let inner = self.without_option(ty);
        // Pairs are taken apart with brackets too: `for [k, v] in entries`.
        if let TyKind::Tuple(types) = self.kind(inner)
            && types.len() == items.len()
            && items.iter().all(|item| item.rest.is_none())
        {
            for (item, ty) in items.iter().zip(types) {
                self.bind_pattern(&item.pattern, ty, mutable, kind);
            }
            return;
        }
        let item_ty = match self.kind(inner) {
            TyKind::List(item) => item,
            TyKind::Any => self.well_known.any,
            TyKind::Error => self.well_known.error,
            _ => {
                let item = self.fresh();
                let list = self.list(item);
                if self.unify(inner, list).is_err() {
                    self.wrong_pattern(pattern.span, "[…]", ty);
                    let _ = self.unify(item, self.well_known.error);
                }
                item
            }
        };
        for item in items {
            let ty = if item.rest.is_some() { self.list(item_ty) } else { item_ty };
            self.bind_pattern(&item.pattern, ty, mutable, kind);
        }
    }

    fn tuple_pattern(&mut self, pattern: &'a Pattern, items: &'a [Pattern], ty: Ty, mutable: bool, kind: VarKind) {
        let inner = self.without_option(ty);
        let types = match self.kind(inner) {
            TyKind::Tuple(types) if types.len() == items.len() => types,
            _ => {
                let types: Vec<Ty> = items.iter().map(|_| self.fresh()).collect();
                let tuple = self.ty(TyKind::Tuple(types.clone()));
                if self.unify(inner, tuple).is_err() {
                    self.wrong_pattern(pattern.span, &format!("a tuple of {}", items.len()), ty);
                    types.iter().for_each(|ty| self.fail(*ty));
                }
                types
            }
        };
        for (item, ty) in items.iter().zip(types) {
            self.bind_pattern(item, ty, mutable, kind);
        }
    }

    fn variant_pattern(
        &mut self,
        pattern: &'a Pattern,
        name: &'a Ident,
        args: &'a [VariantArg],
        ty: Ty,
        mutable: bool,
        kind: VarKind,
    ) {
        match name.name.as_str() {
            "None" if args.is_empty() => {
                self.set_name(pattern.id, Res::NoneOf);
                return self.option_pattern(pattern.span, "None", ty);
            }
            "Some" => {
                self.set_name(pattern.id, Res::SomeOf);
                self.option_pattern(pattern.span, "Some", ty);
                let inner = self.without_option(ty);
                for arg in args {
                    self.bind_pattern(&arg.pattern, inner, mutable, kind);
                }
                return;
            }
            _ => {}
        }
        let fields = self.variant_fields(pattern, name, ty);
        let Some(fields) = fields else {
            for arg in args {
                self.bind_pattern(&arg.pattern, self.well_known.error, mutable, kind);
            }
            return;
        };
        if args.len() > fields.len() {
            let message = format!("`{}` has {} fields, the pattern {}", name.name, fields.len(), args.len());
            self.report(Diagnostic::error(codes::E0504, pattern.span, message).help("leave the others out"));
        }
        for (index, arg) in args.iter().enumerate() {
            let field = match &arg.name {
                Some(label) => fields.iter().find(|(field, _)| *field == label.name),
                None => fields.get(index),
            };
            let ty = field.map_or(self.well_known.error, |(_, ty)| *ty);
            if let (None, Some(label)) = (field, &arg.name) {
                let message = format!("`{}` has no field `{}`", name.name, label.name);
                self.report(Diagnostic::error(codes::E0504, label.span, message));
            }
            self.bind_pattern(&arg.pattern, ty, mutable, kind);
        }
    }

    fn option_pattern(&mut self, span: Span, what: &str, ty: Ty) {
        if let TyKind::Var(_) = self.kind(ty) {
            let inner = self.fresh();
            let option = self.ty(TyKind::Option(inner));
            let _ = self.unify(ty, option);
        }
        if !matches!(self.kind(ty), TyKind::Option(_) | TyKind::Any) {
            self.wrong_pattern(span, what, ty);
        }
    }

    /// The fields of the variant that a pattern names, with the subject's type arguments; reports if there is none.
    fn variant_fields(&mut self, pattern: &Pattern, name: &Ident, ty: Ty) -> Option<Vec<(ecow::EcoString, Ty)>> {
        let inner = self.without_option(ty);
        let id = match self.kind(inner) {
            TyKind::Named(id, _) => Some(id),
            TyKind::Error => return None,
            _ => match self.lookup(&name.name) {
                Some(Sym::Variant(id, _)) => Some(id),
                _ => None,
            },
        };
        if let Some(id) = id {
            // A variant of the subject's own type needs no import and no path.
            let index = match &self.type_info(id).kind {
                TypeKind::Enum(variants) => variants.get_index_of(&name.name),
                TypeKind::Record(_) if self.type_info(id).name == name.name => {
                    self.set_name(pattern.id, Res::Record(id));
                    return self.record_fields(inner);
                }
                _ => None,
            };
            if let Some(index) = index {
                let index = u32::try_from(index).unwrap_or(0);
                self.set_name(pattern.id, Res::Variant(id, index));
                let names: Vec<ecow::EcoString> = match &self.type_info(id).kind {
                    TypeKind::Enum(variants) => variants
                        .get_index(index as usize)
                        .map(|(_, fields)| fields.iter().map(|(name, _)| name.clone()).collect())
                        .unwrap_or_default(),
                    _ => Vec::new(),
                };
                let (fields, enum_) = self.instantiate_variant(id, index, pattern.id);
                if self.unify(enum_, inner).is_err() {
                    let shown = self.show(enum_);
                    self.wrong_pattern(pattern.span, &shown, ty);
                }
                return Some(names.into_iter().zip(fields).collect());
            }
        }
        self.unknown_variant(name, ty);
        None
    }

    fn unknown_variant(&mut self, name: &Ident, ty: Ty) {
        let variants: Vec<ecow::EcoString> = match self.kind(self.without_option(ty)) {
            TyKind::Named(id, _) => match &self.type_info(id).kind {
                TypeKind::Enum(variants) => variants.keys().cloned().collect(),
                _ => Vec::new(),
            },
            _ => Vec::new(),
        };
        let shown = self.show(ty);
        let mut diagnostic =
            Diagnostic::error(codes::E0503, name.span, format!("`{shown}` has no variant `{}`", name.name));
        if let Some(similar) = closest(&name.name, variants.iter().map(ecow::EcoString::as_str)) {
            diagnostic = diagnostic.help(format!("did you mean `{similar}`?")).fix(
                format!("write `{similar}`"),
                name.span,
                similar,
            );
        } else if !variants.is_empty() {
            let list: Vec<String> = variants.iter().map(|name| format!("`{name}`")).collect();
            diagnostic = diagnostic.help(format!("it has {}", list.join(", ")));
        }
        self.report(diagnostic);
    }

    fn record_pattern(&mut self, fields: &'a [FieldPattern], ty: Ty, mutable: bool, kind: VarKind) {
        let inner = self.without_option(ty);
        let known = self.record_fields(inner);
        if known.is_none() && self.is_free(inner) {
            // Nothing is known: the value is a record with at least these fields, settled when it is.
            for field in fields {
                let part = self.fresh();
                self.bind_field(field, part, mutable, kind);
                self.solve_member(inner, &field.name, false, field.pattern.id, part);
            }
            return;
        }
        for field in fields {
            let found = known
                .as_ref()
                .and_then(|known| known.iter().find(|(name, _)| *name == field.name.name))
                .map(|(_, ty)| *ty);
            let part = match (found, self.kind(inner)) {
                (Some(ty), _) => ty,
                (None, TyKind::Any) => self.well_known.any,
                (None, TyKind::Map(_, value)) => self.option(value),
                (None, TyKind::Error) => self.well_known.error,
                (None, _) => {
                    self.no_field(inner, &field.name.name, field.name.span);
                    self.well_known.error
                }
            };
            self.bind_field(field, part, mutable, kind);
        }
    }

    fn bind_field(&mut self, field: &'a FieldPattern, ty: Ty, mutable: bool, kind: VarKind) {
        let ty = match &field.default {
            Some(default) => {
                let inner = self.without_option(ty);
                self.check(default, inner);
                inner
            }
            None => ty,
        };
        self.bind_pattern(&field.pattern, ty, mutable, kind);
    }

    /// All alternatives bind the same names with the same types; the first one's variables stand for all.
    fn or_pattern(&mut self, alternatives: &'a [Pattern], ty: Ty, mutable: bool, kind: VarKind) {
        let mut first: Option<Vec<(ecow::EcoString, Ty)>> = None;
        for alternative in alternatives {
            self.bind_pattern(alternative, ty, mutable, kind);
            let mut names = Vec::new();
            crate::collect::pattern_names(alternative, &mut names);
            let bound: Vec<(ecow::EcoString, Ty)> = names
                .iter()
                .map(|(name, id, _)| {
                    (name.clone(), self.out.node_types.get(id.0 as usize).copied().unwrap_or_default())
                })
                .collect();
            let Some(first) = &first else {
                first = Some(bound);
                continue;
            };
            let same = first.len() == bound.len()
                && first.iter().all(|(name, _)| bound.iter().any(|(other, _)| other == name));
            if !same {
                self.report(
                    Diagnostic::error(
                        codes::E0504,
                        alternative.span,
                        "the alternatives of a pattern bind different names",
                    )
                    .help("bind the same names in each, or use arms of their own"),
                );
                continue;
            }
            for (name, ty) in first.clone() {
                if let Some((_, other)) = bound.iter().find(|(other, _)| *other == name) {
                    self.coerce(*other, ty, alternative.span);
                }
            }
        }
    }
}
