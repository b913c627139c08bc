//! Declarations of server blocks, one file each.

mod config;
mod env;
mod health;
mod hook;
mod middleware;
mod model;
mod path;
mod port;
mod route;

use super::Parser;
use crate::ast::ServerDecl;
use crate::token::T;

impl Parser<'_> {
    /// The server declaration that begins with the word that is next, if what follows makes it one.
    pub(super) fn server_decl(&mut self) -> Option<ServerDecl> {
        let token = self.token();
        let next = self.nth_kind(1);
        Some(match self.text_of(token) {
            "route" if next.is_word() && self.nth_kind(2) == T::Str => ServerDecl::Route(self.route()),
            "middleware" if next == T::Fn || (next.is_word() && self.nth_kind(2) == T::LParen) => {
                ServerDecl::Middleware(self.middleware())
            }
            "model" if next == T::Ident => ServerDecl::Model(self.model()),
            "port" if self.setting_follows() => self.port(),
            "max_body" if self.setting_follows() => self.max_body(),
            "health" if next == T::Str => self.health(),
            "env" if next.is_word() => ServerDecl::Env(self.env()),
            "on_error" | "on_start" | "on_stop" if self.hook_follows() => self.server_hook(),
            "static" if next == T::Str => ServerDecl::Config(self.static_files()),
            _ if next == T::LBrace && self.config_follows() => ServerDecl::Config(self.config()),
            _ => return None,
        })
    }

    /// Whether a plain value follows the word that is next, on its line.
    fn setting_follows(&mut self) -> bool {
        matches!(self.nth_kind(1), T::Int | T::Float | T::BadNumber | T::Str | T::Ident) && !self.nth(1).newline
    }
}
