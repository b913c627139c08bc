//! `object.name`, `object[index]`, and walking.

use ecow::EcoString;
use tova_diagnostics::{Diagnostic, closest, codes};
use tova_source::Span;
use tova_syntax::ast::{Expr, ExprKind, Ident, NodeId};

use super::Want;
use crate::constraint::ConstraintKind;
use crate::ctx::{Checker, Sym, VarShape};
use crate::tables::{FnIdx, Place, Res, TypeKind};
use crate::types::{Ty, TyKind};

/// Units of time, in milliseconds.
const DURATIONS: &[(&[&str], i64)] = &[
    (&["millisecond", "milliseconds", "ms"], 1),
    (&["second", "seconds"], 1_000),
    (&["minute", "minutes"], 60_000),
    (&["hour", "hours"], 3_600_000),
    (&["day", "days"], 86_400_000),
    (&["week", "weeks"], 604_800_000),
];

/// Units of size, in bytes: binary, as memory is counted.
const SIZES: &[(&[&str], i64)] = &[
    (&["byte", "bytes"], 1),
    (&["kilobyte", "kilobytes", "kb"], 1_024),
    (&["megabyte", "megabytes", "mb"], 1_048_576),
    (&["gigabyte", "gigabytes", "gb"], 1_073_741_824),
];

fn unit(table: &[(&[&str], i64)], name: &str) -> Option<i64> {
    table.iter().find(|(names, _)| names.contains(&name)).map(|(_, factor)| *factor)
}

impl<'a> Checker<'a> {
    pub(super) fn field(&mut self, expr: &'a Expr, object: &'a Expr, name: &'a Ident, optional: bool) -> Ty {
        if let Some(ty) = self.path_member(expr.id, object, name) {
            return ty;
        }
        let object_ty = self.infer(object, Want::Value);
        if let Some(ty) = self.unit_literal(expr.id, object_ty, name) {
            return ty;
        }
        let result = self.fresh();
        self.solve_member(object_ty, name, optional, expr.id, result);
        if let Some(key) = self.path_key(expr)
            && let Some(narrowed) = self.narrowed_type(&key)
        {
            return narrowed;
        }
        result
    }

    fn unit_literal(&mut self, id: NodeId, object: Ty, name: &Ident) -> Option<Ty> {
        let number = match self.kind(object) {
            TyKind::Int => true,
            TyKind::Var(var) => self.shape(var) == VarShape::Number,
            _ => false,
        };
        if !number {
            return None;
        }
        let int = self.well_known.int;
        if let Some(factor) = unit(DURATIONS, &name.name) {
            let _ = self.unify(object, int);
            self.set_name(id, Res::DurationUnit(factor));
            return Some(self.well_known.duration);
        }
        let factor = unit(SIZES, &name.name)?;
        let _ = self.unify(object, int);
        self.set_name(id, Res::SizeUnit(factor));
        Some(self.well_known.size)
    }

    /// `JSON.parse`, `User.all`, `server.f`, `Cart.items`, `Shape.Circle`: names that open a path.
    fn path_member(&mut self, id: NodeId, object: &'a Expr, name: &'a Ident) -> Option<Ty> {
        let ExprKind::Name(head) = &object.kind else { return None };
        match self.lookup(head) {
            Some(Sym::Store(store)) => {
                self.set_name(object.id, Res::Path);
                Some(self.store_member(id, &store, name))
            }
            Some(Sym::Type(ty)) => {
                let function = self.static_method(head, &name.name);
                let variant = match &self.type_info(ty).kind {
                    TypeKind::Enum(variants) => variants.get_index_of(&name.name),
                    _ => None,
                };
                match (function, variant) {
                    (Some(function), _) => {
                        self.set_name(object.id, Res::Path);
                        Some(self.function_value(id, function))
                    }
                    (None, Some(index)) => {
                        self.set_name(object.id, Res::Path);
                        let index = u32::try_from(index).unwrap_or(0);
                        self.set_name(id, Res::Variant(ty, index));
                        let (fields, ty) = self.instantiate_variant(ty, index, id);
                        Some(if fields.is_empty() { ty } else { self.ty(TyKind::Fn(fields, ty)) })
                    }
                    (None, None) => None,
                }
            }
            None => {
                let function = self.static_method(head, &name.name)?;
                self.set_name(object.id, Res::Path);
                Some(self.function_value(id, function))
            }
            Some(_) => None,
        }
    }

