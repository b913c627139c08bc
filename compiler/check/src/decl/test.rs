//! Tests, their hooks, and benchmarks: each runs where what it names lives.

use std::collections::HashMap;

use ecow::EcoString;
use tova_diagnostics::{Diagnostic, codes};
use tova_syntax::ast::{self, Block, Element, Expr, ExprKind, HookTime, TypeExpr, TypeExprKind, visit};

use crate::ctx::{Checker, Frame, FrameKind, Names, Sym};
use crate::infer::Want;
use crate::tables::{FnIdx, Place, Res};
use crate::types::{Ty, TyKind};

/// Functions of the library that need a page.
const OF_PAGES: &[&str] = &["render", "fireEvent", "waitForEffect", "getByText", "getByRole", "getByTestId", "cleanup"];

/// Functions of the library that make requests.
const OF_SERVERS: &[&str] = &["get", "post", "put", "patch", "delete", "request"];

impl<'a> Checker<'a> {
    /// Checks tests, hooks and benchmarks. What a test calls over the wire does not become public by that.
    pub(crate) fn check_tests(&mut self) {
        let public: Vec<usize> = self.out.servers.iter().map(|server| server.rpcs.len()).collect();
        self.in_test = true;
        for index in 0..self.out.test_hooks.len() {
            let Some(hook) = self.out.test_hooks.get(index) else { continue };
            let (decl, place) = (hook.decl, self.place_of_code(hook.place, &hook.decl.body));
            self.test_body(place, &decl.body);
            self.out.test_hooks.get_mut(index).expect("the hook is still there").place = place;
        }
        for index in 0..self.out.tests.len() {
            let Some(test) = self.out.tests.get(index) else { continue };
            let (decl, place) = (test.decl, self.place_of_code(test.place, &test.decl.body));
            let timeout = decl.timeout.as_ref().and_then(|timeout| self.time_limit(timeout));
            self.test_body(place, &decl.body);
            let test = self.out.tests.get_mut(index).expect("the test is still there");
            (test.place, test.timeout) = (place, timeout);
        }
        for index in 0..self.out.benches.len() {
            let Some(bench) = self.out.benches.get(index) else { continue };
            let (decl, place) = (bench.decl, self.place_of_code(bench.place, &bench.decl.body));
            self.test_body_giving(place, &decl.body, Want::Value);
            self.out.benches.get_mut(index).expect("the benchmark is still there").place = place;
        }
        self.in_test = false;
        for (server, public) in self.out.servers.iter_mut().zip(public) {
            server.test_rpcs = server.rpcs.split_off(public);
        }
    }

    fn test_body(&mut self, place: Place, body: &'a Block) {
        self.test_body_giving(place, body, Want::Nothing);
    }

    fn test_body_giving(&mut self, place: Place, body: &'a Block, want: Want) {
        let outer = self.enter(place);
        self.level = 0;
        self.frames.push(Frame {
            ret: Some(self.well_known.unit),
            returns: Vec::new(),
            kind: FrameKind::Test,
            loops: Vec::new(),
            scope_base: self.scopes.len(),
        });
        self.scopes.push(HashMap::new());
        let ty = self.statements(&body.stmts, want);
        self.set_node(body.id, ty);
        self.settle();
        self.leave(outer);
    }

    /// In a test of a server, `api.f(…)` is that server's function `f`, and `api.get(…)` asks it.
    pub(crate) fn function_of_server_under_test(&self, head: &EcoString, name: &EcoString) -> Option<FnIdx> {
        let Place::Server(here) = self.place else { return None };
        if !self.in_test || self.lookup(head).is_some() {
            return None;
        }
        let Some((Sym::Servers(server), _)) = self.client.symbols.get(head) else { return None };
        if server.is_some_and(|server| server != here) {
            return None;
        }
        match self.servers.get(here as usize).and_then(|names| names.symbols.get(name)) {
            Some((Sym::Fn(function), _)) => Some(*function),
            _ => self.test_library.get(name).filter(|_| OF_SERVERS.contains(&name.as_str()))?.first().copied(),
        }
    }

    /// Whether only tests see a function of the library.
    pub(crate) fn is_for_tests(&self, id: FnIdx) -> bool {
        let info = self.fn_info(id);
        info.std && info.item.attributes.iter().any(|attribute| attribute.name.name == "test")
    }

    /// `render(Counter, {start: 1})`: the component's properties as a record. Nothing if the first argument is a view.
    pub(crate) fn render_call(&mut self, function: FnIdx, args: &'a [ast::Arg]) -> Option<Ty> {
        let is_render = self.fn_info(function).intrinsic.as_deref() == Some("test.render");
        let (first, rest) = args.split_first().filter(|_| is_render)?;
        let ExprKind::Name(name) = &first.value.kind else { return None };
        let Some(Sym::Component(component)) = self.lookup(name) else { return None };
        self.set_name(first.value.id, Res::Component(component));
        self.ensure_component(component);
        let entries = match rest {
            [] => &[],
            [props] => match &props.value.kind {
                ExprKind::Record(entries) => entries.as_slice(),
                _ => return None,
            },
            _ => return None,
        };
        self.props_of_record(component, first.value.span, entries);
        Some(self.handle("Screen"))
    }

    /// Whether a hook stands here that belongs to the test around it alone.
    pub(crate) fn hook_stands_in_test(&self) -> bool {
        let test = self.frames.last().filter(|frame| frame.kind == FrameKind::Test);
        test.is_some_and(|frame| self.scopes.len() == frame.scope_base + 1)
    }

