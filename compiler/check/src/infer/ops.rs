//! Operators.

use tova_diagnostics::{Diagnostic, codes};
use tova_source::Span;
use tova_syntax::ast::{BinaryOp, Expr, Ident, UnaryOp};

use super::Want;
use crate::constraint::ConstraintKind;
use crate::ctx::{Checker, VarShape};
use crate::tables::{Res, TypeKind};
use crate::types::{Ty, TyKind};

impl<'a> Checker<'a> {
    pub(super) fn unary(&mut self, expr: &'a Expr, op: UnaryOp, operand: &'a Expr) -> Ty {
        match op {
            UnaryOp::Not => {
                self.condition(operand);
                self.well_known.bool_
            }
            UnaryOp::BitNot => {
                let int = self.well_known.int;
                self.check(operand, int);
                int
            }
            UnaryOp::Neg => {
                let ty = self.infer(operand, Want::Value);
                match self.kind(ty) {
                    TyKind::Int | TyKind::Float | TyKind::Duration | TyKind::Param(..) | TyKind::Error => ty,
                    TyKind::Any => {
                        let float = self.well_known.float;
                        self.coerce(ty, float, operand.span);
                        float
                    }
                    TyKind::Var(_) => {
                        let number = self.fresh_shaped(VarShape::Number);
                        let _ = self.unify(ty, number);
                        ty
                    }
                    _ => {
                        let shown = self.show(ty);
                        self.report(Diagnostic::error(
                            codes::E0107,
                            expr.span,
                            format!("expected a number to negate, found `{shown}`"),
                        ));
                        self.well_known.error
                    }
                }
            }
        }
    }

    pub(super) fn binary(
        &mut self,
        expr: &'a Expr,
        op: BinaryOp,
        op_span: Span,
        left: &'a Expr,
        right: &'a Expr,
        want: Want,
    ) -> Ty {
        match op {
            BinaryOp::And => self.and(left, right, want),
            BinaryOp::Or | BinaryOp::Coalesce => self.or(expr, op, op_span, left, right, want),
            BinaryOp::Eq | BinaryOp::Ne | BinaryOp::Lt | BinaryOp::Le | BinaryOp::Gt | BinaryOp::Ge => {
                self.comparison(op, op_span, left, right);
                self.well_known.bool_
            }
            BinaryOp::In | BinaryOp::NotIn => {
                self.membership(left, right);
                self.well_known.bool_
            }
            BinaryOp::Concat => self.concat(op_span, left, right, want),
            _ => {
                let guide = match want.ty().map(|ty| self.kind(ty)) {
                    Some(TyKind::List(_)) => want,
                    _ => Want::Value,
                };
                let left = self.infer(left, guide);
                let guide = if matches!(self.kind(left), TyKind::List(_)) { Want::Type(left) } else { Want::Value };
                let right = self.infer(right, guide);
                let result = self.fresh();
                self.solve_binary(op_span, op, left, right, result);
                self.resolve(result)
            }
        }
    }

    /// Settles an arithmetic operator if the operands' types are known, or keeps it for later.
    pub(crate) fn solve_binary(&mut self, span: Span, op: BinaryOp, left: Ty, right: Ty, result: Ty) {
        let ty = match self.arithmetic(op, left, right) {
            Operation::Gives(ty) => ty,
            Operation::Unknown => {
                self.postpone(span, ConstraintKind::Binary { op, left, right, result });
                return;
            }
            Operation::Wrong => {
                if !matches!(self.kind(left), TyKind::Error) && !matches!(self.kind(right), TyKind::Error) {
                    self.wrong_operands(span, op, left, right);
                }
                self.well_known.error
            }
        };
        let _ = self.unify(result, ty);
    }

    fn wrong_operands(&mut self, span: Span, op: BinaryOp, left: Ty, right: Ty) {
        let (l, r) = (self.show(left), self.show(right));
        let mut diagnostic = Diagnostic::error(codes::E0107, span, format!("`{l} {} {r}` has no meaning", op.text()));
        let maybe_nil = [left, right].into_iter().any(|ty| matches!(self.kind(ty), TyKind::Option(_)));
        if maybe_nil {
            diagnostic = diagnostic.help("one side may be nil: give a value to use instead with `?? …`");
        } else if matches!(op, BinaryOp::Add) {
            diagnostic = diagnostic.help("join texts by interpolation: `\"{a}{b}\"`");
        }
        self.report(diagnostic);
    }

