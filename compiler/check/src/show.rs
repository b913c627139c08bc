//! Types as the user reads them. The only way types reach messages.

use std::fmt::Write as _;

use crate::ctx::{Checker, VarShape};
use crate::tables::TypeInfo;
use crate::types::{Ty, TyKind, TypeTable};

/// The text of a type of a finished program.
#[must_use]
pub fn show(types: &TypeTable, decls: &[TypeInfo<'_>], ty: Ty) -> String {
    let mut out = String::new();
    Printer { kind: &|ty| types.kind(ty).clone(), shape: &|_| VarShape::Free, decls }.print(ty, &mut out);
    out
}

impl Checker<'_> {
    /// The text of a type.
    pub(crate) fn show(&self, ty: Ty) -> String {
        let mut out = String::new();
        Printer { kind: &|ty| self.kind(ty), shape: &|var| self.shape(var), decls: &self.out.type_decls }
            .print(ty, &mut out);
        out
    }
}

struct Printer<'p> {
    kind: &'p dyn Fn(Ty) -> TyKind,
    shape: &'p dyn Fn(u32) -> VarShape,
    decls: &'p [TypeInfo<'p>],
}

impl Printer<'_> {
    fn print(&self, ty: Ty, out: &mut String) {
        match (self.kind)(ty) {
            TyKind::Error => out.push('?'),
            TyKind::Var(var) => match (self.shape)(var) {
                VarShape::Free => out.push('_'),
                VarShape::Number => out.push_str("Int"),
                VarShape::Braces(fields) => self.record(&fields, out),
            },
            TyKind::Param(_, name) => out.push_str(&name),
            TyKind::Unit => out.push_str("nil"),
            TyKind::Never => out.push_str("Never"),
            TyKind::Bool => out.push_str("Bool"),
            TyKind::Int => out.push_str("Int"),
            TyKind::Float => out.push_str("Float"),
            TyKind::Str => out.push_str("String"),
            TyKind::Any => out.push_str("Any"),
            TyKind::Duration => out.push_str("Duration"),
            TyKind::Size => out.push_str("Bytes"),
            TyKind::View => out.push_str("View"),
            TyKind::List(item) => self.wrapped("[", &[item], "]", out),
            TyKind::Map(key, value) => self.wrapped("Map<", &[key, value], ">", out),
            TyKind::Set(item) => self.wrapped("Set<", &[item], ">", out),
            TyKind::Tuple(items) => self.wrapped("(", &items, ")", out),
            TyKind::Option(item) => {
                let function = matches!((self.kind)(item), TyKind::Fn(..) | TyKind::Union(_));
                out.push_str(if function { "(" } else { "" });
                self.print(item, out);
                out.push_str(if function { ")?" } else { "?" });
            }
            TyKind::Record(fields) => self.record(&fields, out),
            TyKind::Named(id, args) => {
                out.push_str(self.decls.get(id.0 as usize).map_or("?", |decl| &decl.name));
                if !args.is_empty() {
                    self.wrapped("<", &args, ">", out);
                }
            }
            TyKind::Fn(params, ret) => {
                self.wrapped("fn(", &params, ")", out);
                if !matches!((self.kind)(ret), TyKind::Unit) {
                    out.push_str(" -> ");
                    self.print(ret, out);
                }
            }
            TyKind::Union(items) => self.separated(&items, " | ", out),
        }
    }

    fn record(&self, fields: &[(ecow::EcoString, Ty)], out: &mut String) {
        if fields.is_empty() {
            return out.push_str("{}");
        }
        out.push_str("{ ");
        for (index, (name, ty)) in fields.iter().enumerate() {
            let _ = write!(out, "{}{name}: ", if index == 0 { "" } else { ", " });
            self.print(*ty, out);
        }
        out.push_str(" }");
    }

    fn wrapped(&self, open: &str, items: &[Ty], close: &str, out: &mut String) {
        out.push_str(open);
        self.separated(items, ", ", out);
        out.push_str(close);
    }

    fn separated(&self, items: &[Ty], separator: &str, out: &mut String) {
        for (index, item) in items.iter().enumerate() {
            if index > 0 {
                out.push_str(separator);
            }
            self.print(*item, out);
        }
    }
}
