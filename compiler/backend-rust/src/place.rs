//! Updates of variables and of parts of them.

use proc_macro2::{Literal, TokenStream};
use quote::quote;
use tova_ir::{Expr, ExprKind, LocalId, Place, PlaceRoot, PlaceStep, Prim, Type, walk};

use crate::body::{Body, Form};
use crate::call::{element, flattened};
use crate::code::{Code, Level};
use crate::intrinsic::{self, Arg, Gives};
use crate::names::ident;
use crate::plan::DataId;

/// A place as Rust can update it.
struct Target {
    tokens: TokenStream,
    /// The tokens are a `&mut T`.
    is_reference: bool,
}

impl Target {
    fn place(self) -> TokenStream {
        let tokens = self.tokens;
        if self.is_reference {
            quote! { *#tokens }
        } else {
            tokens
        }
    }

    fn reference(self) -> TokenStream {
        let tokens = self.tokens;
        if self.is_reference {
            tokens
        } else {
            quote! { &mut #tokens }
        }
    }
}

impl<'a> Body<'a> {
    /// `place = value`
    pub(crate) fn assign(&mut self, place: &'a Place, value: &'a Expr) -> TokenStream {
        if let (PlaceRoot::Local(local), []) = (&place.root, place.path.as_slice()) {
            return self.assign_local(*local, value);
        }
        if let (PlaceRoot::Global(global), []) = (&place.root, place.path.as_slice()) {
            let name = self.unit.global_name(*global);
            let value = self.value(value).tokens();
            return quote! { #name.set(#value); };
        }
        self.scoped(|this| {
            let mut before = TokenStream::new();
            let (last, path) =
                place.path.split_last().map_or((None, place.path.as_slice()), |(last, path)| (Some(last), path));
            let path = this.steps(place, path, &mut before);
            let last = last
                .map(|last| this.steps(place, std::slice::from_ref(last), &mut before))
                .and_then(|mut steps| steps.pop());
            let value = this.ready(place, value, "value", &mut before);
            let update = this.with_root(&place.root, |this, root| {
                let target = this.walk_place(root, path);
                match last {
                    Some(Step::Key(key)) => {
                        let map = target.tokens;
                        quote! { #map.insert(#key, #value) }
                    }
                    Some(step) => {
                        let target = this.walk_place(target, vec![step]).place();
                        quote! { #target = #value }
                    }
                    None => {
                        let target = target.place();
                        quote! { #target = #value }
                    }
                }
            });
            if before.is_empty() {
                quote! { #update; }
            } else {
                quote! { { #before #update; } }
            }
        })
    }

    fn assign_local(&mut self, local: LocalId, value: &'a Expr) -> TokenStream {
        let variable = self.variable(local);
        let name = variable.name;
        if variable.form == Form::Cell {
            let value = self.value(value).tokens();
            return quote! { #name.set(#value); };
        }
        if let ExprKind::Prim { op, args } = &value.kind
            && let [left, right] = args.as_slice()
            && matches!(left.kind, ExprKind::Local(read) if read == local)
            && matches!(value.ty, Type::Int | Type::Float)
        {
            let operator = match op {
                Prim::Add => Some(quote! { += }),
                Prim::Sub => Some(quote! { -= }),
                Prim::Mul => Some(quote! { *= }),
                Prim::Div if value.ty == Type::Float => Some(quote! { /= }),
                _ => None,
            };
            if let Some(operator) = operator {
                let right = self.place(right).tokens();
                return quote! { #name #operator #right; };
            }
        }
        // `s += "x"` adds to the text in place.
        if let ExprKind::Concat(parts) = &value.kind
            && let Some((first, rest)) = parts.split_first()
            && matches!(first.kind, ExprKind::Local(read) if read == local)
            && !rest.iter().any(|part| mentions(part, &PlaceRoot::Local(local)))
        {
            return self.append(&quote! { #name }, rest);
        }
        let value = self.value(value).tokens();
        quote! { #name = #value; }
    }

    /// Adds texts at the end of one.
    fn append(&mut self, name: &TokenStream, parts: &'a [Expr]) -> TokenStream {
        parts
            .iter()
            .map(|part| match &crate::operands::text_of(part).kind {
                ExprKind::Str(text) => {
                    let text = text.as_str();
                    quote! { #name.push_str(#text); }
                }
                _ => {
                    let part = crate::operands::text_of(part);
                    let is_text = part.ty == Type::Str;
                    let code = self.place(part);
                    let code = if is_text {
                        code.borrowed()
                    } else {
                        let inner = code.receiver();
                        return quote! { #inner.show(&mut #name); };
                    };
                    quote! { #name.push_str(#code); }
                }
            })
            .collect()
    }

    /// An intrinsic that updates its first operand.
    pub(crate) fn update(&mut self, place: &'a Place, name: &str, args: &'a [Expr], ty: &Type) -> Code {
        let Some(found) = intrinsic::find(name) else { return Code::postfix(quote! { () }) };
        let intrinsic::Form::Method(method) = found.form else { return Code::postfix(quote! { () }) };
        let method = ident(method);
        let (before, call) = self.scoped(|this| {
            let mut before = TokenStream::new();
            let path = this.steps(place, &place.path, &mut before);
            let mut given = Vec::new();
            for (arg, mode) in args.iter().zip(found.args) {
                let ready = this.ready(place, arg, "item", &mut before);
                given.push(if *mode == Arg::Ref {
                    quote! { &#ready }
                } else {
                    ready
                });
            }
            let call = this.with_root(&place.root, |this, root| {
                let target = this.walk_place(root, path).tokens;
                quote! { #target.#method(#(#given),*) }
            });
            (before, call)
        });
        let call = if found.gives == Gives::OptionOfElement {
            flattened(Code::postfix(call), element(&place.ty))
        } else {
            call
        };
        let _ = ty;
        if before.is_empty() { Code::postfix(call) } else { Code::new(Level::Block, quote! { { #before #call } }) }
    }

    /// Emits an update of the root, in the scope of its lock if it has one.
    fn with_root(&mut self, root: &PlaceRoot, emit: impl FnOnce(&mut Self, Target) -> TokenStream) -> TokenStream {
        let locked = match root {
            PlaceRoot::Local(local) => {
                let variable = self.variable(*local);
                let name = variable.name;
                if variable.form != Form::Cell {
                    return emit(self, Target { tokens: quote! { #name }, is_reference: false });
                }
                quote! { #name }
            }
            PlaceRoot::Global(global) => {
                let name = self.unit.global_name(*global);
                quote! { #name }
            }
        };
        let it = self.temporary("it");
        let inner = emit(self, Target { tokens: quote! { #it }, is_reference: true });
        quote! { #locked.write(|#it| #inner) }
    }

    /// The steps of a place with their keys ready.
    fn steps(&mut self, place: &'a Place, path: &'a [PlaceStep], before: &mut TokenStream) -> Vec<Step> {
        path.iter()
            .map(|step| match step {
                PlaceStep::Field { record, index } => Step::Field(DataId::Record(*record), *index),
                PlaceStep::Tuple(index) => Step::Tuple(*index),
                PlaceStep::Index(index) => Step::Index(self.ready(place, index, "index", before)),
                PlaceStep::Key(key) => Step::Key(self.ready(place, key, "key", before)),
                PlaceStep::Dynamic(key) => Step::Dynamic(self.ready(place, key, "key", before)),
                PlaceStep::Some => Step::Some,
            })
            .collect()
    }

    /// A value that can be used while the place is borrowed.
    fn ready(&mut self, place: &Place, expr: &'a Expr, name: &str, before: &mut TokenStream) -> TokenStream {
        let value = self.value(expr).tokens();
        let is_locked = match &place.root {
            PlaceRoot::Global(_) => true,
            PlaceRoot::Local(local) => self.variable(*local).form == Form::Cell,
        };
        let is_ready = if is_locked {
            self.is_quiet(expr)
        } else {
            !mentions(expr, &place.root) || place.path.is_empty() && is_copy_read(expr)
        };
        if is_ready {
            return value;
        }
        let name = self.temporary(name);
        before.extend(quote! { let #name = #value; });
        quote! { #name }
    }

    /// Whether evaluating it cannot run code of the program, take a lock or leave.
    fn is_quiet(&self, expr: &Expr) -> bool {
        match &expr.kind {
            ExprKind::Bool(_)
            | ExprKind::Int(_)
            | ExprKind::Float(_)
            | ExprKind::Str(_)
            | ExprKind::Nil
            | ExprKind::Unit => true,
            ExprKind::Local(local) => self.variable(*local).form == Form::Owned,
            ExprKind::Field { object, .. } | ExprKind::TupleField { object, .. } => self.is_quiet(object),
            ExprKind::Some(inner) => self.is_quiet(inner),
            ExprKind::Prim { op: Prim::Add | Prim::Sub | Prim::Mul | Prim::Not | Prim::Neg, args } => {
                args.iter().all(|arg| self.is_quiet(arg))
            }
            _ => false,
        }
    }

    fn walk_place(&self, root: Target, steps: Vec<Step>) -> Target {
        steps.into_iter().fold(root, |at, step| match step {
            Step::Field(data, index) => {
                let name = self.unit.field_name(data, 0, index as usize);
                let object = at.tokens;
                if self.unit.is_boxed(data, 0, index as usize) {
                    return Target { tokens: quote! { Arc::make_mut(&mut #object.#name) }, is_reference: true };
                }
                Target { tokens: quote! { #object.#name }, is_reference: false }
            }
            Step::Tuple(index) => {
                let (object, index) = (at.tokens, Literal::u32_unsuffixed(index));
                Target { tokens: quote! { #object.#index }, is_reference: false }
            }
            Step::Index(index) => {
                let list = at.tokens;
                Target { tokens: quote! { #list.item_mut(#index) }, is_reference: true }
            }
            Step::Key(key) => {
                let map = at.tokens;
                Target { tokens: quote! { #map.entry_mut(&#key) }, is_reference: true }
            }
            Step::Dynamic(key) => {
                let value = at.tokens;
                Target { tokens: quote! { #value.member_mut(&#key) }, is_reference: true }
            }
            Step::Some => {
                let option = at.reference();
                Target { tokens: quote! { present_mut(#option) }, is_reference: true }
            }
        })
    }
}

/// A step with its key in tokens.
enum Step {
    Field(DataId, u32),
    Tuple(u32),
    Index(TokenStream),
    Key(TokenStream),
    Dynamic(TokenStream),
    Some,
}

/// Whether the expression looks at the variable, or could run code that does.
fn mentions(expr: &Expr, root: &PlaceRoot) -> bool {
    let mut found = false;
    walk::each_expr(expr, &mut |expr| {
        found |= match (&expr.kind, root) {
            (ExprKind::Local(local), PlaceRoot::Local(root)) => local == root,
            (ExprKind::Update { place, .. } | ExprKind::Assign { place, .. }, root) => place.root == *root,
            (ExprKind::Closure(_) | ExprKind::Try { .. }, PlaceRoot::Local(_)) => true,
            (_, PlaceRoot::Global(_)) => true,
            _ => false,
        };
    });
    found
}

/// A read that is done before a two-phase borrow begins.
fn is_copy_read(expr: &Expr) -> bool {
    intrinsic::is_copy(&expr.ty)
        && matches!(expr.kind, ExprKind::Prim { .. } | ExprKind::Intrinsic { .. } | ExprKind::Local(_))
}
