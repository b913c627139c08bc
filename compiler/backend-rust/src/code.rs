//! Pieces of Rust expressions: tokens, how tightly they bind, and whether they are a reference to the value that is meant.

use proc_macro2::TokenStream;
use quote::quote;

/// How tightly an expression binds; the loosest first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Level {
    /// Closures, `return`, `break`.
    Jump,
    /// `if`, `match`, blocks: no operand without parentheses.
    Block,
    Or,
    And,
    Compare,
    BitOr,
    BitXor,
    BitAnd,
    Shift,
    Sum,
    Product,
    Cast,
    Unary,
    /// Calls, fields, literals, paths.
    Postfix,
}

/// An expression.
#[derive(Clone, Debug)]
pub(crate) struct Code {
    tokens: TokenStream,
    level: Level,
    via: Via,
}

/// How the tokens lead to the value that is meant.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Via {
    /// They are it.
    Itself,
    /// They have type `&T` where a `T` is meant.
    Reference,
    /// They are a static that computes the value when it is first asked for.
    Static,
}

impl Code {
    pub(crate) const fn new(level: Level, tokens: TokenStream) -> Self {
        Self { tokens, level, via: Via::Itself }
    }

    /// A call, a path, a literal or the like.
    pub(crate) const fn postfix(tokens: TokenStream) -> Self {
        Self::new(Level::Postfix, tokens)
    }

    /// A reference to what is meant.
    pub(crate) const fn reference(tokens: TokenStream) -> Self {
        Self { tokens, level: Level::Postfix, via: Via::Reference }
    }

    /// A static that computes what is meant.
    pub(crate) const fn smart(tokens: TokenStream) -> Self {
        Self { tokens, level: Level::Postfix, via: Via::Static }
    }

    /// The tokens of a value that is not behind a reference.
    pub(crate) fn tokens(self) -> TokenStream {
        self.place().tokens
    }

    /// As an operand of something that binds at `level`.
    pub(crate) fn operand(self, level: Level) -> TokenStream {
        let Self { tokens, level: own, .. } = self.place();
        if own < level {
            quote! { (#tokens) }
        } else {
            tokens
        }
    }

    /// Before a `.method()` or a `.field`, which look through references.
    pub(crate) fn receiver(self) -> TokenStream {
        let Self { tokens, level, .. } = self;
        if level < Level::Postfix {
            quote! { (#tokens) }
        } else {
            tokens
        }
    }

    /// The value itself as a place: `*x` of a reference.
    pub(crate) fn place(self) -> Self {
        if self.via == Via::Itself {
            return self;
        }
        let inner = if self.level < Level::Unary {
            let t = self.tokens;
            quote! { (#t) }
        } else {
            self.tokens
        };
        Self::new(Level::Unary, quote! { *#inner })
    }

    /// A reference to the value.
    pub(crate) fn borrowed(self) -> TokenStream {
        if self.via == Via::Reference {
            return self.tokens;
        }
        let inner = self.operand(Level::Unary);
        quote! { &#inner }
    }

    /// A reference where a `&str` is wanted, to which a static of a text derefs by itself.
    pub(crate) fn text(self) -> TokenStream {
        if self.via == Via::Static {
            let name = self.tokens;
            return quote! { &#name };
        }
        self.borrowed()
    }

    pub(crate) const fn is_reference(&self) -> bool {
        !matches!(self.via, Via::Itself)
    }
}
