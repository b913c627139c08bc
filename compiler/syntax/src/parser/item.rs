//! Declarations: which one begins here, and the ones that every place may hold.

use ecow::EcoString;
use tova_diagnostics::{Diagnostic, closest, codes};
use tova_source::Span;

use super::Parser;
use super::control::BracePlace;
use super::cursor::Mark;
use crate::ast::{
    Attribute, BlockDecl, BlockKind, CommentKind, FnDecl, HookTime, Ident, ImplDecl, ImportDecl, ImportNames, Item,
    ItemKind, Stmt, StmtKind, TraitDecl,
};
use crate::token::T;

/// The words that open a declaration, for suggestions.
const OPENING_WORDS: &[&str] = &[
    "after_each",
    "before_each",
    "bench",
    "client",
    "component",
    "computed",
    "cors",
    "db",
    "effect",
    "env",
    "fn",
    "health",
    "impl",
    "import",
    "middleware",
    "model",
    "route",
    "server",
    "shared",
    "state",
    "store",
    "style",
    "test",
    "trait",
    "type",
];

/// What stands before a declaration.
struct Prefix {
    start: u32,
    docs: Option<EcoString>,
    attributes: Vec<Attribute>,
    public: Option<Span>,
}

impl Parser<'_> {
    /// A declaration or a statement of a file or block.
    pub(super) fn item(&mut self) -> Item {
        let start = self.start();
        if let Some(item) = self.declaration() {
            return item;
        }
        if self.at(T::Fn) {
            // A function that nobody can call: its name is missing.
            let decl = self.fn_decl();
            return Item {
                id: self.id(),
                span: self.span_from(start),
                docs: None,
                attributes: Vec::new(),
                public: None,
                kind: ItemKind::Fn(decl),
            };
        }
        let stmt = self.stmt();
        let kind = if matches!(stmt.kind, StmtKind::Error) { ItemKind::Error } else { ItemKind::Stmt(stmt) };
        Item { id: self.id(), span: self.span_from(start), docs: None, attributes: Vec::new(), public: None, kind }
    }

    /// The declaration that begins here, if one does.
    pub(super) fn declaration(&mut self) -> Option<Item> {
        let mark = self.mark();
        let prefix = self.prefix_of_item();
        let kind = self.nested(Self::declaration_kind).unwrap_or(Some(ItemKind::Error));
        match kind {
            Some(kind) => Some(self.finish_item(prefix, kind)),
            None if prefix.public.is_some() || !prefix.attributes.is_empty() => Some(self.bare_prefix(prefix, mark)),
            None => None,
        }
    }

    fn finish_item(&mut self, prefix: Prefix, kind: ItemKind) -> Item {
        let Prefix { start, docs, attributes, public } = prefix;
        Item { id: self.id(), span: self.span_from(start), docs, attributes, public, kind }
    }

    /// `pub x = 1`, or a prefix before something that is no declaration.
    fn bare_prefix(&mut self, prefix: Prefix, mark: Mark) -> Item {
        if self.at(T::Fn) {
            let decl = self.fn_decl();
            return self.finish_item(prefix, ItemKind::Fn(decl));
        }
        if prefix.public.is_some() && prefix.attributes.is_empty() && !matches!(self.kind(), T::Eof | T::RBrace) {
            let stmt = self.stmt();
            return self.finish_item(prefix, ItemKind::Stmt(stmt));
        }
        if !self.failed_since(mark) {
            self.expected("a declaration");
        }
        self.finish_item(prefix, ItemKind::Error)
    }

    fn prefix_of_item(&mut self) -> Prefix {
        let token = self.token();
        let docs = self.docs_before(token.start);
        let attributes = self.attributes();
        let public = matches!(self.kind(), T::Pub | T::Export) && (self.nth_kind(1).is_word() && !self.nth(1).newline);
        let public = public.then(|| {
            let token = self.bump();
            self.span_of(token)
        });
        Prefix { start: token.start, docs, attributes, public }
    }

    /// `@name(args)`, each on a line of its own or not.
    pub(super) fn attributes(&mut self) -> Vec<Attribute> {
        let mut attributes = Vec::new();
        while let Some(token) = self.eat(T::At) {
            let name = self.expect_name("the name of an attribute");
            let parens = self.at(T::LParen) && self.same_line();
            let args = if parens { self.args().into_iter().map(|arg| arg.value).collect() } else { Vec::new() };
            attributes.push(Attribute { span: self.span_from(token.start), name, args });
        }
        attributes
    }

    /// The `///` lines that end right before `offset`.
    pub(super) fn docs_before(&self, offset: u32) -> Option<EcoString> {
        let comments = &self.lexer.comments;
        let count = comments.partition_point(|comment| comment.span.start < offset);
        let prev_end = self.prev_end();
        let mut lines = Vec::new();
        for comment in comments.get(..count).unwrap_or_default().iter().rev() {
            if comment.kind != CommentKind::Doc || comment.span.start < prev_end {
                break;
            }
            let text = self.text.get(comment.span.start as usize + 3..comment.span.end as usize).unwrap_or_default();
            lines.push(text.strip_prefix(' ').unwrap_or(text).trim_end());
        }
        lines.reverse();
        (!lines.is_empty()).then(|| lines.join("\n").into())
    }

    fn declaration_kind(&mut self) -> Option<ItemKind> {
        match self.kind() {
            T::Fn if self.nth_kind(1).is_word() => Some(ItemKind::Fn(self.fn_decl())),
            T::Async if self.nth_kind(1) == T::Fn && self.nth_kind(2).is_word() => Some(ItemKind::Fn(self.fn_decl())),
            T::Import if self.import_follows() => Some(ItemKind::Import(self.import())),
            T::Ident => self.worded_declaration(),
            _ => None,
        }
    }

    /// A declaration whose opening word is a name elsewhere.
    fn worded_declaration(&mut self) -> Option<ItemKind> {
        let (token, next) = (self.token(), self.nth(1));
        // Whatever the word, it opens nothing before these.
        if next.newline || matches!(next.kind, T::Dot | T::Eq | T::Comma | T::RParen | T::RBrace | T::Eof | T::Pipe) {
            return None;
        }
        let word = self.text_of(token);
        if next.kind.is_word() && next.kind != T::In && next.kind != T::Is {
            match word {
                "type" => return Some(ItemKind::Type(self.type_decl())),
                "impl" => return Some(ItemKind::Impl(self.impl_decl())),
                "trait" | "interface" => return Some(ItemKind::Trait(self.trait_decl())),
                _ => {}
            }
        }
        match word {
            "impl" if next.kind == T::Lt => return Some(ItemKind::Impl(self.impl_decl())),
            "shared" if self.named_block_follows() => return Some(self.block_decl(BlockKind::Shared)),
            "server" if self.named_block_follows() => return Some(self.block_decl(BlockKind::Server)),
            "client" | "browser" if self.named_block_follows() => return Some(self.block_decl(BlockKind::Client)),
            "test" if self.test_follows() => return Some(ItemKind::Test(self.test_decl())),
            "bench" if self.named_block_follows() => return Some(ItemKind::Bench(self.bench_decl())),
            "before_each" if next.kind == T::LBrace => return Some(self.test_hook(HookTime::Before)),
            "after_each" if next.kind == T::LBrace => return Some(self.test_hook(HookTime::After)),
            _ => {}
        }
        if let Some(decl) = self.server_decl() {
            return Some(ItemKind::Server(decl));
        }
        if let Some(decl) = self.client_decl() {
            return Some(ItemKind::Client(decl));
        }
        self.unknown_declaration(word)
    }

    /// Whether `{` or a name in quotes and `{` follow the word that is next.
    pub(super) fn named_block_follows(&mut self) -> bool {
        match self.nth_kind(1) {
            T::LBrace => true,
            // A missing brace is reported by the block.
            T::Str => !self.nth(1).newline && (self.nth_kind(2) == T::LBrace || self.nth(2).newline),
            _ => false,
        }
    }

    /// `word {` or `word Name {` that no declaration begins with: reported, and its content is read.
    fn unknown_declaration(&mut self, word: &str) -> Option<ItemKind> {
        let count = match (self.nth_kind(1), self.nth_kind(2)) {
            (T::LBrace, _) => 1,
            (T::Ident | T::Str, T::LBrace) if !self.nth(2).newline => 2,
            (T::Str, _) | (T::Fn, T::Ident) if word != "throw" => return Some(self.unknown_opening(word)),
            _ => return None,
        };
        self.report_unknown(word);
        if count == 2 {
            self.bump();
        }
        // What is wrong inside may be right after the word is.
        let mark = self.mark();
        if self.record_follows(BracePlace::Statement) {
            self.record();
            self.forget_problems(mark);
            return Some(ItemKind::Error);
        }
        let start = self.start();
        let block = self.block("a block");
        self.forget_problems(mark);
        let kind = crate::ast::ExprKind::Block(block);
        let span = self.span_from(start);
        let expr = self.expr(span, kind);
        Some(ItemKind::Stmt(Stmt { id: self.id(), span, kind: StmtKind::Expr(expr) }))
    }

    /// `word "text" …` or `word fn …`: reported, and skipped up to its end.
    fn unknown_opening(&mut self, word: &str) -> ItemKind {
        self.report_unknown(word);
        self.skip_whole_statement();
        ItemKind::Error
    }

    /// Takes a word that begins nothing.
    fn report_unknown(&mut self, word: &str) {
        let token = self.bump();
        let span = self.span_of(token);
        let mut problem = Diagnostic::error(codes::E0009, span, format!("`{word}` does not begin a declaration"));
        if let Some(known) = closest(word, OPENING_WORDS.iter().copied()) {
            problem =
                problem.help(format!("did you mean `{known}`?")).fix(format!("change it to `{known}`"), span, known);
        }
        self.report(problem);
    }

    fn block_decl(&mut self, kind: BlockKind) -> ItemKind {
        let token = self.bump();
        let keyword = self.span_of(token);
        let name = self.quoted_name();
        let items = self.items("the block");
        ItemKind::Block(BlockDecl { id: self.id(), kind, keyword, name, items })
    }

    /// A name in quotes, if one is next.
    pub(super) fn quoted_name(&mut self) -> Option<Ident> {
        let (name, token) = self.plain_string()?;
        Some(Ident { name, span: self.span_of(token) })
    }

    /// `fn f<T>(x) -> T { … }`; the body may be absent.
    pub(super) fn fn_decl(&mut self) -> FnDecl {
        let async_ = self.eat(T::Async).map(|token| self.span_of(token));
        self.bump();
        let name = self.expect_name("the name of the function");
        let type_params = if self.at(T::Lt) { self.type_params() } else { Vec::new() };
        let params = self.params();
        let ret = self.eats(T::Arrow).then(|| self.ty());
        let body = self.fn_body();
        FnDecl { id: self.id(), async_, name, type_params, params, ret, body }
    }

    fn fn_body(&mut self) -> Option<crate::ast::Block> {
        let token = self.token();
        let deeper = token.newline && self.indent(token.start) > self.indent(self.prev_end());
        match token.kind {
            T::LBrace => Some(self.block("the function")),
            // In a trait, the next function may follow on the same line.
            T::Eof | T::RBrace | T::Semi | T::Fn | T::Pub | T::At => None,
            _ if token.newline && !deeper => None,
            _ => Some(self.block("the function")),
        }
    }

    fn impl_decl(&mut self) -> ImplDecl {
        self.bump();
        let mut type_params = self.type_params();
        let mut ty = self.ty();
        let mut trait_ = None;
        if self.eats(T::For) {
            trait_ = type_name(&ty);
            ty = self.ty();
        }
        if type_params.is_empty() && self.at(T::Lt) {
            type_params = self.type_params();
        }
        let items = self.items("the methods");
        ImplDecl { id: self.id(), trait_, type_params, ty, items }
    }

    fn trait_decl(&mut self) -> TraitDecl {
        self.bump();
        let name = self.expect_name("the name of the trait");
        self.type_params();
        let items = self.items("the methods");
        TraitDecl { id: self.id(), name, items }
    }

    fn import_follows(&mut self) -> bool {
        matches!(self.nth_kind(1), T::LBrace | T::Star) || (self.nth_kind(1) == T::Ident && !self.nth(1).newline)
    }

    fn import(&mut self) -> ImportDecl {
        self.bump();
        let names = match self.kind() {
            T::LBrace => self.import_list(),
            T::Star => {
                self.bump();
                if self.eat_name("as").is_none() {
                    self.expected("`as` and a name");
                }
                ImportNames::All(self.expect_name("a name"))
            }
            _ => ImportNames::Default(self.expect_name("a name")),
        };
        if self.eat_name("from").is_none() {
            self.expected("`from` and a path");
        }
        let (path, path_span) = match self.plain_string() {
            Some((path, token)) => (path, self.span_of(token)),
            None => {
                self.expected("a path in quotes");
                (EcoString::new(), self.token_span().at_start())
            }
        };
        ImportDecl { names, path, path_span }
    }

    fn import_list(&mut self) -> ImportNames {
        let token = self.bump();
        let open = self.span_of(token);
        let names = self.in_brackets(|p| {
            p.list_of(T::RBrace, |p| {
                let name = p.expect_name("a name");
                let alias = p.eat_name("as").map(|_| p.expect_name("a name"));
                (name, alias)
            })
        });
        self.close(T::RBrace, open);
        ImportNames::Some(names)
    }
}

/// The name of a type that is nothing but a name.
fn type_name(ty: &crate::ast::TypeExpr) -> Option<Ident> {
    match &ty.kind {
        crate::ast::TypeExprKind::Name { name, .. } => Some(name.clone()),
        _ => None,
    }
}
