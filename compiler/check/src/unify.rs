//! Equality of types with unknown parts.

use ecow::EcoString;

use crate::ctx::{Checker, VarShape};
use crate::tables::TypeKind;
use crate::types::{Ty, TyKind};

/// Two types that cannot be made equal.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Mismatch;

type Unified = Result<(), Mismatch>;

impl Checker<'_> {
    /// Makes two types equal, or says that they cannot be.
    pub(crate) fn unify(&mut self, a: Ty, b: Ty) -> Unified {
        let (a, b) = (self.resolve(a), self.resolve(b));
        if a == b {
            return Ok(());
        }
        match (self.kind(a), self.kind(b)) {
            (TyKind::Error, _) | (_, TyKind::Error) => Ok(()),
            (TyKind::Var(x), TyKind::Var(y)) => self.unify_vars(x, y, b),
            (TyKind::Var(var), other) => self.bind(var, b, &other),
            (other, TyKind::Var(var)) => self.bind(var, a, &other),
            (TyKind::Param(x, _), TyKind::Param(y, _)) if x == y => Ok(()),
            (TyKind::List(x), TyKind::List(y))
            | (TyKind::Set(x), TyKind::Set(y))
            | (TyKind::Option(x), TyKind::Option(y)) => self.unify(x, y),
            (TyKind::Map(k, v), TyKind::Map(l, w)) => self.unify(k, l).and(self.unify(v, w)),
            (TyKind::Tuple(xs), TyKind::Tuple(ys)) => self.unify_all(&xs, &ys),
            (TyKind::Named(x, xs), TyKind::Named(y, ys)) if x == y => self.unify_all(&xs, &ys),
            (TyKind::Fn(xs, x), TyKind::Fn(ys, y)) => self.unify_all(&xs, &ys).and(self.unify(x, y)),
            (TyKind::Record(xs), TyKind::Record(ys)) => self.unify_fields(&xs, &ys),
            (TyKind::Union(xs), TyKind::Union(ys)) => self.unify_all(&xs, &ys),
            (x, y) if x == y => Ok(()),
            _ => Err(Mismatch),
        }
    }

    fn unify_all(&mut self, xs: &[Ty], ys: &[Ty]) -> Unified {
        if xs.len() != ys.len() {
            return Err(Mismatch);
        }
        xs.iter().zip(ys).try_for_each(|(x, y)| self.unify(*x, *y))
    }

    fn unify_fields(&mut self, xs: &[(EcoString, Ty)], ys: &[(EcoString, Ty)]) -> Unified {
        if xs.len() != ys.len() {
            return Err(Mismatch);
        }
        xs.iter().try_for_each(|(name, x)| {
            let (_, y) = ys.iter().find(|(other, _)| other == name).ok_or(Mismatch)?;
            self.unify(*x, *y)
        })
    }

    fn unify_vars(&mut self, x: u32, y: u32, y_ty: Ty) -> Unified {
        if x == y {
            return Ok(());
        }
        let shape = match (self.shape(x), self.shape(y)) {
            (VarShape::Free, other) | (other, VarShape::Free) => other,
            (VarShape::Number, VarShape::Number) => VarShape::Number,
            (VarShape::Braces(xs), VarShape::Braces(ys)) => {
                if !xs.is_empty() && !ys.is_empty() {
                    self.unify_fields(&xs, &ys)?;
                }
                VarShape::Braces(if xs.is_empty() { ys } else { xs })
            }
            (VarShape::Number, VarShape::Braces(_)) | (VarShape::Braces(_), VarShape::Number) => return Err(Mismatch),
        };
        let level = self.level_of(x).min(self.level_of(y));
        if let Some(var) = self.vars.get_mut(x as usize) {
            var.bound = Some(y_ty);
        }
        if let Some(var) = self.vars.get_mut(y as usize) {
            var.kind = shape;
            var.level = level;
        }
        Ok(())
    }

    fn level_of(&self, var: u32) -> u32 {
        self.vars.get(var as usize).map_or(0, |var| var.level)
    }

    fn bind(&mut self, var: u32, ty: Ty, kind: &TyKind) -> Unified {
        match (self.shape(var), kind) {
            (VarShape::Free, _)
            | (VarShape::Number, TyKind::Int | TyKind::Float | TyKind::Param(..) | TyKind::Never)
            | (VarShape::Braces(_), TyKind::Any | TyKind::Never) => {}
            (VarShape::Braces(fields), _) => self.fit_braces(&fields, kind)?,
            (VarShape::Number, _) => return Err(Mismatch),
        }
        let level = self.level_of(var);
        self.adjust(ty, var, level)?;
        if let Some(var) = self.vars.get_mut(var as usize) {
            var.bound = Some(ty);
        }
        Ok(())
    }

    /// Whether the fields of a `{ … }` make a value of the type.
    fn fit_braces(&mut self, fields: &[(EcoString, Ty)], kind: &TyKind) -> Unified {
        match kind {
            TyKind::Record(others) => {
                let all = others.iter().all(|(name, ty)| {
                    fields.iter().any(|(other, _)| other == name) || matches!(self.kind(*ty), TyKind::Option(_))
                });
                if !all || fields.iter().any(|(name, _)| !others.iter().any(|(other, _)| other == name)) {
                    return Err(Mismatch);
                }
                fields.iter().try_for_each(|(name, ty)| {
                    let (_, other) = others.iter().find(|(other, _)| other == name).ok_or(Mismatch)?;
                    self.coerce_quietly(*ty, *other)
                })
            }
            TyKind::Map(key, value) => {
                if !fields.is_empty() {
                    self.unify(*key, self.well_known.str_)?;
                }
                fields.iter().try_for_each(|(_, ty)| self.coerce_quietly(*ty, *value))
            }
            TyKind::Named(id, args) => {
                let TypeKind::Record(others) = self.type_info(*id).kind.clone() else { return Err(Mismatch) };
                let known = |name: &EcoString| fields.iter().any(|(other, _)| other == name);
                let missing = others.iter().any(|(name, ty)| {
                    !known(name) && !matches!(self.kind(*ty), TyKind::Option(_)) && !self.has_default(*id, name)
                });
                if missing || fields.iter().any(|(name, _)| !others.contains_key(name)) {
                    return Err(Mismatch);
                }
                fields.iter().try_for_each(|(name, ty)| {
                    let other = *others.get(name).ok_or(Mismatch)?;
                    let other = self.substitute(other, args);
                    self.coerce_quietly(*ty, other)
                })
            }
            _ => Err(Mismatch),
        }
    }

    /// Lowers the levels inside `ty` to that of the variable it is bound to, and refuses a type that contains the variable.
    fn adjust(&mut self, ty: Ty, var: u32, level: u32) -> Unified {
        match self.kind(ty) {
            TyKind::Var(other) => {
                if other == var {
                    return Err(Mismatch);
                }
                let fields = match self.shape(other) {
                    VarShape::Braces(fields) => fields,
                    VarShape::Free | VarShape::Number => Vec::new(),
                };
                if let Some(other) = self.vars.get_mut(other as usize) {
                    other.level = other.level.min(level);
                }
                fields.iter().try_for_each(|(_, ty)| self.adjust(*ty, var, level))
            }
            kind => children(&kind).into_iter().try_for_each(|child| self.adjust(child, var, level)),
        }
    }

    /// The type with its parameters replaced.
    pub(crate) fn substitute(&mut self, ty: Ty, args: &[Ty]) -> Ty {
        if args.is_empty() {
            return ty;
        }
        let kind = self.kind(ty);
        if let TyKind::Param(index, _) = kind {
            return args.get(index as usize).copied().unwrap_or(ty);
        }
        let old = children(&kind);
        if old.is_empty() {
            return ty;
        }
        let new: Vec<Ty> = old.iter().map(|child| self.substitute(*child, args)).collect();
        if new == old {
            return ty;
        }
        if let TyKind::Option(_) = kind {
            return self.option(new.first().copied().unwrap_or(ty));
        }
        let kind = with_children(&kind, &new);
        self.ty(kind)
    }
}

