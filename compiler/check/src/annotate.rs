//! Types as they are written, to types.

use ecow::EcoString;
use tova_diagnostics::{Diagnostic, closest, codes};
use tova_syntax::ast::{TypeExpr, TypeExprKind};

use crate::ctx::{Checker, Sym};
use crate::tables::TypeKind;
use crate::types::{Ty, TyKind};

/// Names of the types that the language brings.
const BUILT_IN: &[&str] = &[
    "Int", "Float", "String", "Bool", "Any", "Nil", "Never", "Duration", "Bytes", "View", "Option", "List", "Map",
    "Set", "Number", "Str",
];

impl<'a> Checker<'a> {
    /// The type that the text means; reports names that are no types.
    pub(crate) fn annotate(&mut self, expr: &'a TypeExpr) -> Ty {
        let ty = self.annotation(expr);
        self.set_node(expr.id, ty)
    }

    fn annotation(&mut self, expr: &'a TypeExpr) -> Ty {
        match &expr.kind {
            TypeExprKind::Name { name, args } => {
                let args: Vec<Ty> = args.iter().map(|arg| self.annotate(arg)).collect();
                self.named_type(expr, &name.name, &args)
            }
            TypeExprKind::List(item) => {
                let item = self.annotate(item);
                self.list(item)
            }
            TypeExprKind::Tuple(items) => match items.as_slice() {
                [] => self.well_known.unit,
                [one] => self.annotate(one),
                items => {
                    let items = items.iter().map(|item| self.annotate(item)).collect();
                    self.ty(TyKind::Tuple(items))
                }
            },
            TypeExprKind::Fn { params, ret } => {
                let params = params.iter().map(|param| self.annotate(param)).collect();
                let ret = self.annotate(ret);
                self.ty(TyKind::Fn(params, ret))
            }
            TypeExprKind::Record(fields) => {
                let fields = fields.iter().map(|(name, ty)| (name.name.clone(), self.annotate(ty))).collect();
                self.ty(TyKind::Record(fields))
            }
            TypeExprKind::Optional(inner) => {
                let inner = self.annotate(inner);
                self.option(inner)
            }
            TypeExprKind::Union(members) => self.union(members),
            TypeExprKind::Infer => self.fresh(),
            TypeExprKind::Error => self.well_known.error,
        }
    }

    /// `A | B`; with `Nil` among the members an option.
    fn union(&mut self, members: &'a [TypeExpr]) -> Ty {
        let all: Vec<Ty> = members.iter().map(|member| self.annotate(member)).collect();
        let present: Vec<Ty> = all.iter().copied().filter(|ty| !matches!(self.kind(*ty), TyKind::Unit)).collect();
        let ty = match present.as_slice() {
            [one] => *one,
            _ => self.ty(TyKind::Union(present.clone())),
        };
        if present.len() < all.len() { self.option(ty) } else { ty }
    }

    fn named_type(&mut self, expr: &TypeExpr, name: &EcoString, args: &[Ty]) -> Ty {
        if let Some(ty) = self.type_params.iter().rev().find_map(|params| params.get(name)) {
            return *ty;
        }
        if let Some(Sym::Type(id)) = self.type_symbol(name) {
            return self.declared_type(expr, id, args);
        }
        if let Some(Sym::Model(model)) = self.lookup(name)
            && let Some(info) = self.out.models.get(model.0 as usize)
        {
            let row = info.row;
            return self.ty(TyKind::Named(row, Vec::new()));
        }
        let known = &self.well_known;
        let arg = |index: usize| args.get(index).copied();
        match name.as_str() {
            "Int" => known.int,
            "Float" | "Number" => known.float,
            "String" | "Str" => known.str_,
            "Bool" => known.bool_,
            "Any" | "Json" => known.any,
            "Nil" | "Unit" | "Void" => known.unit,
            "Never" => known.never,
            "Duration" => known.duration,
            "Bytes" => known.size,
            "View" | "JSX" => known.view,
            "Option" => {
                let inner = arg(0).unwrap_or_else(|| self.fresh());
                self.option(inner)
            }
            "List" | "Array" => {
                let item = arg(0).unwrap_or_else(|| self.fresh());
                self.list(item)
            }
            "Set" => {
                let item = arg(0).unwrap_or_else(|| self.fresh());
                self.ty(TyKind::Set(item))
            }
            "Map" => {
                // `Map<V>` is a map with string keys.
                let (key, value) = match args {
                    [key, value] => (*key, *value),
                    [value] => (known.str_, *value),
                    _ => (self.fresh(), self.fresh()),
                };
                self.ty(TyKind::Map(key, value))
            }
            _ => self.unknown_type(expr, name),
        }
    }

    fn type_symbol(&self, name: &EcoString) -> Option<Sym> {
        match self.lookup(name) {
            Some(Sym::Type(id)) => Some(Sym::Type(id)),
            Some(Sym::Variant(id, _)) if self.type_info(id).name == *name => Some(Sym::Type(id)),
            Some(Sym::Model(model)) => self.out.models.get(model.0 as usize).map(|info| Sym::Type(info.row)),
            _ => self.shared.symbols.get(name).and_then(|(sym, _)| matches!(sym, Sym::Type(_)).then(|| sym.clone())),
        }
    }

    fn declared_type(&mut self, expr: &TypeExpr, id: crate::tables::TypeId, args: &[Ty]) -> Ty {
        let (count, kind, name) = {
            let info = self.type_info(id);
            (info.params as usize, info.kind.clone(), info.name.clone())
        };
        let mut args = args.to_vec();
        if args.len() > count {
            self.report(Diagnostic::error(
                codes::E0108,
                expr.span,
                format!("`{name}` takes {count} type arguments, found {}", args.len()),
            ));
        }
        args.truncate(count);
        while args.len() < count {
            args.push(self.fresh());
        }
        match kind {
            TypeKind::Alias(ty) => self.substitute(ty, &args),
            _ => self.ty(TyKind::Named(id, args)),
        }
    }

    fn unknown_type(&mut self, expr: &TypeExpr, name: &EcoString) -> Ty {
        let declared: Vec<EcoString> = self.out.type_decls.iter().map(|decl| decl.name.clone()).collect();
        let candidates = BUILT_IN.iter().copied().chain(declared.iter().map(EcoString::as_str));
        let similar = closest(name, candidates).map(str::to_owned);
        let mut diagnostic = Diagnostic::error(codes::E0204, expr.span, format!("there is no type `{name}`"));
        if let Some(similar) = similar {
            diagnostic = diagnostic.help(format!("did you mean `{similar}`?")).fix(
                format!("write `{similar}`"),
                expr.span,
                similar,
            );
        }
        self.report(diagnostic);
        self.well_known.error
    }
}
