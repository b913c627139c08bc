//! `if`, `match`, `try`: branches that meet again.

use tova_diagnostics::{Diagnostic, codes};
use tova_source::Span;
use tova_syntax::ast::{Block, Catch, Expr, IfExpr, LambdaBody, MatchArm, PatternKind};

use super::Want;
use crate::ctx::Checker;
use crate::exhaust::MatchToCheck;
use crate::narrow::Narrowed;
use crate::tables::VarKind;
use crate::types::{Ty, TyKind};

/// The type so far of branches that meet again.
struct Meeting {
    ty: Option<Ty>,
    first: Option<Span>,
}

impl<'a> Checker<'a> {
    fn meet(&mut self, meeting: &mut Meeting, branch: Ty, span: Span, want: Want) {
        match want {
            Want::Nothing => {}
            Want::Type(ty) if !self.is_free(ty) => self.coerce(branch, ty, span),
            Want::Type(_) | Want::Value => {
                let Some(so_far) = meeting.ty else {
                    meeting.ty = Some(branch);
                    meeting.first = Some(span);
                    return;
                };
                match self.join(so_far, branch) {
                    Some(joined) => meeting.ty = Some(joined),
                    None => {
                        let (one, other) = (self.show(so_far), self.show(branch));
                        let mut diagnostic = Diagnostic::error(
                            codes::E0102,
                            span,
                            format!("this branch gives `{other}`, the others give `{one}`"),
                        );
                        if let Some(first) = meeting.first {
                            diagnostic = diagnostic.also(first, format!("this gives `{one}`"));
                        }
                        self.report(diagnostic.help("branches whose value is used have one type"));
                    }
                }
            }
        }
    }

    fn met(&mut self, meeting: &Meeting, want: Want, all_leave: bool) -> Ty {
        if all_leave {
            return self.well_known.never;
        }
        match want {
            Want::Nothing => self.well_known.unit,
            Want::Type(ty) if !self.is_free(ty) => ty,
            Want::Type(_) | Want::Value => meeting.ty.unwrap_or(self.well_known.unit),
        }
    }

    fn leaves(&self, ty: Ty) -> bool {
        matches!(self.kind(ty), TyKind::Never)
    }

    pub(super) fn if_(&mut self, if_: &'a IfExpr, want: Want) -> Ty {
        let mut meeting = Meeting { ty: None, first: None };
        let mut all_leave = true;
        let mut otherwise = Narrowed::new();
        let depth = self.narrowed.len();
        for (cond, body) in &if_.branches {
            self.condition(cond);
            let (yes, no) = self.narrowing(cond);
            let ty = self.with_narrowed(yes, |this| this.block(body, want));
            all_leave &= self.leaves(ty);
            self.meet(&mut meeting, ty, crate::decl::fns::tail_span(body), want);
            otherwise.extend(no.clone());
            self.narrowed.push(no);
        }
        match &if_.else_ {
            Some(body) => {
                let ty = self.block(body, want);
                all_leave &= self.leaves(ty);
                self.meet(&mut meeting, ty, crate::decl::fns::tail_span(body), want);
            }
            None => {
                let unit = self.well_known.unit;
                let end = if_.branches.last().map_or_else(Span::default, |(_, body)| body.span.at_end());
                let branches_leave = all_leave;
                all_leave = false;
                if !matches!(want, Want::Nothing) {
                    self.meet_missing_else(&mut meeting, unit, end, want);
                }
                self.narrowed.truncate(depth);
                // All branches leave: what follows runs only if no condition held.
                if branches_leave {
                    self.narrow_from_here(otherwise);
                }
            }
        }
        self.narrowed.truncate(depth);
        self.met(&meeting, want, all_leave)
    }

