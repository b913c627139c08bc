//! Literals: numbers, strings, lists, records, maps, tuples and comprehensions.

use ecow::EcoString;
use tova_diagnostics::{Diagnostic, codes};
use tova_source::Span;
use tova_syntax::ast::{CompClause, Expr, ExprKind, ListElement, RecordEntry, TemplatePart};

use super::Want;
use crate::constraint::ConstraintKind;
use crate::ctx::{Checker, VarShape};
use crate::tables::{TypeId, TypeKind, VarKind};
use crate::types::{Ty, TyKind};

/// Fields of a record literal in order.
type Fields = Vec<(EcoString, Ty)>;

impl<'a> Checker<'a> {
    pub(super) fn literal(&mut self, expr: &'a Expr, want: Want) -> Ty {
        match &expr.kind {
            ExprKind::Nil => self.nil(want),
            ExprKind::Bool(_) => self.well_known.bool_,
            ExprKind::Int(_) => self.fresh_shaped(VarShape::Number),
            ExprKind::Float(_) => self.well_known.float,
            ExprKind::Str(_) => self.well_known.str_,
            ExprKind::Template(parts) => {
                for part in parts {
                    if let TemplatePart::Expr(part) = part {
                        self.infer(part, Want::Value);
                    }
                }
                self.well_known.str_
            }
            ExprKind::List(items) => self.list_literal(items, want),
            ExprKind::ListComp { value, clause } => self.scoped(|this| {
                this.comp_clause(clause);
                let item = this.wanted_item(want);
                let ty = this.infer(value, item.map_or(Want::Value, Want::Type));
                let ty = this.item_of(ty, item, value.span);
                this.list(ty)
            }),
            ExprKind::Record(entries) => self.record_literal(expr, entries, want),
            ExprKind::RecordComp { key, value, clause } => self.scoped(|this| {
                this.comp_clause(clause);
                let key = this.infer(key, Want::Value);
                let value = this.infer(value, Want::Value);
                this.ty(TyKind::Map(key, value))
            }),
            ExprKind::Tuple(items) => self.tuple_literal(items, want),
            _ => {
                self.report(
                    Diagnostic::error(codes::E0109, expr.span, "regular expressions are not part of the language yet")
                        .help("use `contains`, `startsWith`, `split` or `replace`"),
                );
                self.well_known.error
            }
        }
    }

    fn nil(&mut self, want: Want) -> Ty {
        if let Some(ty) = want.ty()
            && matches!(self.kind(ty), TyKind::Any | TyKind::Unit | TyKind::Option(_))
        {
            return self.resolve(ty);
        }
        let inner = self.fresh();
        self.ty(TyKind::Option(inner))
    }

    fn wanted_item(&mut self, want: Want) -> Option<Ty> {
        match self.kind(self.without_option(want.ty()?)) {
            TyKind::List(item) | TyKind::Set(item) => Some(item),
            _ => None,
        }
    }

    /// The type inside an option, or the type itself.
    pub(crate) fn without_option(&self, ty: Ty) -> Ty {
        match self.kind(ty) {
            TyKind::Option(inner) => inner,
            _ => ty,
        }
    }

    fn item_of(&mut self, given: Ty, wanted: Option<Ty>, span: Span) -> Ty {
        let Some(wanted) = wanted else { return given };
        if self.is_free(wanted) && self.unify(given, wanted).is_ok() {
            return wanted;
        }
        self.coerce(given, wanted, span);
        wanted
    }