    fn arithmetic(&mut self, op: BinaryOp, left: Ty, right: Ty) -> Operation {
        use TyKind::{Any, Duration, Error, Float, Int, List, Param, Size, Str, Var};
        let known = self.well_known;
        let (l, r) = (self.kind(left), self.kind(right));
        let number = |this: &Self, kind: &TyKind| matches!(kind, Var(var) if this.shape(*var) == VarShape::Number);
        match (op, &l, &r) {
            (_, Error, _) | (_, _, Error) => Operation::Gives(known.error),
            (BinaryOp::Add, Str, _) | (BinaryOp::Add, _, Str) => Operation::Gives(known.str_),
            (BinaryOp::Add, List(_), List(_) | Var(_)) | (BinaryOp::Add, Var(_), List(_)) => {
                match self.join(left, right) {
                    Some(ty) => Operation::Gives(ty),
                    None => Operation::Wrong,
                }
            }
            (BinaryOp::Mul, Str, Int | Var(_)) | (BinaryOp::Mul, Int, Str) => {
                if let Var(_) = r {
                    let _ = self.unify(right, known.int);
                }
                Operation::Gives(known.str_)
            }
            (
                BinaryOp::BitAnd | BinaryOp::BitOr | BinaryOp::BitXor | BinaryOp::Shl | BinaryOp::Shr | BinaryOp::UShr,
                ..,
            ) => {
                let ok = self.coerce_quietly(left, known.int).and(self.coerce_quietly(right, known.int)).is_ok();
                if ok { Operation::Gives(known.int) } else { Operation::Wrong }
            }
            (_, Any, Any) => Operation::Gives(known.any_number(op)),
            (BinaryOp::Div, Any | Int | Float | Var(_), Any | Int | Float | Var(_)) => {
                for (ty, kind) in [(left, &l), (right, &r)] {
                    if let Var(_) = kind {
                        let any_number = self.fresh_shaped(VarShape::Number);
                        if self.unify(ty, any_number).is_err() {
                            return Operation::Wrong;
                        }
                    }
                }
                Operation::Gives(known.float)
            }
            (_, Any, Int | Float) | (_, Int | Float, Any) => Operation::Gives(known.float),
            (_, Any, Var(_)) | (_, Var(_), Any) => Operation::Gives(known.float),
            (_, Int, Int) => Operation::Gives(known.int),
            (_, Int | Float, Float) | (_, Float, Int) => Operation::Gives(known.float),
            (BinaryOp::Add | BinaryOp::Sub, Duration, Duration) => Operation::Gives(known.duration),
            (BinaryOp::Mul, Duration, Int) | (BinaryOp::Mul, Int, Duration) => Operation::Gives(known.duration),
            (BinaryOp::Add | BinaryOp::Sub, Int, Duration) => Operation::Gives(known.int),
            (BinaryOp::Add | BinaryOp::Sub, Size, Size) => Operation::Gives(known.size),
            (BinaryOp::Mul, Size, Int) | (BinaryOp::Mul, Int, Size) => Operation::Gives(known.size),
            (BinaryOp::Mul, Duration | Size, Var(_)) => {
                let _ = self.unify(right, known.int);
                Operation::Gives(left)
            }
            (_, Param(..), _) | (_, _, Param(..)) => match self.unify(left, right) {
                Ok(()) => Operation::Gives(left),
                Err(_) => Operation::Wrong,
            },
            // An integer literal beside a number takes its type; beside something unknown it says that this is a number.
            (_, Var(_), Int | Float) if number(self, &l) => Operation::Gives(self.joined(left, right)),
            (_, Int | Float, Var(_)) if number(self, &r) => Operation::Gives(self.joined(right, left)),
            (_, Var(_), Var(_)) if number(self, &l) || number(self, &r) => Operation::Gives(self.joined(left, right)),
            (BinaryOp::Sub | BinaryOp::Mul | BinaryOp::Rem | BinaryOp::Pow, Var(_), Var(_)) => {
                let any_number = self.fresh_shaped(VarShape::Number);
                let _ = self.unify(left, any_number);
                Operation::Gives(self.joined(left, right))
            }
            (BinaryOp::Add, Var(_), Var(_)) => Operation::Unknown,
            (_, Var(_), Int | Float) | (_, Int | Float, Var(_)) => Operation::Unknown.or_number(self, left, right),
            (_, Var(_), _) | (_, _, Var(_)) => match self.unify(left, right) {
                Ok(()) => Operation::Gives(left),
                Err(_) => Operation::Wrong,
            },
            _ => Operation::Wrong,
        }
    }

