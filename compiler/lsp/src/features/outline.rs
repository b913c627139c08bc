//! What a file and a program declare: document and workspace symbols.

use gen_lsp_types as lsp;
use tova_source::Span;
use tova_syntax::ast::{ClientDecl, FieldDecl, Item, ItemKind, Pattern, PatternKind, ServerDecl, StmtKind, TypeBody};

use super::words;
use crate::snapshot::Snapshot;
use crate::symbol::Role;

/// An entry of the outline.
struct Entry {
    name: String,
    kind: lsp::SymbolKind,
    span: Span,
    name_span: Span,
    children: Vec<Entry>,
    detail: Option<String>,
}

impl Entry {
    fn new(name: impl Into<String>, kind: lsp::SymbolKind, span: Span, name_span: Span) -> Self {
        Self { name: name.into(), kind, span, name_span, children: Vec::new(), detail: None }
    }

    fn holding(mut self, children: Vec<Self>) -> Self {
        self.children = children;
        self
    }
}

/// The declarations of a file as a tree.
pub(crate) fn document(
    snapshot: &Snapshot<'_>,
    params: lsp::DocumentSymbolParams,
) -> Option<lsp::DocumentSymbolResponse> {
    let (_, module) = snapshot.file(&params.text_document.uri)?;
    let entries = items(snapshot, &module.items).into_iter().map(|entry| symbol(snapshot, entry));
    Some(lsp::DocumentSymbolResponse::from(entries.collect::<Vec<_>>()))
}

fn symbol(snapshot: &Snapshot<'_>, entry: Entry) -> lsp::DocumentSymbol {
    let children: Vec<_> = entry.children.into_iter().map(|child| symbol(snapshot, child)).collect();
    let inside = entry.span.start <= entry.name_span.start && entry.name_span.end <= entry.span.end;
    let name_span = if inside { entry.name_span } else { entry.span };
    let children = (!children.is_empty()).then_some(children);
    let name = if entry.name.is_empty() { "?".to_owned() } else { entry.name };
    let range = snapshot.range(entry.span);
    let selection = snapshot.range(name_span);
    let mut symbol = lsp::DocumentSymbol::new(name, None, entry.kind, None, None, range, selection, children);
    symbol.detail = entry.detail;
    symbol
}

fn items(snapshot: &Snapshot<'_>, list: &[Item]) -> Vec<Entry> {
    list.iter().flat_map(|item| of_item(snapshot, item)).collect()
}

fn of_item(snapshot: &Snapshot<'_>, item: &Item) -> Vec<Entry> {
    use lsp::SymbolKind as Kind;
    let one = |name: &str, kind, name_span| Entry::new(name, kind, item.span, name_span);
    let word = words::of_item(&item.kind);
    vec![match &item.kind {
        ItemKind::Fn(decl) => one(&decl.name.name, Kind::Function, decl.name.span),
        ItemKind::Type(decl) => match &decl.body {
            TypeBody::Record(declared) => one(&decl.name.name, Kind::Struct, decl.name.span).holding(fields(declared)),
            TypeBody::Enum(variants, declared) => {
                let mut children: Vec<Entry> = variants
                    .iter()
                    .map(|variant| {
                        Entry::new(variant.name.name.as_str(), Kind::EnumMember, variant.span, variant.name.span)
                    })
                    .collect();
                children.extend(fields(declared));
                one(&decl.name.name, Kind::Enum, decl.name.span).holding(children)
            }
            TypeBody::Alias(_) | TypeBody::Error => one(&decl.name.name, Kind::Struct, decl.name.span),
        },
        ItemKind::Impl(decl) => {
            let name = format!("impl {}", snapshot.text(decl.ty.span));
            one(&name, Kind::Class, decl.ty.span).holding(items(snapshot, &decl.items))
        }
        ItemKind::Trait(decl) => {
            one(&decl.name.name, Kind::Interface, decl.name.span).holding(items(snapshot, &decl.items))
        }
        ItemKind::Block(block) => {
            let name = block.name.as_ref().map_or_else(|| word.to_owned(), |name| format!("{word} \"{}\"", name.name));
            let name_span = block.name.as_ref().map_or(block.keyword, |name| name.span);
            one(&name, Kind::Module, name_span).holding(items(snapshot, &block.items))
        }
        ItemKind::Server(decl) => of_server(item, decl),
        ItemKind::Client(decl) => of_client(snapshot, item, decl),
        ItemKind::Test(decl) => named(word, item, decl.name.as_ref(), decl.keyword),
        ItemKind::Bench(decl) => named(word, item, decl.name.as_ref(), decl.keyword),
        ItemKind::TestHook(hook) => one(word, Kind::Event, hook.keyword),
        ItemKind::Stmt(stmt) => return of_stmt(snapshot, item, &stmt.kind),
        ItemKind::Import(_) | ItemKind::Error => return Vec::new(),
    }]
}

fn named(word: &str, item: &Item, name: Option<&tova_syntax::ast::Ident>, keyword: Span) -> Entry {
    let shown = name.map_or_else(|| word.to_owned(), |name| format!("{word} \"{}\"", name.name));
    Entry::new(shown, lsp::SymbolKind::Event, item.span, name.map_or(keyword, |name| name.span))
}

fn fields(fields: &[FieldDecl]) -> Vec<Entry> {
    let entry =
        |field: &FieldDecl| Entry::new(field.name.name.as_str(), lsp::SymbolKind::Field, field.span, field.name.span);
    fields.iter().map(entry).collect()
}