    fn list_literal(&mut self, items: &'a [ListElement], want: Want) -> Ty {
        let wanted = self.wanted_item(want);
        if let Some(wanted) = wanted
            && !self.is_free(wanted)
        {
            for item in items {
                let expected = if item.spread.is_some() { self.list(wanted) } else { wanted };
                self.check(&item.value, expected);
            }
            return self.list(wanted);
        }
        let mut common: Option<(Ty, Span)> = None;
        for item in items {
            let given = self.infer(&item.value, Want::Value);
            let given = if item.spread.is_some() { self.spread_item(given, item.value.span) } else { given };
            common = Some(match common {
                None => (given, item.value.span),
                Some((so_far, first)) => match self.join(so_far, given) {
                    Some(joined) => (joined, first),
                    None => (self.mixed_list(so_far, given, first, item.value.span), first),
                },
            });
        }
        let item = match common {
            Some((item, _)) => item,
            None => wanted.unwrap_or_else(|| self.fresh()),
        };
        self.list(item)
    }

    /// Elements of different kinds make a list of dynamic data when they are data, as JSON has them.
    fn mixed_list(&mut self, so_far: Ty, given: Ty, first: Span, span: Span) -> Ty {
        let any = self.well_known.any;
        if self.coerce_quietly(so_far, any).is_ok() && self.coerce_quietly(given, any).is_ok() {
            return any;
        }
        let (one, other) = (self.show(so_far), self.show(given));
        self.report(
            Diagnostic::error(codes::E0103, span, format!("the elements before are `{one}`, this is `{other}`"))
                .also(first, format!("this is `{one}`"))
                .help("the elements of a list have one type; use a tuple `(a, b)` for values of different types"),
        );
        self.well_known.error
    }

    fn spread_item(&mut self, ty: Ty, span: Span) -> Ty {
        let item = self.fresh();
        self.solve_or_postpone_iterate(span, ty, item, None);
        item
    }

    fn tuple_literal(&mut self, items: &'a [Expr], want: Want) -> Ty {
        if items.is_empty() {
            return self.well_known.unit;
        }
        let wanted = match want.ty().map(|ty| self.kind(ty)) {
            Some(TyKind::Tuple(wanted)) if wanted.len() == items.len() => Some(wanted),
            _ => None,
        };
        let types = items
            .iter()
            .enumerate()
            .map(|(index, item)| match wanted.as_ref().and_then(|wanted| wanted.get(index)).copied() {
                Some(ty) if !self.is_free(ty) => {
                    self.check(item, ty);
                    ty
                }
                _ => self.infer(item, Want::Value),
            })
            .collect();
        self.ty(TyKind::Tuple(types))
    }

    fn comp_clause(&mut self, clause: &'a CompClause) {
        self.loop_targets(&clause.targets, &clause.iterable);
        if let Some(cond) = &clause.cond {
            self.condition(cond);
        }
    }

    /// Declares the variables of a loop over an expression.
    pub(crate) fn loop_targets(&mut self, targets: &'a [tova_syntax::ast::Pattern], iterable: &'a Expr) {
        let ty = self.infer(iterable, Want::Value);
        let first = self.fresh();
        let second = (targets.len() > 1).then(|| self.fresh());
        self.solve_or_postpone_iterate(iterable.span, ty, first, second);
        for (target, ty) in targets.iter().zip([Some(first), second].into_iter().flatten()) {
            self.bind_pattern(target, ty, false, VarKind::Param);
        }
    }

    fn record_literal(&mut self, expr: &'a Expr, entries: &'a [RecordEntry], want: Want) -> Ty {
        let wanted = want.ty().map(|ty| self.without_option(ty)).map(|ty| (ty, self.kind(ty)));
        match wanted {
            Some((ty, TyKind::Map(key, value))) => {
                self.map_literal(entries, key, value);
                ty
            }
            Some((ty, TyKind::Named(id, _))) if matches!(self.type_info(id).kind, TypeKind::Record(_)) => {
                self.declared_literal(expr, entries, ty, id);
                ty
            }
            Some((_, TyKind::Record(fields))) => {
                let mut literal = self
                    .open_literal(entries, &|name| fields.iter().find(|(other, _)| other == name).map(|(_, ty)| *ty));
                // Optional fields that are left out are there all the same.
                if let TyKind::Var(var) = self.kind(literal)
                    && let VarShape::Braces(given) = self.shape(var)
                    && given.iter().all(|(name, _)| fields.iter().any(|(other, _)| other == name))
                    && given.len() < fields.len()
                {
                    let wanted = self.ty(TyKind::Record(fields.clone()));
                    if self.coerce_quietly(literal, wanted).is_ok() {
                        literal = wanted;
                    }
                }
                literal
            }
            Some((_, TyKind::Any)) => {
                let any = self.well_known.any;
                self.open_literal(entries, &|_| Some(any))
            }
            _ => self.open_literal(entries, &|_| None),
        }
    }