    fn joined(&mut self, a: Ty, b: Ty) -> Ty {
        match self.unify(a, b) {
            Ok(()) => self.resolve(a),
            Err(_) => self.well_known.error,
        }
    }

    fn concat(&mut self, span: Span, left: &'a Expr, right: &'a Expr, want: Want) -> Ty {
        let left_ty = self.infer(left, want);
        let right_ty = self.infer(right, Want::Type(left_ty));
        let result = match (self.kind(left_ty), self.kind(right_ty)) {
            (TyKind::Str, _) | (_, TyKind::Str) => {
                let str_ = self.well_known.str_;
                if self.is_free(left_ty) {
                    let _ = self.unify(left_ty, str_);
                }
                Some(str_)
            }
            (TyKind::Any, TyKind::List(_)) => Some(right_ty),
            (TyKind::List(_), TyKind::Any) => Some(left_ty),
            (TyKind::List(x), TyKind::List(y)) => {
                // The list that is added decides nothing about the one that is there, except what is not known yet.
                self.join(x, y).map(|item| self.list(item))
            }
            (TyKind::Error, _) | (_, TyKind::Error) => Some(self.well_known.error),
            (TyKind::Var(_), TyKind::List(_))
            | (TyKind::List(_), TyKind::Var(_))
            | (TyKind::Var(_), TyKind::Var(_)) => self.unify(left_ty, right_ty).ok().map(|()| left_ty),
            _ => None,
        };
        result.unwrap_or_else(|| {
            self.wrong_operands(span, BinaryOp::Concat, left_ty, right_ty);
            self.well_known.error
        })
    }

    fn and(&mut self, left: &'a Expr, right: &'a Expr, want: Want) -> Ty {
        self.condition(left);
        let (yes, _) = self.narrowing(left);
        let right_ty = self.with_narrowed(yes, |this| match want {
            Want::Nothing => this.infer(right, Want::Nothing),
            // `cond && <view/>`: the view, or nothing.
            _ => this.infer(right, Want::Value),
        });
        match self.kind(right_ty) {
            TyKind::View | TyKind::Unit => self.option(right_ty),
            _ => {
                self.solve_condition(right.span, right_ty);
                self.well_known.bool_
            }
        }
    }

    fn or(&mut self, expr: &'a Expr, op: BinaryOp, op_span: Span, left: &'a Expr, right: &'a Expr, want: Want) -> Ty {
        let left_ty = self.infer(left, want);
        let (_, no) = self.narrowing(left);
        let inner = self.without_option(left_ty);
        let guide = if self.is_free(inner) || matches!(self.kind(inner), TyKind::Bool | TyKind::Error) {
            want
        } else {
            Want::Type(inner)
        };
        let right_ty = self.with_narrowed(no, |this| this.infer(right, guide));
        let never_absent = match self.kind(left_ty) {
            TyKind::Bool => op == BinaryOp::Coalesce,
            TyKind::Var(var) => self.shape(var) != VarShape::Free,
            TyKind::Option(_) | TyKind::Any | TyKind::Error | TyKind::Unit | TyKind::Never | TyKind::Param(..) => false,
            _ => true,
        };
        if never_absent {
            let shown = self.show(left_ty);
            self.report(
                Diagnostic::warning(
                    codes::W0101,
                    op_span,
                    format!("the left side is a `{shown}` and is never nil or false"),
                )
                .help("the right side is never used: remove it"),
            );
        }
        let result = self.fresh();
        self.solve_or(expr.span, left_ty, right_ty, result);
        self.resolve(result)
    }

    /// Settles `left or right` if the types are known, or keeps it for later.
    pub(crate) fn solve_or(&mut self, span: Span, left: Ty, right: Ty, result: Ty) {
        let ty = match self.kind(left) {
            TyKind::Option(inner) => match self.join(inner, right) {
                Some(joined) => joined,
                None => {
                    let (one, other) = (self.show(inner), self.show(right));
                    self.report(Diagnostic::error(
                        codes::E0102,
                        span,
                        format!("the left side gives `{one}`, the right side `{other}`"),
                    ));
                    self.well_known.error
                }
            },
            TyKind::Bool => {
                self.solve_condition(span, right);
                self.well_known.bool_
            }
            TyKind::Any => match self.join(left, right) {
                Some(joined) => joined,
                None => left,
            },
            TyKind::Var(var) if self.shape(var) == VarShape::Free => {
                self.postpone(span, ConstraintKind::Or { left, right, result });
                return;
            }
            _ => left,
        };
        let _ = self.unify(result, ty);
    }

