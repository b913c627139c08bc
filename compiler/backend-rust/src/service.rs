//! Services: `main` with the table of what the server does.

use std::collections::BTreeSet;

use proc_macro2::{Literal, TokenStream};
use quote::quote;
use tova_ir::{Cors, ExprKind, FnId, Middleware, MiddlewareStyle, Server, Type, walk};

use crate::file::{Item, Place};
use crate::items;
use crate::names::ident;
use crate::query;
use crate::route;
use crate::unit::Unit;

/// The items of a server beside functions and types: `main`, what it names, and the glue of its routes.
pub(crate) fn items(unit: &Unit<'_>, server: &Server, index: usize) -> Vec<Item> {
    items_ending(unit, server, index, &quote! { .run() })
}

/// The same with another end of `main`: what is done with the server.
pub(crate) fn items_ending(unit: &Unit<'_>, server: &Server, index: usize, end: &TokenStream) -> Vec<Item> {
    let mut glue = Glue { unit, server, items: Vec::new(), names: BTreeSet::new() };
    let mut calls = TokenStream::new();
    if unit.program.servers.len() == 1 {
        calls.extend(quote! { .single() });
    }
    calls.extend(glue.start());
    calls.extend(glue.database());
    calls.extend(glue.page());
    if unit.plan.intrinsics.iter().any(|name| name.starts_with("jwt.")) {
        calls.extend(quote! { .needs_secret() });
    }
    calls.extend(glue.settings());
    calls.extend(glue.endpoints());
    let (name, port) = (server.name.as_deref().unwrap_or_default(), Literal::u16_unsuffixed(port(unit, index)));
    let tokens = quote! {
        fn main() -> ExitCode {
            set_places(PLACES);
            Server::new(#name, #port) #calls #end
        }
    };
    glue.names.insert("PLACES".to_owned());
    glue.items.push(Item { name: "main".to_owned(), place: Place::Main(server.span), tokens, mentions: glue.names });
    glue.items
}

/// The port of a server: the unnamed one is the first, the others follow in source order.
fn port(unit: &Unit<'_>, index: usize) -> u16 {
    let servers = &unit.program.servers;
    let mut order: Vec<usize> = (0..servers.len()).collect();
    order.sort_by_key(|at| servers.get(*at).is_some_and(|server| server.name.is_some()));
    let step = order.iter().position(|at| *at == index).unwrap_or(0);
    let counted = u16::try_from(step).ok().and_then(|step| step.checked_add(3000)).unwrap_or(3000);
    servers.get(index).and_then(|server| server.port).unwrap_or(counted)
}

/// What `main` names, in the making.
pub(crate) struct Glue<'a> {
    pub(crate) unit: &'a Unit<'a>,
    pub(crate) server: &'a Server,
    pub(crate) items: Vec<Item>,
    /// What `main` mentions.
    names: BTreeSet<String>,
}