    fn map_literal(&mut self, entries: &'a [RecordEntry], key: Ty, value: Ty) {
        let str_ = self.well_known.str_;
        for entry in entries {
            match entry {
                RecordEntry::Field { name, value: given } | RecordEntry::Short { name, value: given } => {
                    self.coerce(str_, key, name.span);
                    self.check(given, value);
                }
                RecordEntry::Computed { key: name, value: given } => {
                    self.check(name, key);
                    self.check(given, value);
                }
                RecordEntry::Spread { value: given, .. } => {
                    let map = self.ty(TyKind::Map(key, value));
                    self.check(given, map);
                }
            }
        }
    }

    fn declared_literal(&mut self, expr: &'a Expr, entries: &'a [RecordEntry], ty: Ty, id: TypeId) {
        let fields = self.record_fields(ty).unwrap_or_default();
        let mut given: Vec<EcoString> = Vec::new();
        let mut spread = false;
        for entry in entries {
            match entry {
                RecordEntry::Field { name, value } | RecordEntry::Short { name, value } => {
                    match fields.iter().find(|(other, _)| *other == name.name) {
                        Some((_, ty)) => {
                            self.check(value, *ty);
                            given.push(name.name.clone());
                        }
                        None => {
                            self.infer(value, Want::Value);
                            self.no_field(ty, &name.name, name.span);
                        }
                    }
                }
                RecordEntry::Computed { key, value } => {
                    self.infer(key, Want::Value);
                    self.infer(value, Want::Value);
                    let shown = self.show(ty);
                    self.report(
                        Diagnostic::error(codes::E0110, key.span, format!("the fields of `{shown}` have fixed names"))
                            .help("use a map for computed keys"),
                    );
                }
                RecordEntry::Spread { value, .. } => {
                    let base = self.infer(value, Want::Type(ty));
                    spread |= self.record_fields(base).is_some();
                    self.spread_into(base, ty, value.span);
                }
            }
        }
        let missing: Vec<String> = fields
            .iter()
            .filter(|(name, ty)| {
                !given.contains(name) && !matches!(self.kind(*ty), TyKind::Option(_)) && !self.has_default(id, name)
            })
            .map(|(name, _)| format!("`{name}`"))
            .collect();
        if !spread && !missing.is_empty() {
            let shown = self.show(ty);
            let list = missing.join(", ");
            self.report(
                Diagnostic::error(codes::E0110, expr.span, format!("`{shown}` needs the field {list}"))
                    .help(format!("add {list}")),
            );
        }
    }

    fn spread_into(&mut self, base: Ty, ty: Ty, span: Span) {
        let (Some(have), Some(want)) = (self.record_fields(base), self.record_fields(ty)) else {
            return self.coerce(base, ty, span);
        };
        for (name, ty) in have {
            if let Some((_, wanted)) = want.iter().find(|(other, _)| *other == name) {
                self.coerce(ty, *wanted, span);
            }
        }
    }