fn of_server(item: &Item, decl: &ServerDecl) -> Entry {
    use lsp::SymbolKind as Kind;
    let one = |name: &str, kind, name_span| Entry::new(name, kind, item.span, name_span);
    let word = words::of_server(decl);
    match decl {
        ServerDecl::Route(route) => {
            let name = format!("{} {}", route.method.name, route.path);
            one(&name, Kind::Event, route.method.span.to(route.path_span))
        }
        ServerDecl::Middleware(middleware) => one(&middleware.name.name, Kind::Function, middleware.name.span),
        ServerDecl::Model(model) => {
            one(&model.name.name, Kind::Struct, model.name.span).holding(fields(&model.columns))
        }
        ServerDecl::Config(config) => {
            let entries = config.entries.iter().map(|entry| {
                Entry::new(entry.key.name.as_str(), Kind::Property, entry.key.span.to(entry.value.span), entry.key.span)
            });
            one(word, Kind::Object, config.word.span).holding(entries.collect())
        }
        ServerDecl::Port { span, .. } | ServerDecl::MaxBody { span, .. } => one(word, Kind::Property, *span),
        ServerDecl::Health { span, path, .. } => one(&format!("{word} {}", path.name), Kind::Event, *span),
        ServerDecl::Env(env) => one(&env.name.name, Kind::Constant, env.name.span),
        ServerDecl::Hook { word, .. } => one(&word.name, Kind::Event, word.span),
    }
}

fn of_client(snapshot: &Snapshot<'_>, item: &Item, decl: &ClientDecl) -> Entry {
    use lsp::SymbolKind as Kind;
    let one = |name: &str, kind, name_span| Entry::new(name, kind, item.span, name_span);
    let word = words::of_client(decl);
    match decl {
        ClientDecl::State { name, .. } | ClientDecl::Computed { name, .. } => {
            let mut entry = one(snapshot.text(name.span), Kind::Variable, name.span);
            entry.detail = Some(word.to_owned());
            entry
        }
        ClientDecl::Effect { .. } => one(word, Kind::Event, item.span.at_start()),
        ClientDecl::Component(component) => {
            let parts = component.body.stmts.iter().filter_map(|stmt| match &stmt.kind {
                StmtKind::Item(item) => Some(of_item(snapshot, item)),
                _ => None,
            });
            one(&component.name.name, Kind::Class, component.name.span).holding(parts.flatten().collect())
        }
        ClientDecl::Store { name, items: list, .. } => {
            one(&name.name, Kind::Object, name.span).holding(items(snapshot, list))
        }
        ClientDecl::Hook { word, .. } => one(&word.name, Kind::Event, word.span),
        ClientDecl::Style { css_span, .. } => one(word, Kind::Object, css_span.at_start()),
    }
}

/// Variables outside of functions.
fn of_stmt(snapshot: &Snapshot<'_>, item: &Item, stmt: &StmtKind) -> Vec<Entry> {
    let mut names = Vec::new();
    match stmt {
        StmtKind::Let(stmt) => stmt.targets.iter().for_each(|pattern| pattern_names(pattern, &mut names)),
        StmtKind::Assign(_) => {
            let definitions = snapshot.index().of_file(item.span.file).iter().filter(|occurrence| {
                occurrence.role == Role::Definition
                    && item.span.start <= occurrence.span.start
                    && occurrence.span.end <= item.span.end
                    && matches!(occurrence.symbol, crate::symbol::Symbol::Global(_))
            });
            names.extend(definitions.map(|occurrence| occurrence.span));
        }
        _ => {}
    }
    let entry = |span: Span| Entry::new(snapshot.text(span), lsp::SymbolKind::Variable, item.span, span);
    names.into_iter().map(entry).collect()
}

fn pattern_names(pattern: &Pattern, out: &mut Vec<Span>) {
    struct Names<'o>(&'o mut Vec<Span>);
    impl tova_syntax::ast::visit::Visitor for Names<'_> {
        fn pattern(&mut self, pattern: &Pattern) {
            if let PatternKind::Name(_) = pattern.kind {
                self.0.push(pattern.span);
            }
            tova_syntax::ast::visit::walk_pattern(self, pattern);
        }
    }
    tova_syntax::ast::visit::Visitor::pattern(&mut Names(out), pattern);
}

/// Declarations of the program whose names hold the letters of the question, in their order.
pub(crate) fn workspace(
    snapshot: &Snapshot<'_>,
    params: lsp::WorkspaceSymbolParams,
) -> Option<lsp::WorkspaceSymbolResponse> {
    let mut found = Vec::new();
    for (file, module) in snapshot.files.iter().zip(snapshot.modules) {
        for entry in items(snapshot, &module.items) {
            collect(snapshot, file, &entry, None, &params.query, &mut found);
        }
    }
    Some(lsp::WorkspaceSymbolResponse::from(found))
}

fn collect(
    snapshot: &Snapshot<'_>,
    file: &crate::files::File,
    entry: &Entry,
    container: Option<&str>,
    query: &str,
    out: &mut Vec<lsp::WorkspaceSymbol>,
) {
    if super::completion::is_spelt(&entry.name, query) {
        let location = lsp::Location { uri: file.uri.clone(), range: snapshot.range(entry.name_span) };
        out.push(lsp::WorkspaceSymbol {
            location: location.into(),
            data: None,
            base_symbol_information: lsp::BaseSymbolInformation {
                name: entry.name.clone(),
                kind: entry.kind,
                tags: None,
                container_name: container.map(str::to_owned),
            },
        });
    }
    for child in &entry.children {
        collect(snapshot, file, child, Some(&entry.name), query, out);
    }
}