    pub(crate) fn static_method(&self, ty: &EcoString, name: &EcoString) -> Option<FnIdx> {
        self.methods.get(&(ty.clone(), name.clone())).copied().filter(|id| {
            if !self.in_test && self.is_for_tests(*id) {
                return false;
            }
            let first = self.fn_decl(*id).params.first();
            !first.is_some_and(
                |param| matches!(&param.pattern.kind, tova_syntax::ast::PatternKind::Name(name) if name == "self"),
            )
        })
    }

    fn function_value(&mut self, id: NodeId, function: FnIdx) -> Ty {
        self.set_name(id, Res::Fn(function));
        let (params, ret) = self.instantiate(function, id);
        self.ty(TyKind::Fn(params, ret))
    }

    fn store_member(&mut self, id: NodeId, store: &EcoString, name: &Ident) -> Ty {
        let member = self.stores.get(store).and_then(|names| names.symbols.get(&name.name)).map(|(sym, _)| sym.clone());
        match member {
            Some(Sym::Global(global)) => {
                self.set_name(id, Res::Global(global));
                self.global_type(global)
            }
            Some(Sym::Fn(function)) => self.function_value(id, function),
            _ => {
                let names: Vec<EcoString> =
                    self.stores.get(store).map(|names| names.symbols.keys().cloned().collect()).unwrap_or_default();
                self.no_member(&format!("the store `{store}`"), &name.name, name.span, &names);
                self.well_known.error
            }
        }
    }

    /// Settles `object.name` if the object's type is known, or keeps it for later.
    pub(crate) fn solve_member(&mut self, object: Ty, name: &'a Ident, optional: bool, id: NodeId, result: Ty) {
        match self.kind(object) {
            TyKind::Var(var) => match self.shape(var) {
                VarShape::Number => {
                    let int = self.well_known.int;
                    let _ = self.unify(object, int);
                    self.solve_member(object, name, optional, id, result);
                }
                VarShape::Braces(fields) if fields.iter().any(|(field, _)| *field == name.name) => {
                    self.record_member(object, name, id, result);
                }
                VarShape::Free | VarShape::Braces(_) => {
                    self.postpone(name.span, ConstraintKind::Member { object, name, optional, id, result });
                }
            },
            TyKind::Option(inner) if optional || self.in_view => {
                let field = self.fresh();
                self.solve_member(inner, name, false, id, field);
                let wrapped = self.wrap_option(field);
                let _ = self.unify(result, wrapped);
            }
            TyKind::Option(_) => {
                let shown = self.show(object);
                self.report(
                    Diagnostic::error(codes::E0104, name.span, format!("the value is a `{shown}` and may be nil"))
                        .help(format!("use `?.{}`, or test it first: `guard … != nil else {{ … }}`", name.name))
                        .fix("use `?.`", name.span.at_start(), "?"),
                );
                self.fail(result);
            }
            _ => self.record_member(object, name, id, result),
        }
    }

    /// An option of a type that may not be known yet.
    fn wrap_option(&mut self, ty: Ty) -> Ty {
        self.option(ty)
    }

    pub(crate) fn fail(&mut self, result: Ty) {
        let error = self.well_known.error;
        let _ = self.unify(result, error);
    }