    fn meet_missing_else(&mut self, meeting: &mut Meeting, unit: Ty, end: Span, want: Want) {
        if let Want::Type(ty) = want
            && !self.is_free(ty)
            && !matches!(self.kind(ty), TyKind::Option(_) | TyKind::Unit | TyKind::Any | TyKind::Error | TyKind::View)
        {
            let wanted = self.show(ty);
            self.report(
                Diagnostic::error(
                    codes::E0102,
                    end,
                    format!("this `if` has no value when its condition is false, expected `{wanted}`"),
                )
                .help("add an `else { … }`"),
            );
            return;
        }
        if meeting.ty.is_some_and(|ty| !self.leaves(ty)) || meeting.ty.is_none() {
            self.meet(
                meeting,
                unit,
                end,
                if let Want::Type(ty) = want
                    && !self.is_free(ty)
                {
                    Want::Nothing
                } else {
                    want
                },
            );
        } else {
            meeting.ty = Some(unit);
        }
    }

    pub(super) fn match_(&mut self, expr: &'a Expr, subject: &'a Expr, arms: &'a [MatchArm], want: Want) -> Ty {
        let subject_ty = self.infer(subject, Want::Value);
        let mut meeting = Meeting { ty: None, first: None };
        let mut all_leave = !arms.is_empty();
        let mut rest = subject_ty;
        for arm in arms {
            let ty = self.scoped(|this| {
                this.arm_pattern(arm, rest, subject_ty);
                let mut narrowed = Narrowed::new();
                if let Some(guard) = &arm.guard {
                    this.condition(guard);
                    narrowed = this.narrowing(guard).0;
                }
                this.with_narrowed(narrowed, |this| this.body(&arm.body, want))
            });
            all_leave &= self.leaves(ty);
            self.meet(&mut meeting, ty, body_span(&arm.body), want);
            rest = self.rest_after(arm, rest);
        }
        let checks = MatchToCheck {
            span: expr.span,
            subject: subject_ty,
            arms: arms.iter().map(|arm| (&arm.pattern, arm.guard.is_some())).collect(),
        };
        self.matches.push(checks);
        self.met(&meeting, want, all_leave)
    }

    pub(super) fn arm_pattern(&mut self, arm: &'a MatchArm, rest: Ty, subject: Ty) {
        // A name that takes whatever is left has the type of what is left.
        let ty = if matches!(arm.pattern.kind, PatternKind::Name(_)) { rest } else { subject };
        self.bind_pattern(&arm.pattern, ty, false, VarKind::Param);
    }

    /// The subject's type after an arm: without nil once `nil` has been taken.
    pub(super) fn rest_after(&self, arm: &MatchArm, rest: Ty) -> Ty {
        let takes_nil = match &arm.pattern.kind {
            PatternKind::Nil => true,
            PatternKind::Variant { name, args } => name.name == "None" && args.is_empty(),
            _ => false,
        };
        if takes_nil && arm.guard.is_none() { self.without_option(rest) } else { rest }
    }

    pub(super) fn try_(
        &mut self,
        body: &'a Block,
        catch: Option<&'a Catch>,
        finally: Option<&'a Block>,
        want: Want,
    ) -> Ty {
        let mut meeting = Meeting { ty: None, first: None };
        let ty = self.block(body, want);
        let mut all_leave = self.leaves(ty);
        self.meet(&mut meeting, ty, crate::decl::fns::tail_span(body), want);
        if let Some(catch) = catch {
            let ty = self.scoped(|this| {
                if let Some(name) = &catch.name {
                    let error = this.error_type();
                    this.bind_pattern(name, error, false, VarKind::Param);
                }
                this.block(&catch.body, want)
            });
            all_leave &= self.leaves(ty);
            self.meet(&mut meeting, ty, crate::decl::fns::tail_span(&catch.body), want);
        }
        if let Some(finally) = finally {
            self.block(finally, Want::Nothing);
        }
        self.met(&meeting, want, all_leave)
    }

    /// The type of what `catch` binds.
    pub(crate) fn error_type(&mut self) -> Ty {
        match self.out.error_type {
            Some(id) => self.ty(TyKind::Named(id, Vec::new())),
            None => self.well_known.any,
        }
    }
}

fn body_span(body: &LambdaBody) -> Span {
    match body {
        LambdaBody::Expr(expr) => expr.span,
        LambdaBody::Block(block) => crate::decl::fns::tail_span(block),
    }
}