    fn comparison(&mut self, op: BinaryOp, span: Span, left: &'a Expr, right: &'a Expr) {
        let left_ty = self.infer(left, Want::Value);
        let guide = if self.is_free(left_ty) { Want::Value } else { Want::Type(left_ty) };
        let right_ty = self.infer(right, guide);
        self.compare_types(op, span, left_ty, right_ty);
    }

    fn compare_types(&mut self, op: BinaryOp, span: Span, left: Ty, right: Ty) {
        let equality = matches!(op, BinaryOp::Eq | BinaryOp::Ne);
        let (l, r) = (self.kind(left), self.kind(right));
        let comparable = match (&l, &r) {
            // An absent value compared with anything that can be absent, and with what never is (always false).
            (TyKind::Option(x), _) if equality && self.is_free(*x) => true,
            (_, TyKind::Option(y)) if equality && self.is_free(*y) => true,
            (TyKind::Option(x), TyKind::Option(y)) => self.join(*x, *y).is_some(),
            (TyKind::Option(x), _) if equality => self.join(*x, right).is_some(),
            (_, TyKind::Option(y)) if equality => self.join(left, *y).is_some(),
            (TyKind::Any, _) | (_, TyKind::Any) => true,
            _ => self.join(left, right).is_some(),
        };
        if !comparable {
            let (one, other) = (self.show(left), self.show(right));
            self.report(
                Diagnostic::error(codes::E0107, span, format!("`{one}` and `{other}` cannot be compared"))
                    .help("convert one of them first"),
            );
        } else if !equality {
            self.check_ordered(span, left);
        }
    }

    fn check_ordered(&mut self, span: Span, ty: Ty) {
        let unordered = matches!(
            self.kind(ty),
            TyKind::Record(_)
                | TyKind::Map(..)
                | TyKind::Set(_)
                | TyKind::Fn(..)
                | TyKind::View
                | TyKind::Union(_)
                | TyKind::Option(_)
                | TyKind::Named(..)
        );
        if unordered {
            let shown = self.show(ty);
            let mut diagnostic =
                Diagnostic::error(codes::E0107, span, format!("values of type `{shown}` have no order"));
            if matches!(self.kind(ty), TyKind::Option(_)) {
                diagnostic = diagnostic.help("the value may be nil: give one to use instead with `?? …`");
            }
            self.report(diagnostic);
        }
    }

    pub(super) fn chain(&mut self, first: &'a Expr, rest: &'a [(BinaryOp, Span, Expr)]) -> Ty {
        let mut left = self.infer(first, Want::Value);
        for (op, span, operand) in rest {
            let right = self.infer(operand, Want::Value);
            self.compare_types(*op, *span, left, right);
            left = right;
        }
        self.well_known.bool_
    }

    fn membership(&mut self, left: &'a Expr, right: &'a Expr) {
        let item = self.infer(left, Want::Value);
        let collection = self.infer(right, Want::Value);
        match self.kind(collection) {
            TyKind::Map(key, _) => self.coerce(item, key, left.span),
            TyKind::Str => {
                let str_ = self.well_known.str_;
                self.coerce(item, str_, left.span);
            }
            TyKind::List(other) | TyKind::Set(other) => {
                if self.join(item, other).is_none() {
                    self.coerce(item, other, left.span);
                }
            }
            TyKind::Any | TyKind::Error => {}
            TyKind::Var(_) => {
                let list = self.list(item);
                let _ = self.unify(collection, list);
            }
            _ => {
                let shown = self.show(collection);
                self.report(
                    Diagnostic::error(codes::E0112, right.span, format!("`{shown}` has no elements to look for"))
                        .help("lists, sets, maps and strings have"),
                );
            }
        }
    }

