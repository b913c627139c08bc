//! Declarations of client blocks, stores and components, one file each.

mod component;
mod effect;
mod hook;
mod state;
mod store;
mod style;

use super::Parser;
use crate::ast::ClientDecl;
use crate::token::T;

impl Parser<'_> {
    /// The client declaration that begins with the word that is next, if what follows makes it one.
    pub(super) fn client_decl(&mut self) -> Option<ClientDecl> {
        let token = self.token();
        let next = self.nth_kind(1);
        Some(match self.text_of(token) {
            "state" if next.is_word() => self.state(),
            "computed" if next.is_word() => self.computed(),
            "effect" if next == T::LBrace => self.effect(),
            "component" if next.is_word() => ClientDecl::Component(self.component()),
            "store" if next.is_word() => self.store(),
            "style" | "css" if next == T::LBrace => self.style(),
            "onMount" | "onUnmount" | "onCleanup" | "onBeforeUpdate"
                if matches!(next, T::LParen | T::Fn | T::Async | T::LBrace) =>
            {
                self.client_hook()
            }
            _ => return None,
        })
    }
}