    fn record_member(&mut self, object: Ty, name: &'a Ident, id: NodeId, result: Ty) {
        let kind = self.kind(object);
        if name.name == "length" && matches!(kind, TyKind::List(_) | TyKind::Str | TyKind::Map(..) | TyKind::Set(_)) {
            self.set_name(id, Res::Length);
            let int = self.well_known.int;
            let _ = self.unify(result, int);
            return;
        }
        if let Some(fields) = self.record_fields(object)
            && let Some(index) = fields.iter().position(|(field, _)| *field == name.name)
        {
            self.set_name(id, Res::Field(u32::try_from(index).unwrap_or(0)));
            let ty = fields.get(index).map_or(self.well_known.error, |(_, ty)| *ty);
            let _ = self.unify(result, ty);
            return;
        }
        match kind {
            TyKind::Error => self.fail(result),
            TyKind::Any => {
                self.set_name(id, Res::Member);
                let any = self.well_known.any;
                let _ = self.unify(result, any);
            }
            TyKind::Map(key, value) if matches!(self.kind(key), TyKind::Str) => {
                self.set_name(id, Res::Member);
                let value = self.option(value);
                let _ = self.unify(result, value);
            }
            TyKind::Named(ty, _) => {
                if let TypeKind::Handle(properties) = self.type_info(ty).kind.clone() {
                    let handle = self.type_info(ty).name.clone();
                    return self.handle_member(
                        &handle,
                        properties.get(&name.name).map(|(ty, _)| *ty),
                        name,
                        id,
                        result,
                    );
                }
                if !self.method_value(object, name, id, result) {
                    self.no_field(object, &name.name, name.span);
                    self.fail(result);
                }
            }
            _ => {
                if !self.method_value(object, name, id, result) {
                    self.no_field(object, &name.name, name.span);
                    self.fail(result);
                }
            }
        }
    }

    /// A method without its call, `text.trim`, is a mistake with a clear way out.
    fn method_value(&mut self, object: Ty, name: &Ident, id: NodeId, result: Ty) -> bool {
        if self.find_method(object, &name.name).is_none() {
            return false;
        }
        self.set_name(id, Res::Error);
        self.report(
            Diagnostic::error(codes::E0105, name.span, format!("`{}` is a function", name.name)).help("call it").fix(
                "call it",
                name.span.at_end(),
                "()",
            ),
        );
        self.fail(result);
        true
    }

    fn handle_member(&mut self, handle: &EcoString, property: Option<Ty>, name: &'a Ident, id: NodeId, result: Ty) {
        if let Some(ty) = property {
            self.set_name(id, Res::Property { ty: handle.clone(), name: name.name.clone() });
            let _ = self.unify(result, ty);
            return;
        }
        if handle == "Request"
            && let Place::Server(server) = self.place
        {
            let (index, ty) = self.request_field(server, &name.name);
            self.reads_of_request_fields.push((server, name.name.clone(), name.span));
            self.set_name(id, Res::RequestField(index));
            let ty = self.option(ty);
            let _ = self.unify(result, ty);
            return;
        }
        let object = self.handle(handle);
        if !self.method_value(object, name, id, result) {
            self.no_field(object, &name.name, name.span);
            self.fail(result);
        }
    }

    /// The field that the middleware of a server adds to requests, made when it is first mentioned.
    pub(crate) fn request_field(&mut self, server: u32, name: &EcoString) -> (u32, Ty) {
        let fresh = self.fresh();
        if let TyKind::Var(var) = self.kind(fresh)
            && let Some(var) = self.vars.get_mut(var as usize)
        {
            var.level = 0;
        }
        let Some(info) = self.out.servers.get_mut(server as usize) else { return (0, fresh) };
        let entry = info.request_fields.entry(name.clone());
        let index = u32::try_from(entry.index()).unwrap_or(0);
        (index, *entry.or_insert(fresh))
    }

    /// Reports a field that the type does not have.
    pub(crate) fn no_field(&mut self, ty: Ty, name: &EcoString, span: Span) {
        let names: Vec<EcoString> = match self.kind(ty) {
            TyKind::Named(id, _) => match &self.type_info(id).kind {
                TypeKind::Record(fields) => fields.keys().cloned().collect(),
                TypeKind::Handle(fields) => fields.keys().cloned().collect(),
                TypeKind::Enum(_) | TypeKind::Alias(_) => Vec::new(),
            },
            _ => self.record_fields(ty).unwrap_or_default().into_iter().map(|(name, _)| name).collect(),
        };
        let shown = self.show(ty);
        self.no_member(&format!("`{shown}`"), name, span, &names);
    }