    /// A hook among the statements of a test: what comes before declares names for the test.
    pub(crate) fn hook_of_test(&mut self, hook: &'a ast::TestHook) {
        match hook.time {
            HookTime::Before => {
                let ty = self.statements(&hook.body.stmts, Want::Nothing);
                self.set_node(hook.body.id, ty);
            }
            HookTime::After => {
                self.block(&hook.body, Want::Nothing);
            }
        }
    }

    /// `timeout=500`, `timeout=2.seconds`: milliseconds.
    fn time_limit(&mut self, limit: &'a Expr) -> Option<i64> {
        let outer = self.enter(Place::Shared);
        self.top_frame();
        let ty = self.infer(limit, Want::Value);
        self.leave(outer);
        let found = match &limit.kind {
            ExprKind::Int(milliseconds) => Some(*milliseconds),
            ExprKind::Field { object, .. } => match (&object.kind, self.out.names.get(&limit.id)) {
                (ExprKind::Int(count), Some(Res::DurationUnit(unit))) => count.checked_mul(*unit),
                _ => None,
            },
            _ => None,
        };
        if found.is_none_or(|limit| limit <= 0) && !matches!(self.kind(ty), TyKind::Error) {
            self.report(
                Diagnostic::error(codes::E0101, limit.span, "a time limit is a number of milliseconds above zero")
                    .help("write `timeout=500` or `timeout=2.seconds`"),
            );
        }
        found
    }

    /// Where code runs that stands at the level of a file or of a shared block: where the names live that it uses.
    fn place_of_code(&self, written: Place, body: &Block) -> Place {
        if written != Place::Shared {
            return written;
        }
        let mut used = Used::default();
        visit::walk_block(&mut used, body);
        let declares = |names: &Names| used.names.iter().any(|name| self.names_of_side(names, name));
        if used.has_view || declares(&self.client) || used.calls(OF_PAGES, self) {
            return Place::Client;
        }
        let servers = self.servers.iter().zip(0u32..);
        if let Some((_, index)) = servers.clone().find(|(names, _)| declares(names)) {
            return Place::Server(index);
        }
        if let Some((Sym::Servers(index), _)) = used.names.iter().find_map(|name| self.client.symbols.get(name)) {
            return Place::Server(index.unwrap_or(0));
        }
        if used.calls(OF_SERVERS, self) && !self.servers.is_empty() {
            let owner =
                servers.map(|(_, index)| index).find(|index| used.paths.iter().any(|p| self.has_path(*index, p)));
            return Place::Server(owner.unwrap_or(0));
        }
        Place::Shared
    }

    /// Whether a name belongs to this side of the program, and to no other.
    fn names_of_side(&self, names: &Names, name: &EcoString) -> bool {
        let found = names.symbols.get(name).is_some_and(|(sym, _)| !matches!(sym, Sym::Servers(_)));
        found && !self.shared.symbols.contains_key(name)
    }

    /// Whether a server has a route for this path. Parameters fit everything.
    fn has_path(&self, server: u32, path: &str) -> bool {
        let routes = self.out.servers.get(server as usize).map(|server| server.routes.as_slice()).unwrap_or_default();
        routes.iter().any(|route| fits(&route.decl.path, path))
    }
}

/// Whether a route's path and the path of a request, up to its query, are the same.
fn fits(route: &str, path: &str) -> bool {
    let path = path.split(['?', '#']).next().unwrap_or(path);
    let (mut wanted, mut given) = (route.split('/'), path.split('/'));
    loop {
        match (wanted.next(), given.next()) {
            (None, None) => return true,
            (Some(part), Some(_)) if part.starts_with('*') => return true,
            (Some(part), Some(text)) if part == text || part.starts_with(':') => {}
            _ => return false,
        }
    }
}

/// The names that a piece of code uses.
#[derive(Default)]
struct Used {
    names: Vec<EcoString>,
    /// Texts that begin like a path.
    paths: Vec<EcoString>,
    has_view: bool,
}

impl Used {
    fn calls(&self, functions: &[&str], checker: &Checker<'_>) -> bool {
        let free = |name: &EcoString| !checker.shared.symbols.contains_key(name);
        self.names.iter().any(|name| functions.contains(&name.as_str()) && free(name))
    }
}

impl visit::Visitor for Used {
    fn expr(&mut self, expr: &Expr) {
        match &expr.kind {
            ExprKind::Name(name) => self.names.push(name.clone()),
            ExprKind::Str(text) if text.starts_with('/') => self.paths.push(text.clone()),
            ExprKind::Template(parts) => {
                let text: String = parts
                    .iter()
                    .map(|part| match part {
                        ast::TemplatePart::Text(text, _) => text.as_str(),
                        ast::TemplatePart::Expr(_) => "_",
                    })
                    .collect();
                if text.starts_with('/') {
                    self.paths.push(text.into());
                }
            }
            _ => {}
        }
        visit::walk_expr(self, expr);
    }

    fn ty(&mut self, ty: &TypeExpr) {
        if let TypeExprKind::Name { name, .. } = &ty.kind {
            self.names.push(name.name.clone());
        }
        visit::walk_ty(self, ty);
    }

    fn element(&mut self, element: &Element) {
        self.has_view = true;
        visit::walk_element(self, element);
    }
}
