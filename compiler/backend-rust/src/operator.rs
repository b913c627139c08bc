//! Operators of the language.

use proc_macro2::TokenStream;
use quote::quote;
use tova_ir::{Expr, ExprKind, Prim, Type};

use crate::body::{Body, Form};
use crate::call::flattened;
use crate::code::{Code, Level};
use crate::intrinsic::is_copy;

impl<'a> Body<'a> {
    /// An operator.
    pub(crate) fn prim(&mut self, op: Prim, args: &'a [Expr], ty: &Type) -> Code {
        match (op, args) {
            (
                Prim::Neg | Prim::Not | Prim::BitNot | Prim::IntToFloat | Prim::IsSome | Prim::Unwrap | Prim::AnyTruthy,
                [arg],
            ) => self.unary(op, arg),
            (Prim::Slice, [subject, bounds @ ..]) => self.slice(subject, bounds),
            (Prim::Eq | Prim::Ne, [left, right]) => self.equality(op, left, right),
            (Prim::And, [left, right]) => self.infix(left, right, Level::And, quote! { && }),
            (Prim::Or, [left, right]) => self.infix(left, right, Level::Or, quote! { || }),
            (Prim::Lt | Prim::Le | Prim::Gt | Prim::Ge, [left, right]) => self.order(op, left, right),
            (Prim::Add | Prim::Sub | Prim::Mul | Prim::Div | Prim::Rem | Prim::Pow, [left, right]) => {
                self.arithmetic(op, left, right, ty)
            }
            (Prim::BitAnd, [left, right]) => self.infix(left, right, Level::BitAnd, quote! { & }),
            (Prim::BitOr, [left, right]) => self.infix(left, right, Level::BitOr, quote! { | }),
            (Prim::BitXor, [left, right]) => self.infix(left, right, Level::BitXor, quote! { ^ }),
            (Prim::Shl, [left, right]) => self.function(quote! { int::shl }, left, right),
            (Prim::Shr, [left, right]) => self.function(quote! { int::shr }, left, right),
            (Prim::UShr, [left, right]) => self.function(quote! { int::ushr }, left, right),
            (Prim::RangeList, [start, end]) => self.function(quote! { int::range }, start, end),
            (Prim::ListConcat, [left, right]) => {
                let (left, right) = (self.value(left).receiver(), self.place(right).borrowed());
                Code::postfix(quote! { #left.concat(#right) })
            }
            (Prim::ListGet | Prim::StrGet | Prim::MapGet | Prim::AnyGet, [subject, key]) => {
                self.member(op, subject, key, ty)
            }
            (Prim::Contains, [item, subject]) => self.contains(item, subject),
            _ => Code::postfix(quote! { () }),
        }
    }

    fn unary(&mut self, op: Prim, arg: &'a Expr) -> Code {
        match (op, &arg.kind) {
            (Prim::Not, ExprKind::Prim { op: Prim::IsSome, args }) => {
                let Some(inner) = args.first() else { return Code::postfix(quote! { true }) };
                let inner = self.place(inner).receiver();
                return Code::postfix(quote! { #inner.is_none() });
            }
            (Prim::Not, ExprKind::Prim { op: Prim::Eq, args }) => {
                if let [left, right] = args.as_slice() {
                    return self.equality(Prim::Ne, left, right);
                }
            }
            (Prim::Not, ExprKind::Prim { op: op @ (Prim::Lt | Prim::Le | Prim::Gt | Prim::Ge), args }) => {
                // Of floats the opposite is not the same: neither holds for what is no number.
                if let [left, right] = args.as_slice()
                    && matches!(left.ty, Type::Int | Type::Str | Type::Duration | Type::Size)
                {
                    return self.order(opposite(*op), left, right);
                }
            }
            _ => {}
        }
        match op {
            Prim::Unwrap => {
                let arg = self.value(arg).tokens();
                return Code::postfix(quote! { unwrap(#arg) });
            }
            Prim::IsSome => {
                let arg = self.place(arg).receiver();
                return Code::postfix(quote! { #arg.is_some() });
            }
            Prim::AnyTruthy => {
                let arg = self.place(arg).receiver();
                return Code::postfix(quote! { #arg.is_truthy() });
            }
            Prim::IntToFloat => {
                if let ExprKind::Int(n) = arg.kind
                    && n.unsigned_abs() < 1 << 53
                {
                    let literal = proc_macro2::Literal::f64_unsuffixed(n as f64);
                    return Code::new(if n < 0 { Level::Unary } else { Level::Postfix }, quote! { #literal });
                }
                let arg = self.place(arg).operand(Level::Cast);
                return Code::new(Level::Cast, quote! { #arg as f64 });
            }
            _ => {}
        }
        let arg = self.place(arg).operand(Level::Unary);
        Code::new(
            Level::Unary,
            if op == Prim::Neg {
                quote! { -#arg }
            } else {
                quote! { !#arg }
            },
        )
    }

    fn infix(&mut self, left: &'a Expr, right: &'a Expr, level: Level, operator: TokenStream) -> Code {
        let left = self.before(Some(std::slice::from_ref(right)), |this| this.place(left).operand(level));
        let right = self.place(right).operand(tighter(level));
        Code::new(level, quote! { #left #operator #right })
    }

    fn function(&mut self, path: TokenStream, left: &'a Expr, right: &'a Expr) -> Code {
        let (left, right) = (self.place(left).tokens(), self.place(right).tokens());
        Code::postfix(quote! { #path(#left, #right) })
    }

    fn equality(&mut self, op: Prim, left: &'a Expr, right: &'a Expr) -> Code {
        let operator = if op == Prim::Eq {
            quote! { == }
        } else {
            quote! { != }
        };
        match (&left.kind, &right.kind) {
            (_, ExprKind::Str(text)) => return self.equals_literal(op, left, text),
            (ExprKind::Str(text), _) => return self.equals_literal(op, right, text),
            _ => {}
        }
        let left = self.before(Some(std::slice::from_ref(right)), |this| this.place(left).operand(Level::BitOr));
        let right = self.place(right).operand(Level::BitOr);
        Code::new(Level::Compare, quote! { #left #operator #right })
    }

    /// A text compares with a literal without making one of it.
    fn equals_literal(&mut self, op: Prim, value: &'a Expr, text: &str) -> Code {
        if text.is_empty() && value.ty == Type::Str {
            let value = self.place(value).receiver();
            let is_empty = quote! { #value.is_empty() };
            return if op == Prim::Eq {
                Code::postfix(is_empty)
            } else {
                Code::new(Level::Unary, quote! { !#is_empty })
            };
        }
        let value = self.as_operand(value);
        Code::new(
            Level::Compare,
            if op == Prim::Eq {
                quote! { #value == #text }
            } else {
                quote! { #value != #text }
            },
        )
    }

    fn as_operand(&mut self, value: &'a Expr) -> TokenStream {
        if let ExprKind::Str(text) = &value.kind {
            let text = text.as_str();
            return quote! { #text };
        }
        self.place(value).operand(Level::BitOr)
    }

    fn order(&mut self, op: Prim, left: &'a Expr, right: &'a Expr) -> Code {
        let operator = match op {
            Prim::Lt => quote! { < },
            Prim::Le => quote! { <= },
            Prim::Gt => quote! { > },
            _ => quote! { >= },
        };
        if matches!(left.kind, ExprKind::Str(_)) || matches!(right.kind, ExprKind::Str(_)) {
            let (left, right) = (self.as_str(left), self.as_str(right));
            return Code::new(Level::Compare, quote! { #left #operator #right });
        }
        let left = self.place(left);
        // `a as f64 < b` would be read as the start of generic arguments.
        let left = left.operand(Level::Unary);
        let right = self.place(right).operand(Level::BitOr);
        Code::new(Level::Compare, quote! { #left #operator #right })
    }

    fn as_str(&mut self, expr: &'a Expr) -> TokenStream {
        if let ExprKind::Str(text) = &expr.kind {
            let text = text.as_str();
            return quote! { #text };
        }
        let text = self.place(expr).receiver();
        quote! { #text.as_str() }
    }

    fn arithmetic(&mut self, op: Prim, left: &'a Expr, right: &'a Expr, ty: &Type) -> Code {
        let is_literal_divisor = matches!(right.kind, ExprKind::Int(n) if n != 0 && n != -1);
        match op {
            Prim::Pow if *ty == Type::Float => return self.function(quote! { float::pow }, left, right),
            Prim::Pow => return self.function(quote! { int::pow }, left, right),
            Prim::Rem if *ty == Type::Int && !is_literal_divisor => {
                return self.function(quote! { int::rem }, left, right);
            }
            _ => {}
        }
        let (level, operator) = match op {
            Prim::Add => (Level::Sum, quote! { + }),
            Prim::Sub => (Level::Sum, quote! { - }),
            Prim::Mul => (Level::Product, quote! { * }),
            Prim::Div => (Level::Product, quote! { / }),
            _ => (Level::Product, quote! { % }),
        };
        self.infix(left, right, level, operator)
    }

    fn slice(&mut self, subject: &'a Expr, bounds: &'a [Expr]) -> Code {
        let is_text = subject.ty == Type::Str;
        let subject = self.place(subject);
        let mut bounds: Vec<_> = bounds.iter().map(|bound| self.value(bound).tokens()).collect();
        bounds.resize(3, quote! { None });
        if is_text {
            let subject = subject.text();
            return Code::postfix(quote! { text::slice(#subject, #(#bounds),*) });
        }
        let subject = subject.receiver();
        Code::postfix(quote! { #subject.slice(#(#bounds),*) })
    }

    fn member(&mut self, op: Prim, subject: &'a Expr, key: &'a Expr, ty: &Type) -> Code {
        let value_ty = if let Type::Map(_, value) = &subject.ty { Some(&**value) } else { None };
        let is_temporary = !self.is_lasting(subject);
        let subject = self.before(Some(std::slice::from_ref(key)), |this| this.place(subject));
        match op {
            Prim::ListGet => {
                let (subject, key) = (subject.receiver(), self.place(key).tokens());
                let item = quote! { #subject.item(#key) };
                // A reference into a list that nobody keeps would outlive it.
                // Of a copy nothing is left to outlive the list.
                if is_temporary && !is_copy(ty) {
                    Code::postfix(quote! { #item.clone() })
                } else {
                    Code::reference(item)
                }
            }
            Prim::StrGet => {
                let (subject, key) = (subject.text(), self.place(key).tokens());
                Code::postfix(quote! { text::item(#subject, #key) })
            }
            Prim::MapGet => {
                let (subject, key) = (subject.receiver(), self.key(key));
                let get = quote! { #subject.get(#key) };
                let copied = if value_ty.is_some_and(is_copy) {
                    quote! { #get.copied() }
                } else {
                    quote! { #get.cloned() }
                };
                Code::postfix(flattened(Code::postfix(copied), value_ty))
            }
            _ => self.any_member(subject.receiver(), key),
        }
    }

    fn any_member(&mut self, subject: TokenStream, key: &'a Expr) -> Code {
        let known = if let ExprKind::ToAny(inner) = &key.kind { Some(&**inner) } else { None };
        match known {
            Some(name) if name.ty == Type::Str => {
                let name = if let ExprKind::Str(text) = &name.kind {
                    let text = text.as_str();
                    quote! { #text }
                } else {
                    self.place(name).text()
                };
                Code::postfix(quote! { #subject.named(#name) })
            }
            Some(index) if index.ty == Type::Int => {
                let index = self.place(index).tokens();
                Code::postfix(quote! { #subject.nth(#index) })
            }
            _ => {
                let key = self.place(key).borrowed();
                Code::postfix(quote! { #subject.member(#key) })
            }
        }
    }

    /// A key to look up: a literal text as it is.
    pub(crate) fn key(&mut self, key: &'a Expr) -> TokenStream {
        if let ExprKind::Str(text) = &key.kind {
            let text = text.as_str();
            return quote! { #text };
        }
        self.place(key).borrowed()
    }

    /// Whether the expression is a place that outlives the statement.
    fn is_lasting(&self, expr: &Expr) -> bool {
        match &expr.kind {
            ExprKind::Local(local) => self.variable(*local).form != Form::Cell,
            ExprKind::Global(global) => !self.unit.is_state(*global),
            ExprKind::Field { object, .. } | ExprKind::TupleField { object, .. } => self.is_lasting(object),
            ExprKind::Prim { op: Prim::ListGet, args } => args.first().is_some_and(|list| self.is_lasting(list)),
            _ => false,
        }
    }

    fn contains(&mut self, item: &'a Expr, subject: &'a Expr) -> Code {
        let item =
            if matches!(subject.ty, Type::Map(..) | Type::Str) { self.key(item) } else { self.place(item).borrowed() };
        let code = match subject.ty {
            Type::Map(..) => {
                let subject = self.place(subject).receiver();
                quote! { #subject.contains_key(#item) }
            }
            Type::Str => {
                let subject = self.place(subject).text();
                quote! { text::contains(#subject, #item) }
            }
            _ => {
                let subject = self.place(subject).receiver();
                quote! { #subject.contains(#item) }
            }
        };
        Code::postfix(code)
    }
}

const fn opposite(op: Prim) -> Prim {
    match op {
        Prim::Lt => Prim::Ge,
        Prim::Le => Prim::Gt,
        Prim::Gt => Prim::Le,
        _ => Prim::Lt,
    }
}

/// The level of the right operand: operators group to the left.
const fn tighter(level: Level) -> Level {
    match level {
        Level::Or => Level::And,
        Level::And => Level::Compare,
        Level::BitOr => Level::BitXor,
        Level::BitXor => Level::BitAnd,
        Level::BitAnd => Level::Shift,
        Level::Sum => Level::Product,
        Level::Product => Level::Cast,
        other => other,
    }
}