    pub(crate) fn no_member(&mut self, what: &str, name: &EcoString, span: Span, names: &[EcoString]) {
        let mut diagnostic = Diagnostic::error(codes::E0104, span, format!("{what} has no field `{name}`"));
        if let Some(similar) = closest(name, names.iter().map(EcoString::as_str)) {
            diagnostic =
                diagnostic.help(format!("did you mean `{similar}`?")).fix(format!("write `{similar}`"), span, similar);
        } else if !names.is_empty() && names.len() <= 8 {
            let list: Vec<String> = names.iter().map(|name| format!("`{name}`")).collect();
            diagnostic = diagnostic.help(format!("it has {}", list.join(", ")));
        }
        self.report(diagnostic);
    }

    pub(super) fn index(&mut self, expr: &'a Expr, object: &'a Expr, index: &'a Expr) -> Ty {
        let object_ty = self.infer(object, Want::Value);
        let wanted = match self.kind(object_ty) {
            TyKind::Map(key, _) => Want::Type(key),
            _ => Want::Value,
        };
        let index_ty = self.infer(index, wanted);
        if let (TyKind::Tuple(items), ExprKind::Int(position)) = (self.kind(object_ty), &index.kind)
            && let Some(item) = usize::try_from(*position).ok().and_then(|position| items.get(position))
        {
            let _ = self.unify(index_ty, self.well_known.int);
            return *item;
        }
        let result = self.fresh();
        self.solve_index(expr.span, object_ty, index_ty, expr.id, result);
        result
    }

    /// Settles `object[index]` if the types are known, or keeps it for later.
    pub(crate) fn solve_index(&mut self, span: Span, object: Ty, index: Ty, id: NodeId, result: Ty) {
        let (int, str_) = (self.well_known.int, self.well_known.str_);
        self.settle_key(object, index);
        match self.kind(object) {
            TyKind::List(item) => {
                self.coerce(index, int, span);
                let _ = self.unify(result, item);
            }
            TyKind::Str => {
                self.coerce(index, int, span);
                let _ = self.unify(result, str_);
            }
            TyKind::Map(key, value) => {
                self.coerce(index, key, span);
                let value = self.option(value);
                let _ = self.unify(result, value);
            }
            TyKind::Any => {
                let any = self.well_known.any;
                let _ = self.unify(result, any);
            }
            TyKind::Error => self.fail(result),
            TyKind::Var(var) => match (self.shape(var), self.kind(index)) {
                // Read by a name that is not known in advance: a map.
                (VarShape::Braces(_), kind) if !matches!(kind, TyKind::Var(_)) => {
                    self.braces_as_map(span, object, index, result, id)
                }
                (VarShape::Free, TyKind::Str) if !self.is_free(object) => self.fail(result),
                _ => self.postpone(span, ConstraintKind::Index { object, index, id, result }),
            },
            TyKind::Named(ty, _) if self.type_info(ty).name == "Headers" => {
                self.coerce(index, str_, span);
                if let Some(get) = self.methods.get(&("Headers".into(), "get".into())).copied() {
                    self.ensure_fn(get);
                    self.set_name(id, Res::Method(get));
                }
                let text = self.option(str_);
                let _ = self.unify(result, text);
            }
            TyKind::Option(_) => {
                let shown = self.show(object);
                self.report(
                    Diagnostic::error(codes::E0111, span, format!("the value is a `{shown}` and may be nil"))
                        .help("test it first: `guard … != nil else { … }`"),
                );
                self.fail(result);
            }
            _ => {
                let shown = self.show(object);
                self.report(
                    Diagnostic::error(codes::E0111, span, format!("`{shown}` cannot be indexed"))
                        .help("lists, strings and maps can; the fields of a record have names: `value.name`"),
                );
                self.fail(result);
            }
        }
    }

