//! Places: what can be updated, and what reading and updating it means.

use tova_check::tables::Res;
use tova_source::Span;
use tova_syntax::ast;

use super::body::Binding;
use super::{Body, build};
use crate::{Expr, ExprKind, GlobalId, Place, PlaceRoot, PlaceStep, Prim, Type};

/// The left side of an assignment.
pub(crate) enum Target {
    /// A variable or a part of one.
    Place(Place),
    /// A property of a handle.
    Property { object: Expr, handle: String, name: String, ty: Type },
    /// A field that middleware adds to requests.
    RequestField { request: Expr, index: u32, ty: Type },
    /// `_`: evaluated and dropped.
    Nothing,
}

impl<'a> Body<'_, 'a> {
    /// The left side of an assignment. With `reuse` it is read as well: what it evaluates is kept in `before`.
    pub(crate) fn target(&mut self, e: &'a ast::Expr, before: &mut Vec<Expr>, reuse: bool) -> Target {
        match &e.kind {
            ast::ExprKind::Paren(inner) => return self.target(inner, before, reuse),
            ast::ExprKind::Name(name) if name == "_" => return Target::Nothing,
            ast::ExprKind::Field { object, .. } => match self.res(e.id) {
                Some(Res::Property { ty: handle, name }) => {
                    let object = self.expr(object);
                    let object = if reuse { self.keep("object", object, before) } else { object };
                    let ty = self.node_ty(e.id);
                    return Target::Property {
                        object,
                        handle: handle.to_lowercase().to_string(),
                        name: name.to_string(),
                        ty,
                    };
                }
                Some(Res::RequestField(index)) => {
                    let request = self.expr(object);
                    let request = if reuse { self.keep("request", request, before) } else { request };
                    let ty = self.request_field_ty(*index);
                    return Target::RequestField { request, index: *index, ty };
                }
                _ => {}
            },
            _ => {}
        }
        self.place(e, before, reuse).map_or(Target::Nothing, Target::Place)
    }

    /// The type of a field that middleware adds to requests of this server.
    pub(crate) fn request_field_ty(&mut self, index: u32) -> Type {
        let crate::Home::Server(server) = self.home else { return Type::Any };
        let fields = self.lower.checked.servers.get(server as usize).map(|server| &server.request_fields);
        let ty = fields.and_then(|fields| fields.get_index(index as usize)).map(|(_, ty)| *ty);
        ty.map_or(Type::Any, |ty| build::present(&self.lower.concrete(ty, &[])))
    }

    /// A variable or a part of one.
    pub(crate) fn place(&mut self, e: &'a ast::Expr, before: &mut Vec<Expr>, reuse: bool) -> Option<Place> {
        match &e.kind {
            ast::ExprKind::Paren(inner) => self.place(inner, before, reuse),
            ast::ExprKind::Field { object, name, .. } => match self.res(e.id) {
                Some(Res::Global(_)) => self.root(e),
                _ => {
                    let place = self.outer(object, before, reuse)?;
                    self.field_step(place, &name.name, e.span)
                }
            },
            ast::ExprKind::TupleField { object, index, .. } => {
                let mut place = self.outer(object, before, reuse)?;
                let Type::Tuple(items) = place.ty.clone() else { return None };
                place.ty = items.get(*index as usize)?.clone();
                place.path.push(PlaceStep::Tuple(*index));
                Some(place)
            }
            ast::ExprKind::Index { object, index } => {
                let place = self.outer(object, before, reuse)?;
                let index = self.expr(index);
                let index = if reuse { self.keep("index", index, before) } else { index };
                self.index_step(place, index)
            }
            _ => self.root(e),
        }
    }

    /// The place that holds a part: an option there is known to be present.
    fn outer(&mut self, e: &'a ast::Expr, before: &mut Vec<Expr>, reuse: bool) -> Option<Place> {
        let mut place = self.place(e, before, reuse)?;
        if let Type::Option(item) = place.ty.clone() {
            place.path.push(PlaceStep::Some);
            place.ty = (*item).clone();
        }
        Some(place)
    }

    fn root(&mut self, e: &'a ast::Expr) -> Option<Place> {
        match self.res(e.id)? {
            Res::Local(var) => match self.frame().vars.get(var)?.clone() {
                Binding::Local(local) => {
                    let ty = self.locals.get(local.0 as usize)?.ty.clone();
                    Some(Place { root: PlaceRoot::Local(local), path: Vec::new(), ty })
                }
                Binding::Place(place) => Some(place),
                Binding::Callable { .. } | Binding::Value(_) => None,
            },
            Res::Global(global) => {
                let global = self.lower.global(*global);
                let ty = self.lower.program.globals.get(global.0 as usize)?.ty.clone();
                Some(Place { root: PlaceRoot::Global(global), path: Vec::new(), ty })
            }
            _ => None,
        }
    }

    fn field_step(&mut self, mut place: Place, name: &str, span: Span) -> Option<Place> {
        match place.ty.clone() {
            Type::Record(record) => {
                let (index, ty) = self.lower.field(record, name)?;
                place.path.push(PlaceStep::Field { record, index });
                place.ty = ty;
            }
            Type::Map(_, value) => {
                place.path.push(PlaceStep::Key(build::str(name, span)));
                place.ty = (*value).clone();
            }
            Type::Any => {
                let key = self.convert(build::str(name, span), &Type::Any);
                place.path.push(PlaceStep::Dynamic(key));
            }
            _ => return None,
        }
        Some(place)
    }

    fn index_step(&mut self, mut place: Place, index: Expr) -> Option<Place> {
        match place.ty.clone() {
            Type::List(item) => {
                let index = self.convert(index, &Type::Int);
                place.path.push(PlaceStep::Index(index));
                place.ty = (*item).clone();
            }
            Type::Map(key, value) => {
                let index = self.convert(index, &key);
                place.path.push(PlaceStep::Key(index));
                place.ty = (*value).clone();
            }
            Type::Any => {
                let index = self.convert(index, &Type::Any);
                place.path.push(PlaceStep::Dynamic(index));
            }
            Type::Record(record) => {
                let ExprKind::Str(name) = &index.kind else { return None };
                let (index, ty) = self.lower.field(record, name)?;
                place.path.push(PlaceStep::Field { record, index });
                place.ty = ty;
            }
            _ => return None,
        }
        Some(place)
    }

    /// The value of a place. An entry of a map must be present.
    pub(crate) fn read_place(&mut self, place: &Place, span: Span) -> Expr {
        let mut value = match place.root {
            PlaceRoot::Local(local) => self.read(local, span),
            PlaceRoot::Global(global) => self.read_global(global, span),
        };
        for step in &place.path {
            value = match step {
                PlaceStep::Field { record, index } => {
                    let ty =
                        self.lower.fields(*record).get(*index as usize).map_or(Type::Unit, |field| field.ty.clone());
                    build::expr(ExprKind::Field { object: Box::new(value), index: *index }, ty, span)
                }
                PlaceStep::Tuple(index) => self.tuple_field(value, *index, span),
                PlaceStep::Index(index) => self.element(value, index.clone(), span),
                PlaceStep::Key(key) => {
                    let ty = match &value.ty {
                        Type::Map(_, item) => (**item).clone(),
                        _ => Type::Any,
                    };
                    let entry = self.element(value, key.clone(), span);
                    if entry.ty == ty { entry } else { build::prim(Prim::Unwrap, vec![entry], ty, span) }
                }
                PlaceStep::Dynamic(key) => build::prim(Prim::AnyGet, vec![value, key.clone()], Type::Any, span),
                PlaceStep::Some => self.unwrap(value, span),
            };
        }
        value
    }

    /// The value of a global.
    pub(crate) fn read_global(&mut self, global: GlobalId, span: Span) -> Expr {
        let ty = self.lower.program.globals.get(global.0 as usize).map_or(Type::Unit, |global| global.ty.clone());
        build::expr(ExprKind::Global(global), ty, span)
    }

    /// The type of what a target takes.
    pub(crate) fn target_ty(&self, target: &Target) -> Option<Type> {
        match target {
            Target::Place(place) => Some(place.ty.clone()),
            Target::Property { ty, .. } | Target::RequestField { ty, .. } => Some(ty.clone()),
            Target::Nothing => None,
        }
    }

    /// The present value of a target.
    pub(crate) fn read_target(&mut self, target: &Target, span: Span) -> Expr {
        match target {
            Target::Place(place) => self.read_place(place, span),
            Target::Property { object, handle, name, ty } => {
                build::intrinsic(format!("{handle}.get_{name}"), vec![object.clone()], ty.clone(), span)
            }
            Target::RequestField { request, index, ty } => build::expr(
                ExprKind::RequestField { request: Box::new(request.clone()), index: *index },
                Type::option(ty.clone()),
                span,
            ),
            Target::Nothing => build::unit(span),
        }
    }

    /// Puts a value into a target.
    pub(crate) fn write_target(&mut self, target: Target, value: Expr, span: Span) -> Expr {
        match target {
            Target::Place(place) => {
                let value = self.convert(value, &place.ty);
                build::expr(ExprKind::Assign { place, value: Box::new(value) }, Type::Unit, span)
            }
            Target::Property { object, handle, name, ty } => {
                let value = self.convert(value, &ty);
                build::intrinsic(format!("{handle}.set_{name}"), vec![object, value], Type::Unit, span)
            }
            Target::RequestField { request, index, ty } => {
                let value = self.convert(value, &ty);
                let kind = ExprKind::SetRequestField { request: Box::new(request), index, value: Box::new(value) };
                build::expr(kind, Type::Unit, span)
            }
            Target::Nothing => value,
        }
    }
}