    /// A literal of which it is not known yet whether it is a record or a map.
    fn open_literal(&mut self, entries: &'a [RecordEntry], wanted: &dyn Fn(&EcoString) -> Option<Ty>) -> Ty {
        if let Some(map) = self.computed_literal(entries) {
            return map;
        }
        let mut fields = Fields::new();
        let mut unknown: Option<(Ty, Fields, Span)> = None;
        for entry in entries {
            match entry {
                RecordEntry::Field { name, value } | RecordEntry::Short { name, value } => {
                    let want = wanted(&name.name).filter(|ty| !self.is_free(*ty));
                    let given = self.infer(value, want.map_or(Want::Value, Want::Type));
                    let given = match want {
                        Some(ty) if self.coerce_quietly(given, ty).is_ok() => ty,
                        _ => given,
                    };
                    set_field(&mut fields, &name.name, given);
                }
                RecordEntry::Spread { value, .. } => {
                    let base = self.infer(value, Want::Value);
                    match self.record_fields(base) {
                        Some(more) => more.into_iter().for_each(|(name, ty)| set_field(&mut fields, &name, ty)),
                        None if self.is_free(base) && unknown.is_none() => {
                            unknown = Some((base, std::mem::take(&mut fields), value.span));
                        }
                        None if matches!(self.kind(base), TyKind::Any | TyKind::Map(..)) => {
                            return self.rest_of_map(entries, base);
                        }
                        None => {
                            if !matches!(self.kind(base), TyKind::Error) {
                                let shown = self.show(base);
                                let message = format!("expected a record to take the fields of, found `{shown}`");
                                self.report(Diagnostic::error(codes::E0110, value.span, message));
                            }
                        }
                    }
                }
                RecordEntry::Computed { .. } => {}
            }
        }
        match unknown {
            None => self.fresh_shaped(VarShape::Braces(fields)),
            Some((base, before, span)) => {
                let result = self.fresh();
                self.solve_spread(span, base, before, fields, result);
                result
            }
        }
    }

    /// Settles a literal with `...base` if the base's type is known, or keeps it for later.
    pub(crate) fn solve_spread(
        &mut self,
        span: Span,
        base: Ty,
        before: Vec<(EcoString, Ty)>,
        after: Vec<(EcoString, Ty)>,
        result: Ty,
    ) {
        if let Some(middle) = self.record_fields(base) {
            let mut fields = before;
            for (name, ty) in middle.into_iter().chain(after) {
                set_field(&mut fields, &name, ty);
            }
            let literal = self.fresh_shaped(VarShape::Braces(fields));
            return self.coerce(literal, result, span);
        }
        match self.kind(base) {
            TyKind::Var(_) => self.postpone(span, ConstraintKind::Spread { base, before, after, result }),
            TyKind::Error => self.fail(result),
            TyKind::Map(_, value) => {
                for (_, ty) in before.into_iter().chain(after) {
                    self.coerce(ty, value, span);
                }
                self.coerce(base, result, span);
            }
            _ => {
                let shown = self.show(base);
                let message = format!("expected a record to take the fields of, found `{shown}`");
                self.report(Diagnostic::error(codes::E0110, span, message));
                self.fail(result);
            }
        }
    }

    /// A literal with `...` of a map or of dynamic data is one itself.
    fn rest_of_map(&mut self, entries: &'a [RecordEntry], base: Ty) -> Ty {
        let ty = match self.kind(base) {
            TyKind::Map(..) => base,
            _ => {
                let (str_, any) = (self.well_known.str_, self.well_known.any);
                self.ty(TyKind::Map(str_, any))
            }
        };
        if let TyKind::Map(key, value) = self.kind(ty) {
            self.map_literal(entries, key, value);
        }
        ty
    }

    /// `{ [k]: v }` is a map.
    fn computed_literal(&mut self, entries: &'a [RecordEntry]) -> Option<Ty> {
        if !entries.iter().any(|entry| matches!(entry, RecordEntry::Computed { .. })) {
            return None;
        }
        let (key, value) = (self.fresh(), self.fresh());
        self.map_literal(entries, key, value);
        Some(self.ty(TyKind::Map(key, value)))
    }
}

fn set_field(fields: &mut Vec<(EcoString, Ty)>, name: &EcoString, ty: Ty) {
    match fields.iter_mut().find(|(other, _)| other == name) {
        Some((_, old)) => *old = ty,
        None => fields.push((name.clone(), ty)),
    }
}