    /// A whole number that `{ … }` is indexed by is an `Int`.
    fn settle_key(&mut self, object: Ty, index: Ty) {
        if let (TyKind::Var(object), TyKind::Var(key)) = (self.kind(object), self.kind(index))
            && matches!(self.shape(object), VarShape::Braces(_))
            && self.shape(key) == VarShape::Number
        {
            let int = self.well_known.int;
            let _ = self.unify(index, int);
        }
    }

    fn braces_as_map(&mut self, span: Span, object: Ty, index: Ty, result: Ty, id: NodeId) {
        let value = self.fresh();
        let map = self.ty(TyKind::Map(index, value));
        if self.unify(object, map).is_err() {
            let shown = self.show(object);
            self.report(
                Diagnostic::error(codes::E0111, span, format!("`{shown}` is a record, its fields have fixed names"))
                    .help("declare it as a map, `Map<String, …>`, to read it by a computed key"),
            );
            return self.fail(result);
        }
        self.solve_index(span, object, index, id, result);
    }

    /// Settles `object[index] = value` if the types are known, or keeps it for later.
    pub(crate) fn solve_set_index(&mut self, span: Span, object: Ty, index: Ty, value: Ty) {
        self.settle_key(object, index);
        match self.kind(object) {
            TyKind::List(item) => {
                let int = self.well_known.int;
                self.coerce(index, int, span);
                self.coerce(value, item, span);
            }
            TyKind::Map(key, item) => {
                self.coerce(index, key, span);
                self.coerce(value, item, span);
            }
            TyKind::Any | TyKind::Error => {}
            TyKind::Var(var) => match (self.shape(var), self.kind(index)) {
                (VarShape::Braces(_), kind) if !matches!(kind, TyKind::Var(_)) => {
                    let map = self.ty(TyKind::Map(index, value));
                    if self.unify(object, map).is_err() {
                        self.solve_set_index_error(span, object);
                    }
                }
                _ => self.postpone(span, ConstraintKind::SetIndex { object, index, value }),
            },
            _ => self.solve_set_index_error(span, object),
        }
    }

    fn solve_set_index_error(&mut self, span: Span, object: Ty) {
        let shown = self.show(object);
        self.report(
            Diagnostic::error(codes::E0111, span, format!("the elements of `{shown}` cannot be set"))
                .help("lists and maps can be updated by index"),
        );
    }

    /// The element types of what a loop walks.
    pub(crate) fn solve_or_postpone_iterate(&mut self, span: Span, iterable: Ty, first: Ty, second: Option<Ty>) {
        self.solve_iterate(span, iterable, first, second);
    }

    pub(crate) fn solve_iterate(&mut self, span: Span, iterable: Ty, first: Ty, second: Option<Ty>) {
        let (int, str_, any) = (self.well_known.int, self.well_known.str_, self.well_known.any);
        let (one, two) = match self.kind(iterable) {
            TyKind::List(item) | TyKind::Set(item) => (item, second.map(|_| (int, item))),
            TyKind::Str => (str_, second.map(|_| (int, str_))),
            TyKind::Map(key, value) => {
                let entry = self.ty(TyKind::Tuple(vec![key, value]));
                (entry, second.map(|_| (key, value)))
            }
            TyKind::Any => (any, second.map(|_| (any, any))),
            TyKind::Error => {
                self.fail(first);
                if let Some(second) = second {
                    self.fail(second);
                }
                return;
            }
            TyKind::Var(_) => {
                self.postpone(span, ConstraintKind::Iterate { iterable, first, second });
                return;
            }
            _ => {
                let shown = self.show(iterable);
                self.report(
                    Diagnostic::error(codes::E0112, span, format!("`{shown}` cannot be walked"))
                        .help("lists, maps, sets, strings and ranges such as `0..10` can"),
                );
                return self.solve_iterate(span, self.well_known.error, first, second);
            }
        };
        match (second, two) {
            (Some(second), Some((key, value))) => {
                let _ = self.unify(first, key);
                let _ = self.unify(second, value);
            }
            _ => {
                let _ = self.unify(first, one);
            }
        }
    }
}