/// The types inside a type.
pub(crate) fn children(kind: &TyKind) -> Vec<Ty> {
    match kind {
        TyKind::List(x) | TyKind::Set(x) | TyKind::Option(x) => vec![*x],
        TyKind::Map(k, v) => vec![*k, *v],
        TyKind::Tuple(xs) | TyKind::Named(_, xs) | TyKind::Union(xs) => xs.clone(),
        TyKind::Record(fields) => fields.iter().map(|(_, ty)| *ty).collect(),
        TyKind::Fn(params, ret) => params.iter().copied().chain([*ret]).collect(),
        TyKind::Error
        | TyKind::Var(_)
        | TyKind::Param(..)
        | TyKind::Unit
        | TyKind::Never
        | TyKind::Bool
        | TyKind::Int
        | TyKind::Float
        | TyKind::Str
        | TyKind::Any
        | TyKind::Duration
        | TyKind::Size
        | TyKind::View => Vec::new(),
    }
}

/// The same type around other types; `new` has as many as [`children`] gives.
pub(crate) fn with_children(kind: &TyKind, new: &[Ty]) -> TyKind {
    let at = |index: usize| new.get(index).copied().unwrap_or_default();
    match kind {
        TyKind::List(_) => TyKind::List(at(0)),
        TyKind::Set(_) => TyKind::Set(at(0)),
        TyKind::Option(_) => TyKind::Option(at(0)),
        TyKind::Map(..) => TyKind::Map(at(0), at(1)),
        TyKind::Tuple(_) => TyKind::Tuple(new.to_vec()),
        TyKind::Union(_) => TyKind::Union(new.to_vec()),
        TyKind::Named(id, _) => TyKind::Named(*id, new.to_vec()),
        TyKind::Record(fields) => {
            TyKind::Record(fields.iter().zip(new).map(|((name, _), ty)| (name.clone(), *ty)).collect())
        }
        TyKind::Fn(params, _) => TyKind::Fn(new.get(..params.len()).unwrap_or_default().to_vec(), at(params.len())),
        other => other.clone(),
    }
}
