//! Declarations that every place may hold, and what stands before them.

use tova_syntax::ast::{
    Attribute, BlockDecl, FnDecl, ImplDecl, ImportDecl, ImportNames, Item, ItemKind, TestDecl, TraitDecl,
};

use crate::cursor::Cursor;
use crate::doc::{Kind, Piece};
use crate::list::{Brackets, PARENS};

impl Cursor<'_> {
    /// A declaration or a statement.
    pub(crate) fn item(&mut self, item: &Item) {
        self.attributes(&item.attributes);
        if let Some(public) = item.public {
            self.literal(public);
            self.space();
        }
        match &item.kind {
            ItemKind::Fn(decl) => self.fn_decl(decl),
            ItemKind::Type(decl) => self.type_decl(decl),
            ItemKind::Impl(decl) => self.impl_decl(decl),
            ItemKind::Trait(decl) => self.trait_decl(decl),
            ItemKind::Import(decl) => self.import(decl),
            ItemKind::Block(decl) => self.block_decl(decl),
            ItemKind::Server(decl) => self.server_decl(decl),
            ItemKind::Client(decl) => self.client_decl(decl),
            ItemKind::Test(decl) => self.test_decl(decl),
            ItemKind::Bench(decl) => {
                self.literal(decl.keyword);
                self.quoted_name(decl.name.is_some());
                self.space();
                self.block(&decl.body);
            }
            ItemKind::TestHook(decl) => {
                self.literal(decl.keyword);
                self.space();
                self.block(&decl.body);
            }
            ItemKind::Stmt(stmt) => self.stmt(stmt),
            ItemKind::Error => self.failed = true,
        }
    }

    /// `@name(args)`, on lines of their own if the writer has them so.
    pub(crate) fn attributes(&mut self, attributes: &[Attribute]) {
        for attribute in attributes {
            self.token("@");
            self.literal(attribute.name.span);
            if self.at("(") && self.next < attribute.span.end {
                self.brackets(PARENS, &attribute.args, Self::bare_arg);
            }
            if self.newline_follows() {
                self.hard_line();
                self.lead();
            } else {
                self.space();
            }
        }
    }

    /// A name in quotes after the opening word.
    fn quoted_name(&mut self, written: bool) {
        if written {
            self.space();
            self.string();
        }
    }

    fn test_decl(&mut self, decl: &TestDecl) {
        self.literal(decl.keyword);
        self.quoted_name(decl.name.is_some());
        if let Some(timeout) = &decl.timeout {
            self.space();
            self.token("timeout");
            self.token("=");
            self.expr(timeout);
        }
        self.space();
        self.block(&decl.body);
    }

    /// `shared { … }`, `server "api" { … }`
    fn block_decl(&mut self, decl: &BlockDecl) {
        self.literal(decl.keyword);
        self.quoted_name(decl.name.is_some());
        self.space();
        self.braced_items(&decl.items);
    }

    /// `fn f<T>(x) -> T { … }`
    fn fn_decl(&mut self, decl: &FnDecl) {
        if let Some(async_) = decl.async_ {
            self.literal(async_);
            self.space();
        }
        self.token("fn");
        self.space();
        self.literal(decl.name.span);
        self.type_params();
        self.params(&decl.params);
        if let Some(ret) = &decl.ret {
            self.space();
            self.token("->");
            self.space();
            self.ty(ret);
        }
        if let Some(body) = &decl.body {
            self.space();
            self.block(body);
        }
    }

    /// `impl<T> Trait for T { … }`, also with the parameters after the type
    fn impl_decl(&mut self, decl: &ImplDecl) {
        self.token("impl");
        self.type_params();
        self.space();
        if let Some(trait_) = &decl.trait_ {
            self.literal(trait_.span);
            self.type_params();
            self.space();
            self.token("for");
            self.space();
        }
        self.ty(&decl.ty);
        self.type_params();
        self.space();
        self.braced_items(&decl.items);
    }

    fn trait_decl(&mut self, decl: &TraitDecl) {
        // `trait` or `interface`
        self.word();
        self.space();
        self.literal(decl.name.span);
        self.type_params();
        self.space();
        self.braced_items(&decl.items);
    }

    /// `import { a, b as c } from "./m"`
    fn import(&mut self, decl: &ImportDecl) {
        self.token("import");
        self.space();
        match &decl.names {
            ImportNames::Some(names) => {
                let how = Brackets { open: "{", close: "}", kind: Kind::Brackets, edge: Piece::Line };
                self.brackets(how, names, |c, (name, alias)| {
                    c.literal(name.span);
                    if let Some(alias) = alias {
                        c.space();
                        c.token("as");
                        c.space();
                        c.literal(alias.span);
                    }
                });
            }
            ImportNames::All(name) => {
                self.token("*");
                self.space();
                self.token("as");
                self.space();
                self.literal(name.span);
            }
            ImportNames::Default(name) => self.literal(name.span),
        }
        self.space();
        self.token("from");
        self.space();
        self.literal(decl.path_span);
    }
}
