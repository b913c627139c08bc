//! Declarations of server blocks.

use tova_syntax::ast::{
    ConfigDecl, ConfigEntry, EnvDecl, Expr, FieldDecl, MiddlewareDecl, ModelDecl, RouteDecl, ServerDecl,
};

use crate::cursor::Cursor;
use crate::doc::{Kind, Piece};
use crate::list::Brackets;

/// A column or a setting of a model, which keeps them in two lists.
enum Member<'t> {
    Column(&'t FieldDecl),
    Setting(&'t ConfigEntry),
}

impl Member<'_> {
    fn start(&self) -> u32 {
        match self {
            Self::Column(field) => field.span.start,
            Self::Setting(entry) => entry.key.span.start,
        }
    }

    fn end(&self) -> u32 {
        match self {
            Self::Column(field) => field.span.end,
            Self::Setting(entry) => entry.value.span.end,
        }
    }
}

impl Cursor<'_> {
    /// A declaration of a server block.
    pub(crate) fn server_decl(&mut self, decl: &ServerDecl) {
        match decl {
            ServerDecl::Route(route) => self.route(route),
            ServerDecl::Middleware(decl) => self.middleware(decl),
            ServerDecl::Model(decl) => self.model(decl),
            ServerDecl::Config(decl) => self.config(decl),
            ServerDecl::Port { value, .. } => self.setting("port", value),
            ServerDecl::MaxBody { value, .. } => self.setting("max_body", value),
            ServerDecl::Health { checks, .. } => {
                self.token("health");
                self.space();
                self.string();
                // On the next line it would be something else.
                if self.at("{") && !self.newline_follows() {
                    self.space();
                    let how = Brackets { open: "{", close: "}", kind: Kind::Brackets, edge: Piece::Line };
                    self.brackets(how, checks, |c, check| c.literal(check.span));
                }
            }
            ServerDecl::Env(decl) => self.env(decl),
            ServerDecl::Hook { word, handler, .. } => {
                self.literal(word.span);
                if !self.at("(") {
                    self.space();
                }
                self.lambda(handler);
            }
        }
    }

    fn setting(&mut self, word: &str, value: &Expr) {
        self.token(word);
        self.space();
        self.expr(value);
    }

    /// `route GET "/users/:id" body: T with auth -> User => get_user`; the clauses stay in the order of the writer.
    fn route(&mut self, route: &RouteDecl) {
        self.token("route");
        self.space();
        self.literal(route.method.span);
        self.space();
        self.literal(route.path_span);
        let mut guards = route.guards.as_slice();
        while !self.at("=>") && !self.failed {
            self.space();
            if self.at_word("body") {
                self.token("body");
                self.token(":");
                self.space();
                match &route.body {
                    Some(body) => self.ty(body),
                    None => self.failed = true,
                }
            } else if self.at_word("with") {
                guards = self.guards(guards);
            } else {
                self.token("->");
                self.space();
                match &route.ret {
                    Some(ret) => self.ty(ret),
                    None => self.failed = true,
                }
            }
        }
        self.space();
        self.token("=>");
        self.value(&route.handler);
        if !guards.is_empty() {
            self.space();
            self.guards(guards);
        }
    }

    /// `with auth, role("admin")`: takes the guards that belong to this `with`, and returns the others.
    fn guards<'t>(&mut self, mut guards: &'t [Expr]) -> &'t [Expr] {
        self.token("with");
        self.space();
        while let Some((guard, rest)) = guards.split_first() {
            self.expr(guard);
            guards = rest;
            if !self.at(",") || self.failed {
                break;
            }
            self.token(",");
            self.space();
        }
        guards
    }

    /// `middleware fn auth(req, res) { … }`
    fn middleware(&mut self, decl: &MiddlewareDecl) {
        self.token("middleware");
        self.space();
        if self.at_word("fn") && self.next < decl.name.span.start {
            self.token("fn");
            self.space();
        }
        self.literal(decl.name.span);
        self.params(&decl.params);
        self.space();
        self.block(&decl.body);
    }

    /// `model User { name: String, table: "people" }`
    fn model(&mut self, decl: &ModelDecl) {
        self.token("model");
        self.space();
        self.literal(decl.name.span);
        let settings = decl.settings.iter().map(Member::Setting);
        let mut members: Vec<Member<'_>> = decl.columns.iter().map(Member::Column).chain(settings).collect();
        members.sort_by_key(Member::start);
        if members.is_empty() && !self.at("{") {
            return;
        }
        self.space();
        let last = members.last().map_or(self.next, Member::end);
        self.braced_lines(&members, last, |c, member| match member {
            Member::Column(field) => c.field_decl(field),
            Member::Setting(entry) => c.config_entry(entry),
        });
    }

    /// `db { adapter: "sqlite" }`, and `static "/url" => "dir" fallback "file" { … }`
    fn config(&mut self, decl: &ConfigDecl) {
        self.literal(decl.word.span);
        self.space();
        let in_head = |entry: &&ConfigEntry| entry.key.span == entry.value.span;
        let head = decl.entries.iter().take_while(in_head).count();
        let (head, entries) = decl.entries.split_at_checked(head).unwrap_or_default();
        for (index, entry) in head.iter().enumerate() {
            if index > 0 {
                self.space();
                self.token(if index == 1 { "=>" } else { "fallback" });
                self.space();
            }
            self.expr(&entry.value);
        }
        if !head.is_empty() {
            if entries.is_empty() && (!self.at("{") || self.newline_follows()) {
                return;
            }
            self.space();
        }
        let last = entries.last().map_or(self.next, |entry| entry.value.span.end);
        self.braced_lines(entries, last, Self::config_entry);
    }

    /// `key: value`, or `key { … }`
    fn config_entry(&mut self, entry: &ConfigEntry) {
        self.literal(entry.key.span);
        if self.at("{") {
            self.space();
            return self.expr(&entry.value);
        }
        self.token(":");
        self.value(&entry.value);
    }

    /// `env PORT: Int = 3000`
    fn env(&mut self, decl: &EnvDecl) {
        self.token("env");
        self.space();
        self.literal(decl.name.span);
        self.annotation(Some(&decl.ty));
        if let Some(default) = &decl.default {
            self.space();
            self.token("=");
            self.space();
            self.expr(default);
        }
    }
}