    pub(super) fn is(&mut self, expr: &'a Expr, value: &'a Expr, name: &'a Ident) -> Ty {
        let ty = self.infer(value, Want::Value);
        let bool_ = self.well_known.bool_;
        match (name.name.as_str(), self.kind(ty)) {
            ("nil" | "None" | "Nil", _) => {
                self.set_name(expr.id, Res::NoneOf);
                return bool_;
            }
            ("Some", _) => {
                self.set_name(expr.id, Res::SomeOf);
                return bool_;
            }
            (_, TyKind::Named(id, _)) => {
                if let TypeKind::Enum(variants) = &self.type_info(id).kind
                    && let Some(index) = variants.get_index_of(&name.name)
                {
                    self.set_name(expr.id, Res::Variant(id, u32::try_from(index).unwrap_or(0)));
                    return bool_;
                }
            }
            (_, TyKind::Var(_)) => {
                if let Some(crate::ctx::Sym::Variant(id, index)) = self.lookup(&name.name) {
                    let (_, enum_) = self.instantiate_variant(id, index, expr.id);
                    let _ = self.unify(ty, enum_);
                    self.set_name(expr.id, Res::Variant(id, index));
                    return bool_;
                }
            }
            (
                "String" | "Int" | "Float" | "Number" | "Bool" | "List" | "Array" | "Map" | "Object",
                TyKind::Any | TyKind::Union(_),
            ) => {
                return bool_;
            }
            (_, TyKind::Union(members)) if members.iter().any(|member| self.show(*member) == name.name) => {
                return bool_;
            }
            _ => {}
        }
        let shown = self.show(ty);
        self.report(
            Diagnostic::error(codes::E0503, name.span, format!("`{shown}` has no variant `{}`", name.name))
                .help("`is` asks for a variant, or for `nil`"),
        );
        bool_
    }

    /// An expression as a condition; gives its type.
    pub(crate) fn condition(&mut self, cond: &'a Expr) -> Ty {
        let ty = self.infer(cond, Want::Value);
        self.solve_condition(cond.span, ty);
        ty
    }

    /// Settles whether a type can be a condition, or keeps it for later.
    pub(crate) fn solve_condition(&mut self, span: Span, ty: Ty) {
        match self.kind(ty) {
            TyKind::Bool | TyKind::Option(_) | TyKind::Any | TyKind::Error | TyKind::Never => {}
            TyKind::Var(var) if self.shape(var) == VarShape::Free => {
                self.postpone(span, ConstraintKind::Condition { ty });
            }
            kind => {
                let shown = self.show(ty);
                let help = match kind {
                    TyKind::Str => "compare it: `text != \"\"`",
                    TyKind::List(_) | TyKind::Map(..) | TyKind::Set(_) => "compare its length: `len(xs) > 0`",
                    TyKind::Int | TyKind::Float | TyKind::Var(_) => "compare it: `n != 0`",
                    _ => "write the comparison that is meant",
                };
                self.report(
                    Diagnostic::error(codes::E0113, span, format!("expected a condition, found `{shown}`"))
                        .help(format!("only `nil` and `false` are falsy: {help}")),
                );
            }
        }
    }

    /// `e?`: the value of an `Ok` or of a present option; otherwise the function returns it.
    pub(super) fn propagate(&mut self, expr: &'a Expr, inner: &'a Expr) -> Ty {
        let ty = self.infer(inner, Want::Value);
        self.propagate_type(expr, ty)
    }

    pub(super) fn propagate_type(&mut self, expr: &'a Expr, ty: Ty) -> Ty {
        let (result, returned) = match self.kind(ty) {
            TyKind::Option(inner) => {
                let free = self.fresh();
                (inner, self.ty(TyKind::Option(free)))
            }
            TyKind::Named(id, args) if Some(id) == self.out.result_type => {
                let free = self.fresh();
                let error = args.get(1).copied().unwrap_or(self.well_known.error);
                (args.first().copied().unwrap_or(self.well_known.error), self.ty(TyKind::Named(id, vec![free, error])))
            }
            TyKind::Error => return ty,
            _ => {
                let shown = self.show(ty);
                self.report(
                    Diagnostic::error(
                        codes::E0114,
                        expr.span.at_end(),
                        format!("`?` needs a `Result` or an option, found `{shown}`"),
                    )
                    .help("remove the `?`"),
                );
                return self.well_known.error;
            }
        };
        self.note_return(returned, expr.span);
        result
    }
}

enum Operation {
    Gives(Ty),
    Unknown,
    Wrong,
}

impl Operation {
    /// Something unknown beside a number: with `+` it may still be a text, otherwise it is a number.
    fn or_number(self, checker: &mut Checker<'_>, left: Ty, right: Ty) -> Self {
        let (free, known) = if checker.is_free(left) { (left, right) } else { (right, left) };
        match checker.unify(free, known) {
            Ok(()) => Self::Gives(known),
            Err(_) => self,
        }
    }
}

impl crate::ctx::WellKnown {
    /// The result of arithmetic on dynamic data: numbers of JSON are floats unless they are whole.
    fn any_number(self, op: BinaryOp) -> Ty {
        match op {
            BinaryOp::Add => self.any,
            _ => self.float,
        }
    }
}