impl Glue<'_> {
    /// Adds an item and notes that `main` mentions it.
    pub(crate) fn add(&mut self, name: &proc_macro2::Ident, place: Place, tokens: TokenStream) {
        self.names.insert(name.to_string());
        let mentions = self.unit.take_mentions();
        self.items.push(Item { name: name.to_string(), place, tokens, mentions });
    }

    /// Whether an item of this name is there.
    pub(crate) fn has(&self, name: &proc_macro2::Ident) -> bool {
        self.names.contains(&name.to_string())
    }

    /// The first values of the globals, then the statements of the block.
    fn start(&mut self) -> TokenStream {
        let globals = self.server.globals.iter();
        let mut statements: Vec<_> = globals
            .filter_map(|global| items::ready(self.unit, *global))
            .map(|code| {
                let code = code.tokens();
                quote! { #code; }
            })
            .collect();
        if let Some(start) = self.server.start
            && let Some(function) = self.unit.function(start)
        {
            let name = self.unit.function_name(start);
            let wait = function.effects.is_async.then(|| quote! { .await });
            let pass_on = function.effects.throws.then(|| quote! { ? });
            statements.push(quote! { #name() #wait #pass_on; });
        }
        if statements.is_empty() {
            return TokenStream::new();
        }
        let name = route::free_name(self, "before first request");
        let tokens = quote! {
            /// First values, and what the block says.
            pub fn #name() -> Pending<Result<(), Fault>> {
                Box::pin(async { #(#statements)* Ok(()) })
            }
        };
        self.add(&name, Place::Module("routes", self.server.span), tokens);
        quote! { .start(#name) }
    }

    fn database(&mut self) -> TokenStream {
        let models: Vec<_> =
            self.server.models.iter().filter_map(|id| self.unit.program.models.get(id.0 as usize)).collect();
        let Some(db) = &self.server.db else {
            if models.is_empty() {
                return TokenStream::new();
            }
            return self.database_of(None, &models);
        };
        self.database_of(db.target, &models)
    }

    fn database_of(&mut self, target: Option<FnId>, models: &[&tova_ir::Model]) -> TokenStream {
        let tables: Vec<_> = models
            .iter()
            .map(|model| {
                let item = query::table(self.unit, model);
                self.names.insert(item.name.clone());
                self.items.push(item);
                query::table_name(model)
            })
            .collect();
        let file = match target.and_then(|target| Some((target, self.unit.function(target)?))) {
            Some((target, function)) => {
                let name = self.unit.function_name(target);
                if function.effects.throws {
                    quote! { #name() }
                } else {
                    quote! { Ok(#name()) }
                }
            }
            None => {
                let file = self.server.name.as_deref().unwrap_or("app").to_owned() + ".db";
                quote! { Ok(Str::from(#file)) }
            }
        };
        let name = route::free_name(self, "database file");
        let tokens = quote! {
            /// Where the database is.
            pub fn #name() -> Result<Str, Fault> { #file }
        };
        self.add(&name, Place::Module("routes", self.server.span), tokens);
        quote! { .database(#name, &[#(#tables),*]) }
    }

    fn page(&mut self) -> TokenStream {
        let Some(client) = &self.unit.program.client else { return TokenStream::new() };
        let servers = &self.unit.program.servers;
        if !self.server.serves_page {
            let Some(at) = servers.iter().position(|server| server.serves_page) else { return TokenStream::new() };
            let name = servers.get(at).and_then(|server| server.name.as_deref()).unwrap_or_default();
            let port = Literal::u16_unsuffixed(port(self.unit, at));
            return quote! { .page_at(#name, #port) };
        }
        let assets = self.unit.options.page.iter().map(|asset| {
            let (path, kind, file) = (&asset.path, &asset.content_type, format!("../{}", asset.file));
            let optional = |file: &Option<String>| match file {
                Some(file) => {
                    let file = format!("../{file}");
                    quote! { Some(include_bytes!(#file)) }
                }
                None => quote! { None },
            };
            let (brotli, gzip) = (optional(&asset.brotli), optional(&asset.gzip));
            quote! { Asset { path: #path, content_type: #kind, identity: include_bytes!(#file), brotli: #brotli, gzip: #gzip } }
        });
        let connect = client.connect.iter().map(|address| address.as_str());
        let tokens = quote! {
            /// The page, with all its files.
            pub static PAGE: Page = Page { assets: &[#(#assets),*], connect: &[#(#connect),*] };
        };
        self.add(&ident("PAGE"), Place::Module("page", self.server.span), tokens);
        quote! { .page(&PAGE) }
    }

    fn settings(&mut self) -> TokenStream {
        let mut calls = TokenStream::new();
        if let Some(cors) = &self.server.cors {
            calls.extend(cors_call(cors));
        }
        if let Some(bytes) = self.server.max_body.and_then(|bytes| usize::try_from(bytes).ok()) {
            let bytes = Literal::usize_unsuffixed(bytes);
            calls.extend(quote! { .max_body(#bytes) });
        }
        for path in &self.server.health {
            let path = path.as_str();
            calls.extend(quote! { .health(#path) });
        }
        if let Some(function) = self.server.on_error {
            calls.extend(route::on_error(self, function));
        }
        calls
    }

    fn endpoints(&mut self) -> TokenStream {
        let mut calls = TokenStream::new();
        for middleware in &self.server.middleware {
            let value = self.middleware(middleware);
            calls.extend(quote! { .middleware(#value) });
        }
        for route in &self.server.routes {
            calls.extend(route::route(self, route));
        }
        let rpcs: Vec<_> = self.server.rpcs.iter().filter_map(|id| self.unit.program.rpcs.get(id.0 as usize)).collect();
        for rpc in rpcs {
            calls.extend(route::rpc(self, rpc));
        }
        for socket in &self.server.sockets {
            calls.extend(route::socket(self, socket));
        }
        calls
    }

    /// A middleware as a value, and the function behind it.
    pub(crate) fn middleware(&mut self, middleware: &Middleware) -> TokenStream {
        let name = ident(&format!("middleware_{}", crate::names::snake(&middleware.name)));
        let Some(function) = self.unit.function(middleware.function) else { return TokenStream::new() };
        let is_async = function.effects.is_async;
        if !self.has(&name) {
            let tokens = route::middleware(self.unit, middleware, &name);
            self.add(&name, Place::Module("routes", function.span), tokens);
        }
        let make = match (middleware.style, is_async) {
            (MiddlewareStyle::Around, _) => "around",
            (MiddlewareStyle::Request | MiddlewareStyle::RequestResponse, true) => "before_suspending",
            (MiddlewareStyle::Request | MiddlewareStyle::RequestResponse, false) => "before",
        };
        let make = ident(make);
        let stateful = is_stateful(self.unit, middleware.function).then(|| quote! { .stateful() });
        quote! { Middleware::#make(#name) #stateful }
    }
}

/// Whether the function or a closure in it touches state.
pub(crate) fn is_stateful(unit: &Unit<'_>, id: FnId) -> bool {
    let Some(function) = unit.function(id) else { return false };
    let mut touches = function.effects.touches_state;
    walk::each_expr(&function.body, &mut |expr| {
        if let ExprKind::Closure(closure) = &expr.kind {
            touches |= closure.effects.touches_state;
        }
    });
    touches
}

fn cors_call(cors: &Cors) -> TokenStream {
    let list = |items: &[ecow::EcoString]| {
        let items = items.iter().map(|item| item.as_str());
        quote! { &[#(#items),*] }
    };
    let (origins, methods, headers, credentials) =
        (list(&cors.origins), list(&cors.methods), list(&cors.headers), cors.credentials);
    let max_age = cors.max_age.map_or_else(
        || quote! { None },
        |seconds| {
            let seconds = Literal::i64_unsuffixed(seconds);
            quote! { Some(#seconds) }
        },
    );
    quote! { .cors(Cors { origins: #origins, methods: #methods, headers: #headers, credentials: #credentials, max_age: #max_age }) }
}

/// The struct of the fields that middleware adds to requests.
pub(crate) fn request_fields(unit: &Unit<'_>, server: &Server) -> Option<Item> {
    if !unit.plan.uses_request_fields {
        return None;
    }
    let fields = server.request_fields.iter().map(|field| {
        let (name, ty) = (ident(&crate::names::snake(&field.name)), unit.ty(&Type::option(field.ty.clone())));
        quote! { pub #name: #ty }
    });
    let tokens = quote! {
        /// Fields that middleware adds to requests.
        #[derive(Default)]
        pub struct RequestFields { #(#fields),* }
    };
    Some(Item {
        name: "RequestFields".to_owned(),
        place: Place::Module("fields", server.span),
        tokens,
        mentions: unit.take_mentions(),
    })
}
