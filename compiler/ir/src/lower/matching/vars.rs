//! The variables of a pattern as expressions over its subject, for views: there a variable follows the subject as long as the
//! pattern matches.

use tova_check::tables::{Res, VarId};
use tova_syntax::ast::{Pattern, PatternKind};

use super::super::{Body, build, convert};
use super::head::{Case, Head};
use crate::{EnumCase, Expr, LocalKind, Type};

impl<'a> Body<'_, 'a> {
    /// The variables that a pattern binds when it matches.
    pub(crate) fn pattern_vars(&mut self, subject: Expr, pattern: &'a Pattern) -> Vec<(VarId, Expr)> {
        let mut vars = Vec::new();
        let mut pending = vec![(subject, pattern)];
        while let Some((subject, pattern)) = pending.pop() {
            match &pattern.kind {
                PatternKind::Wildcard | PatternKind::Error => {}
                PatternKind::Name(name) if name == "_" => {}
                PatternKind::Name(_) | PatternKind::Typed { .. } => {
                    if let Some(Res::Local(var)) = self.res(pattern.id) {
                        let ty = self.var_ty(*var);
                        let value = self.convert(subject, &ty);
                        vars.push((*var, value));
                    }
                }
                PatternKind::Or(alternatives) => pending.extend(alternatives.first().map(|pattern| (subject, pattern))),
                _ => {
                    if let Some(parts) = self.parts(&subject, pattern) {
                        pending.extend(parts);
                        continue;
                    }
                    match self.head(&subject, pattern) {
                        Head::Condition(_, parts) => pending.extend(parts),
                        Head::Case(case) => pending.extend(self.case_parts(&subject, case)),
                    }
                }
            }
        }
        vars.reverse();
        vars
    }

    fn case_parts(&mut self, subject: &Expr, case: Case<'a>) -> Vec<(Expr, &'a Pattern)> {
        let span = subject.span;
        match case {
            Case::None | Case::Literal(_) => Vec::new(),
            Case::Some(pattern) => {
                pattern.map(|pattern| (self.unwrap(subject.clone(), span), pattern)).into_iter().collect()
            }
            Case::Variant(enum_, variant, parts) => {
                let fields = self
                    .lower
                    .variants(enum_)
                    .get(variant as usize)
                    .map(|variant| variant.fields.clone())
                    .unwrap_or_default();
                let mut exprs = Vec::new();
                for (index, pattern) in parts {
                    let ty = fields.get(index).map_or(Type::Unit, |field| field.ty.clone());
                    let local = self.local("field", ty.clone(), LocalKind::Let, span);
                    let mut bindings = vec![None; fields.len()];
                    if let Some(slot) = bindings.get_mut(index) {
                        *slot = Some(local);
                    }
                    let body = self.read(local, span);
                    let case = EnumCase { variant, bindings, body };
                    let default = (self.lower.variants(enum_).len() > 1).then(|| build::panic("another variant", span));
                    exprs.push((convert::switch(subject.clone(), enum_, vec![case], default, ty), pattern));
                }
                exprs
            }
        }
    }
}
