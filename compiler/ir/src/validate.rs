//! Checks that a program is well made: a failure is a bug of the compiler, found before a backend stumbles over it.

use std::collections::HashSet;

use crate::captures::declare_in;
use crate::walk::each_child;
use crate::{Expr, ExprKind, Function, LabelId, LocalId, PlaceRoot, Prim, Program, Type};

/// What is not well formed, each with the function that it is in.
#[must_use]
pub fn validate(program: &Program) -> Vec<String> {
    let mut problems = Vec::new();
    for function in &program.functions {
        let mut check = Check { program, function, labels: Vec::new(), declared: HashSet::new(), problems: Vec::new() };
        check.function();
        problems.extend(check.problems.into_iter().map(|problem| format!("{}: {problem}", function.name)));
    }
    problems
}

struct Check<'p> {
    program: &'p Program,
    function: &'p Function,
    labels: Vec<LabelId>,
    declared: HashSet<LocalId>,
    problems: Vec<String>,
}

impl Check<'_> {
    fn function(&mut self) {
        self.declared.extend(self.function.params.iter().copied());
        declare_in(&self.function.body, &mut self.declared);
        self.fits(&self.function.body.ty, &self.function.ret, "the body");
        self.expr(&self.function.body);
    }

    fn fits(&mut self, found: &Type, wanted: &Type, what: &str) {
        if found != wanted && *found != Type::Never {
            let (found, wanted) = (self.show(found), self.show(wanted));
            self.problems.push(format!("{what} has type {found} where {wanted} is needed"));
        }
    }

    fn show(&self, ty: &Type) -> String {
        crate::print::Printer { program: self.program, out: String::new(), depth: 0, function: None }.ty(ty)
    }

    fn expr(&mut self, expr: &Expr) {
        match &expr.kind {
            ExprKind::Local(id) => self.local(*id),
            ExprKind::Let { local, value } => {
                if let Some(local) = self.function.locals.get(local.0 as usize) {
                    let (ty, name) = (local.ty.clone(), local.name.clone());
                    self.fits(&value.ty, &ty, &format!("the value of `{name}`"));
                }
            }
            ExprKind::Assign { place, value } => {
                self.root(&place.root);
                self.fits(&value.ty, &place.ty, "an assigned value");
            }
            ExprKind::Update { place, .. } => self.root(&place.root),
            ExprKind::Call { function, args } => self.call(*function, args),
            ExprKind::Record { record, fields } => {
                let wanted: Vec<Type> = self
                    .program
                    .records
                    .get(record.0 as usize)
                    .map(|r| r.fields.iter().map(|f| f.ty.clone()).collect())
                    .unwrap_or_default();
                self.all(fields, &wanted, "a field");
            }
            ExprKind::Variant { enum_, variant, args } => {
                let variants = self.program.enums.get(enum_.0 as usize).map(|e| &e.variants);
                let variant = variants.and_then(|v| v.get(*variant as usize));
                let fields: Vec<Type> =
                    variant.map(|v| v.fields.iter().map(|f| f.ty.clone()).collect()).unwrap_or_default();
                self.all(args, &fields, "an argument of a variant");
            }
            ExprKind::List(items) => {
                if let Type::List(item) | Type::Set(item) = &expr.ty {
                    items.iter().for_each(|e| self.fits(&e.ty, item, "an element"));
                }
            }
            ExprKind::If { cond, .. } | ExprKind::While { cond, .. } => self.fits(&cond.ty, &Type::Bool, "a condition"),
            ExprKind::Concat(parts) => parts.iter().for_each(|e| self.fits(&e.ty, &Type::Str, "a part of a text")),
            ExprKind::Prim { op, args } => self.prim(*op, args),
            ExprKind::CallValue { callee, args } => match &callee.ty {
                Type::Fn(signature) => self.all(args, &signature.params.clone(), "an argument"),
                other => {
                    let other = self.show(other);
                    self.problems.push(format!("{other} is called"));
                }
            },
            ExprKind::Break { label, .. } | ExprKind::Continue(label) if !self.labels.contains(label) => {
                self.problems.push(format!("label {} does not exist here", label.0));
            }
            _ => {}
        }
        self.parts(expr);
    }

    /// What is inside, with the labels that hold there.
    fn parts(&mut self, expr: &Expr) {
        let label = match &expr.kind {
            ExprKind::Labelled { label, .. }
            | ExprKind::Loop { label, .. }
            | ExprKind::While { label, .. }
            | ExprKind::For { label, .. } => Some(*label),
            _ => None,
        };
        if matches!(expr.kind, ExprKind::Closure(_) | ExprKind::Effect(_)) {
            let outer = std::mem::take(&mut self.labels);
            each_child(expr, &mut |child| self.expr(child));
            self.labels = outer;
            return;
        }
        self.labels.extend(label);
        each_child(expr, &mut |child| self.expr(child));
        if label.is_some() {
            self.labels.pop();
        }
    }

    fn local(&mut self, id: LocalId) {
        if !self.declared.contains(&id) {
            let name = self.function.locals.get(id.0 as usize).map_or("?", |local| &local.name);
            self.problems.push(format!("`{name}` is used and never declared"));
        }
    }

    fn root(&mut self, root: &PlaceRoot) {
        if let PlaceRoot::Local(local) = root {
            self.local(*local);
        }
    }

    fn call(&mut self, function: crate::FnId, args: &[Expr]) {
        let Some(function) = self.program.functions.get(function.0 as usize) else {
            self.problems.push("a function that does not exist is called".into());
            return;
        };
        let wanted: Vec<Type> = function
            .params
            .iter()
            .filter_map(|param| function.locals.get(param.0 as usize))
            .map(|local| local.ty.clone())
            .collect();
        self.all(args, &wanted, &format!("an argument of `{}`", function.name));
    }

    fn all(&mut self, found: &[Expr], wanted: &[Type], what: &str) {
        if found.len() != wanted.len() {
            self.problems.push(format!("{what}: {} are needed, {} are there", wanted.len(), found.len()));
        }
        for (found, wanted) in found.iter().zip(wanted) {
            self.fits(&found.ty, wanted, what);
        }
    }

    fn prim(&mut self, op: Prim, args: &[Expr]) {
        let same =
            matches!(
                op,
                Prim::Add
                    | Prim::Sub
                    | Prim::Div
                    | Prim::Rem
                    | Prim::Pow
                    | Prim::Eq
                    | Prim::Ne
                    | Prim::Lt
                    | Prim::Le
                    | Prim::Gt
                    | Prim::Ge
            ) || matches!(op, Prim::And | Prim::Or | Prim::ListConcat | Prim::BitAnd | Prim::BitOr | Prim::BitXor);
        if same
            && let [a, b] = args
            && a.ty != Type::Never
        {
            self.fits(&b.ty, &a.ty, &format!("the right operand of {op:?}"));
        }
        if let (Prim::Unwrap | Prim::IsSome, [value]) = (op, args)
            && !matches!(value.ty, Type::Option(_) | Type::Never)
        {
            let ty = self.show(&value.ty);
            self.problems.push(format!("{op:?} of {ty}"));
        }
    }
}
