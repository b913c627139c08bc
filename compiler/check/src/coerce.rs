//! Conversions that happen by themselves, and the common type of branches. The list of conversions is in [`crate::tables`].

use tova_diagnostics::{Diagnostic, codes};
use tova_source::Span;

use crate::ctx::{Checker, VarShape};
use crate::tables::TypeKind;
use crate::types::{Ty, TyKind};
use crate::unify::Mismatch;

type Coerced = Result<(), Mismatch>;

impl Checker<'_> {
    /// Checks that a value of type `actual` fits where `expected` is asked for; reports if not.
    pub(crate) fn coerce(&mut self, actual: Ty, expected: Ty, span: Span) {
        if self.coerce_quietly(actual, expected).is_err() {
            let diagnostic = self.mismatch(actual, expected, span);
            self.report(diagnostic);
        }
    }

    /// The message for a value that does not fit.
    pub(crate) fn mismatch(&mut self, actual: Ty, expected: Ty, span: Span) -> Diagnostic {
        let (found, wanted) = (self.show(actual), self.show(expected));
        let diagnostic = Diagnostic::error(codes::E0101, span, format!("expected `{wanted}`, found `{found}`"));
        match (self.kind(actual), self.kind(expected)) {
            (TyKind::Option(inner), other) if self.kind(inner) == other => {
                diagnostic.help(format!("the value may be nil: give one to use instead with `?? …`, or test it with `guard … != nil else {{ … }}` to have a `{wanted}`"))
            }
            (TyKind::Float, TyKind::Int) => diagnostic.help("use `round(…)`, `floor(…)` or `ceil(…)` to get an `Int`"),
            (_, TyKind::Str) => diagnostic.help("write the value into a string: `\"{value}\"`"),
            (TyKind::Str, TyKind::Int) => diagnostic.help("`toInt(text)` gives an `Int?`"),
            (TyKind::Str, TyKind::Float) => diagnostic.help("`toFloat(text)` gives a `Float?`"),
            (TyKind::Var(var), TyKind::Named(id, _)) => match (self.shape(var), self.type_info(id).kind.clone()) {
                (VarShape::Braces(fields), TypeKind::Record(wanted)) => {
                    let missing: Vec<String> = wanted
                        .keys()
                        .filter(|name| !fields.iter().any(|(other, _)| other == *name))
                        .map(|name| format!("`{name}`"))
                        .collect();
                    let extra: Vec<String> = fields
                        .iter()
                        .filter(|(name, _)| !wanted.contains_key(name))
                        .map(|(name, _)| format!("`{name}`"))
                        .collect();
                    match (missing.is_empty(), extra.is_empty()) {
                        (false, _) => diagnostic.help(format!("add the field {}", missing.join(", "))),
                        (true, false) => diagnostic.help(format!("there is no field {}", extra.join(", "))),
                        (true, true) => diagnostic,
                    }
                }
                _ => diagnostic,
            },
            _ => diagnostic,
        }
    }

    /// Checks that a value of type `actual` fits where `expected` is asked for.
    pub(crate) fn coerce_quietly(&mut self, actual: Ty, expected: Ty) -> Coerced {
        let (actual, expected) = (self.resolve(actual), self.resolve(expected));
        if actual == expected {
            return Ok(());
        }
        match (self.kind(actual), self.kind(expected)) {
            (TyKind::Never | TyKind::Error, _) | (_, TyKind::Error | TyKind::Unit) => match self.kind(actual) {
                TyKind::Var(_) => self.unify(actual, expected).or(Ok(())),
                _ => Ok(()),
            },
            (TyKind::Option(x), TyKind::Option(y)) => self.coerce_quietly(x, y),
            (TyKind::Var(var), TyKind::Option(inner)) => match self.shape(var) {
                VarShape::Free => self.unify(actual, expected),
                VarShape::Number | VarShape::Braces(_) => self.coerce_quietly(actual, inner),
            },
            (_, TyKind::Var(_)) => self.unify(actual, expected),
            (TyKind::Unit, TyKind::Option(_)) => Ok(()),
            (TyKind::Any, TyKind::Option(inner)) => self.coerce_quietly(actual, inner),
            (_, TyKind::Option(inner)) => self.coerce_quietly(actual, inner),
            (kind, TyKind::Any) => self.as_data(actual, &kind),
            (TyKind::Any, kind) => {
                if self.is_data(&kind) {
                    Ok(())
                } else {
                    Err(Mismatch)
                }
            }
            (TyKind::Int, TyKind::Float) => Ok(()),
            (TyKind::Fn(params, ret), TyKind::Fn(wanted, wanted_ret)) => {
                if params.len() > wanted.len() {
                    return Err(Mismatch);
                }
                for (param, wanted) in params.iter().zip(&wanted) {
                    self.coerce_quietly(*wanted, *param)?;
                }
                self.coerce_quietly(ret, wanted_ret)
            }
            (TyKind::Union(members), _) => members.iter().try_for_each(|member| self.coerce_quietly(*member, expected)),
            (_, TyKind::Union(members)) => {
                let exact = members.iter().find(|member| self.kind(**member) == self.kind(actual)).copied();
                match exact {
                    Some(_) => Ok(()),
                    None => members
                        .iter()
                        .find(|member| self.coerce_quietly(actual, **member).is_ok())
                        .map(|_| ())
                        .ok_or(Mismatch),
                }
            }
            (TyKind::List(x), TyKind::List(y)) | (TyKind::Set(x), TyKind::Set(y)) => self.coerce_quietly(x, y),
            (TyKind::Map(k, x), TyKind::Map(l, y)) => self.unify(k, l).and_then(|()| self.coerce_quietly(x, y)),
            (TyKind::Tuple(xs), TyKind::Tuple(ys)) if xs.len() == ys.len() => {
                xs.iter().zip(&ys).try_for_each(|(x, y)| self.coerce_quietly(*x, *y))
            }
            (TyKind::Record(_) | TyKind::Named(..), TyKind::Record(_) | TyKind::Named(..)) => {
                self.coerce_record(actual, expected)
            }
            _ => self.unify(actual, expected),
        }
    }

    /// Whether values of the type can be dynamic data.
    fn is_data(&self, kind: &TyKind) -> bool {
        match kind {
            TyKind::Fn(..) | TyKind::View => false,
            TyKind::Named(id, _) => !matches!(self.type_info(*id).kind, TypeKind::Handle(_)),
            _ => true,
        }
    }

    fn as_data(&mut self, actual: Ty, kind: &TyKind) -> Coerced {
        match kind {
            TyKind::Var(var) => match self.shape(*var) {
                VarShape::Free => self.unify(actual, self.well_known.any),
                VarShape::Number => Ok(()),
                VarShape::Braces(fields) => {
                    let any = self.well_known.any;
                    fields.iter().try_for_each(|(_, ty)| self.coerce_quietly(*ty, any))
                }
            },
            kind if self.is_data(kind) => Ok(()),
            _ => Err(Mismatch),
        }
    }

    /// Records of different types: the expected fields must be there, or be optional; a literal type may have no others.
    fn coerce_record(&mut self, actual: Ty, expected: Ty) -> Coerced {
        if let (TyKind::Named(x, _), TyKind::Named(y, _)) = (self.kind(actual), self.kind(expected))
            && x == y
        {
            return self.unify(actual, expected);
        }
        let have = self.record_fields(actual).ok_or(Mismatch)?;
        let want = self.record_fields(expected).ok_or(Mismatch)?;
        if matches!((self.kind(actual), self.kind(expected)), (TyKind::Named(..), TyKind::Named(..))) {
            return Err(Mismatch);
        }
        if let TyKind::Record(_) = self.kind(actual)
            && have.iter().any(|(name, _)| !want.iter().any(|(other, _)| other == name))
        {
            return Err(Mismatch);
        }
        want.iter().try_for_each(|(name, ty)| match have.iter().find(|(other, _)| other == name) {
            Some((_, actual)) => self.coerce_quietly(*actual, *ty),
            None if matches!(self.kind(*ty), TyKind::Option(_)) => Ok(()),
            None => Err(Mismatch),
        })
    }

    /// The fields of a record type, declared or not, with its arguments put in.
    pub(crate) fn record_fields(&mut self, ty: Ty) -> Option<Vec<(ecow::EcoString, Ty)>> {
        match self.kind(ty) {
            TyKind::Record(fields) => Some(fields),
            TyKind::Var(var) => match self.shape(var) {
                VarShape::Braces(fields) if !fields.is_empty() => Some(fields),
                _ => None,
            },
            TyKind::Named(id, args) => match self.type_info(id).kind.clone() {
                TypeKind::Record(fields) => {
                    Some(fields.into_iter().map(|(name, ty)| (name, self.substitute(ty, &args))).collect())
                }
                _ => None,
            },
            _ => None,
        }
    }

    /// The type that values of both types have, if there is one: of branches, elements and the like.
    pub(crate) fn join(&mut self, a: Ty, b: Ty) -> Option<Ty> {
        let (a, b) = (self.resolve(a), self.resolve(b));
        if a == b {
            return Some(a);
        }
        match (self.kind(a), self.kind(b)) {
            (TyKind::Never | TyKind::Error, _) => Some(b),
            (_, TyKind::Never | TyKind::Error) => Some(a),
            (TyKind::Option(x), TyKind::Unit) | (TyKind::Unit, TyKind::Option(x)) => {
                if self.is_free(x) {
                    Some(self.well_known.unit)
                } else {
                    Some(self.option(x))
                }
            }
            (TyKind::Unit, TyKind::Var(_)) if self.unify(a, b).is_ok() => Some(a),
            (TyKind::Var(_), TyKind::Unit) if self.unify(a, b).is_ok() => Some(a),
            (TyKind::Unit, _) => Some(self.option(b)),
            (_, TyKind::Unit) => Some(self.option(a)),
            (TyKind::Option(x), TyKind::Option(y)) => {
                let inner = self.join(x, y)?;
                Some(self.option(inner))
            }
            (TyKind::Option(x), other) | (other, TyKind::Option(x))
                if !matches!(other, TyKind::Var(_) | TyKind::Any) =>
            {
                let y = if matches!(self.kind(a), TyKind::Option(_)) { b } else { a };
                let inner = self.join(x, y)?;
                Some(self.option(inner))
            }
            (TyKind::Option(x), TyKind::Var(_)) | (TyKind::Var(_), TyKind::Option(x)) => {
                let var = if matches!(self.kind(a), TyKind::Var(_)) { a } else { b };
                self.unify(var, x).ok()?;
                Some(self.option(x))
            }
            (TyKind::Int, TyKind::Float) | (TyKind::Float, TyKind::Int) => Some(self.well_known.float),
            (TyKind::Any, _) | (_, TyKind::Any) => {
                let (other, any) = if matches!(self.kind(a), TyKind::Any) { (b, a) } else { (a, b) };
                self.coerce_quietly(other, any).ok()?;
                Some(any)
            }
            _ => {
                if self.unify(a, b).is_ok() || self.coerce_quietly(b, a).is_ok() {
                    Some(a)
                } else if self.coerce_quietly(a, b).is_ok() {
                    Some(b)
                } else {
                    None
                }
            }
        }
    }
}
