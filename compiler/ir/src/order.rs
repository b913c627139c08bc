//! The order in which globals are computed: each after those that its first value uses, shared ones only where something uses them.

use std::collections::HashSet;

use crate::walk::each_expr;
use crate::{Expr, ExprKind, FnId, GlobalId, Home, PlaceRoot, Program, Type};

/// Completes the lists of globals of services, page and script.
pub(crate) fn resolve(program: &mut Program) {
    for index in 0..program.servers.len() {
        let Some(server) = program.servers.get(index) else { continue };
        let globals = server.globals.clone();
        let mut roots: Vec<FnId> = server.start.into_iter().chain(server.on_error).collect();
        roots.extend(server.middleware.iter().map(|middleware| middleware.function));
        for route in &server.routes {
            roots.push(route.handler);
            roots.extend(route.guards.iter().map(|guard| guard.function));
            roots.extend(route.args.iter().filter_map(|arg| match arg {
                crate::ArgSource::Named { default, .. } => *default,
                _ => None,
            }));
        }
        roots.extend(server.sockets.iter().map(|socket| socket.handler));
        roots.extend(server.sockets.iter().flat_map(|socket| &socket.guards).map(|guard| guard.function));
        roots.extend(server.rpcs.iter().filter_map(|rpc| program.rpcs.get(rpc.0 as usize)).map(|rpc| rpc.function));
        roots.extend(server.db.as_ref().and_then(|db| db.target));
        let ordered = ordered(program, &globals, &roots);
        if let Some(server) = program.servers.get_mut(index) {
            server.globals = ordered;
        }
    }
    if let Some(client) = &program.client {
        let globals = client.globals.clone();
        let mut roots: Vec<FnId> = client.start.into_iter().collect();
        for component in &client.components {
            roots.push(component.function);
            roots.extend(component.defaults.iter().flatten());
        }
        let ordered = ordered(program, &globals, &roots);
        if let Some(client) = &mut program.client {
            client.globals = ordered;
        }
    }
    let tests = program.tests.iter().map(|test| test.function);
    let benches = program.benches.iter().map(|bench| bench.function);
    let starts: Vec<FnId> = program.script.into_iter().chain(tests).chain(benches).collect();
    for function in starts {
        start(program, function);
    }
}

/// Shared variables that a script or a test uses and does not declare are computed first.
fn start(program: &mut Program, script: FnId) {
    let mut declared = HashSet::new();
    if let Some(function) = program.functions.get(script.0 as usize) {
        each_expr(&function.body, &mut |e| {
            if let ExprKind::Init(global) = e.kind {
                declared.insert(global);
            }
        });
    }
    let needed: Vec<GlobalId> =
        ordered(program, &[], &[script]).into_iter().filter(|global| !declared.contains(global)).collect();
    if needed.is_empty() {
        return;
    }
    if let Some(function) = program.functions.get_mut(script.0 as usize) {
        let span = function.span;
        let init = |global| Expr { kind: ExprKind::Init(global), ty: Type::Unit, span };
        let mut exprs: Vec<Expr> = needed.into_iter().map(init).collect();
        let body = std::mem::replace(&mut function.body, Expr { kind: ExprKind::Unit, ty: Type::Unit, span });
        let ty = body.ty.clone();
        exprs.push(body);
        function.body = Expr { kind: ExprKind::Block(exprs), ty, span };
    }
}

fn ordered(program: &Program, globals: &[GlobalId], roots: &[FnId]) -> Vec<GlobalId> {
    let mut visit = Visit { program, functions: HashSet::new(), globals: HashSet::new(), order: Vec::new() };
    for root in roots {
        visit.function(*root, Only::Shared);
    }
    visit.functions.clear();
    for global in globals {
        visit.global(*global);
    }
    visit.order
}

/// Which globals a walk collects.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Only {
    Shared,
    All,
}

struct Visit<'p> {
    program: &'p Program,
    functions: HashSet<FnId>,
    globals: HashSet<GlobalId>,
    order: Vec<GlobalId>,
}

impl Visit<'_> {
    fn function(&mut self, id: FnId, only: Only) {
        if !self.functions.insert(id) {
            return;
        }
        let Some(function) = self.program.functions.get(id.0 as usize) else { return };
        let (mut functions, mut globals) = (Vec::new(), Vec::new());
        each_expr(&function.body, &mut |e| match &e.kind {
            ExprKind::Call { function, .. } | ExprKind::FnValue(function) => functions.push(*function),
            ExprKind::Global(global) => globals.push(*global),
            ExprKind::Assign { place, .. } | ExprKind::Update { place, .. } => {
                if let PlaceRoot::Global(global) = place.root {
                    globals.push(global);
                }
            }
            _ => {}
        });
        for function in functions {
            self.function(function, only);
        }
        for global in globals {
            let home = self.program.globals.get(global.0 as usize).map(|global| global.home);
            if only == Only::All || home == Some(Home::Shared) {
                self.global(global);
            }
        }
    }

    fn global(&mut self, id: GlobalId) {
        if !self.globals.insert(id) {
            return;
        }
        let Some(global) = self.program.globals.get(id.0 as usize) else { return };
        self.function(global.init, Only::All);
        self.order.push(id);
    }
}
