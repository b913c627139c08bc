//! What calls may do: suspend, throw, touch a server's state. Every body is looked at once; what it calls becomes edges of a graph, along
//! which effects are carried until nothing changes.
//!
//! Function values are known by their signature: if any function of a signature may suspend, a call of a value of that signature
//! may, on the same side of the program. Functions that both sides use make both sides agree.

mod analyse;
mod apply;
mod forbid;

use std::collections::{HashMap, HashSet};

use ecow::EcoString;
use tova_check::Checked;
use tova_diagnostics::Diagnostic;

use crate::{Adapter, Effects, FnType, GlobalKind, Home, MiddlewareStyle, Program, Type};

/// Computes the effects of all functions and closures, marks what suspends, and reports waiting where nothing can wait.
pub(crate) fn resolve(program: &mut Program, checked: &Checked<'_>) -> Vec<Diagnostic> {
    let facts = Facts::of(program, checked);
    let diagnostics = forbid::check(program, &facts);
    apply::apply(program, &facts);
    diagnostics
}

/// The sides of a program on which function values do not meet.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(crate) enum Side {
    Server,
    Client,
}

/// The sides that a function lives on.
pub(crate) fn sides(home: Home) -> &'static [Side] {
    match home {
        Home::Shared => &[Side::Server, Side::Client],
        Home::Server(_) => &[Side::Server],
        Home::Client => &[Side::Client],
    }
}

/// What calls may do. Functions and signatures are the nodes of one graph; an edge says that what the one may do the other may do.
pub(crate) struct Facts {
    /// Functions first, then signatures.
    effects: Vec<Effects>,
    edges: Vec<Vec<Edge>>,
    signatures: HashMap<(FnType, Side), usize>,
    /// Signatures that both sides use.
    common: HashSet<FnType>,
    intrinsics: HashMap<EcoString, Effects>,
    /// Whether queries of a server suspend.
    slow_queries: Vec<bool>,
}

/// What a node may do, `into` may do; beneath a handler what it throws is caught.
#[derive(Clone, Copy)]
struct Edge {
    into: usize,
    throws: Throws,
}

/// What becomes of what is thrown.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Throws {
    Caught,
    Passed,
}

impl Facts {
    fn of(program: &Program, checked: &Checked<'_>) -> Self {
        let mut intrinsics = HashMap::new();
        for info in &checked.fns {
            let Some(name) = &info.intrinsic else { continue };
            let has = |word: &str| info.item.attributes.iter().any(|attribute| attribute.name.name == word);
            intrinsics
                .insert(name.clone(), Effects { is_async: has("async"), throws: has("throws"), touches_state: false });
        }
        let slow = |server: &crate::Server| server.db.as_ref().is_some_and(|db| db.adapter == Adapter::Postgres);
        let mut facts = Self {
            effects: vec![Effects::default(); program.functions.len()],
            edges: vec![Vec::new(); program.functions.len()],
            signatures: HashMap::new(),
            common: HashSet::new(),
            intrinsics,
            slow_queries: program.servers.iter().map(slow).collect(),
        };
        facts.find_common(program);
        facts.seed_next(program);
        for (index, function) in program.functions.iter().enumerate() {
            facts.collect(program, &function.body, function.home, Some(index), Throws::Passed);
        }
        facts.propagate();
        facts
    }

    /// The rest of the chain after a middleware `(req, next)` may do anything.
    fn seed_next(&mut self, program: &Program) {
        let around = |server: &crate::Server| {
            let guards = server.routes.iter().flat_map(|route| &route.guards);
            let guards = guards.chain(server.sockets.iter().flat_map(|socket| &socket.guards));
            server.middleware.iter().chain(guards).any(|middleware| middleware.style == MiddlewareStyle::Around)
        };
        if program.servers.iter().any(around) {
            let next = FnType {
                params: vec![Type::Handle("Request".into())],
                ret: Type::Handle("Reply".into()),
                is_async: false,
            };
            let node = self.signature_node(&next, Side::Server);
            self.add(node, Effects { is_async: true, throws: true, touches_state: true });
        }
    }

    /// Signatures in declared types and shared functions are used on both sides.
    fn find_common(&mut self, program: &Program) {
        let mut types: Vec<&Type> =
            program.records.iter().flat_map(|record| record.fields.iter().map(|field| &field.ty)).collect();
        types.extend(
            program
                .enums
                .iter()
                .flat_map(|enum_| &enum_.variants)
                .flat_map(|variant| variant.fields.iter().map(|field| &field.ty)),
        );
        for function in program.functions.iter().filter(|function| function.home == Home::Shared) {
            types.extend(function.locals.iter().map(|local| &local.ty));
            types.push(&function.ret);
        }
        types.extend(program.globals.iter().filter(|global| global.home == Home::Shared).map(|global| &global.ty));
        for ty in types {
            signatures_in(ty, &mut self.common);
        }
    }

    /// The node of a signature on a side; one for both sides if both use it.
    fn signature_node(&mut self, signature: &FnType, side: Side) -> usize {
        let signature = FnType { is_async: false, ..signature.clone() };
        let side = if self.common.contains(&signature) { Side::Server } else { side };
        let next = self.effects.len();
        let node = *self.signatures.entry((signature, side)).or_insert(next);
        if node == next {
            self.effects.push(Effects::default());
            self.edges.push(Vec::new());
        }
        node
    }

    fn add(&mut self, node: usize, found: Effects) {
        if let Some(known) = self.effects.get_mut(node) {
            *known = join(*known, found);
        }
    }

    fn edge(&mut self, from: usize, edge: Edge) {
        if let Some(edges) = self.edges.get_mut(from) {
            edges.push(edge);
        }
    }

    /// Carries effects along the edges until nothing changes.
    fn propagate(&mut self) {
        let mut pending: Vec<usize> = (0..self.effects.len()).collect();
        while let Some(node) = pending.pop() {
            let Some(found) = self.effects.get(node).copied().filter(|found| *found != Effects::default()) else {
                continue;
            };
            for edge in self.edges.get(node).into_iter().flatten() {
                let Some(known) = self.effects.get_mut(edge.into) else { continue };
                let joined = join(*known, edge.throws.leave(found));
                if joined != *known {
                    *known = joined;
                    pending.push(edge.into);
                }
            }
        }
    }

    /// What calling a value of a signature may do.
    pub(crate) fn signature(&self, signature: &FnType, home: Home) -> Effects {
        let signature = FnType { is_async: false, ..signature.clone() };
        if self.common.contains(&signature) {
            return self.node_effects(&(signature, Side::Server));
        }
        let mut all = Effects::default();
        for side in sides(home) {
            all = join(all, self.node_effects(&(signature.clone(), *side)));
        }
        all
    }

    fn node_effects(&self, key: &(FnType, Side)) -> Effects {
        let node = self.signatures.get(key).and_then(|node| self.effects.get(*node));
        node.copied().unwrap_or_default()
    }

    /// What calling a function may do.
    pub(crate) fn function(&self, id: crate::FnId) -> Effects {
        self.effects.get(id.0 as usize).copied().unwrap_or_default()
    }
}

impl Throws {
    /// What is left of the effects of something inside.
    fn leave(self, found: Effects) -> Effects {
        match self {
            Self::Passed => found,
            Self::Caught => Effects { throws: false, ..found },
        }
    }
}

/// Both together.
pub(crate) fn join(a: Effects, b: Effects) -> Effects {
    Effects {
        is_async: a.is_async || b.is_async,
        throws: a.throws || b.throws,
        touches_state: a.touches_state || b.touches_state,
    }
}

fn signatures_in(ty: &Type, found: &mut HashSet<FnType>) {
    match ty {
        Type::Fn(signature) => {
            found.insert(FnType { is_async: false, ..(**signature).clone() });
            signature.params.iter().for_each(|ty| signatures_in(ty, found));
            signatures_in(&signature.ret, found);
        }
        Type::List(item) | Type::Set(item) | Type::Option(item) => signatures_in(item, found),
        Type::Map(key, value) => {
            signatures_in(key, found);
            signatures_in(value, found);
        }
        Type::Tuple(items) => items.iter().for_each(|ty| signatures_in(ty, found)),
        Type::Unit
        | Type::Never
        | Type::Bool
        | Type::Int
        | Type::Float
        | Type::Str
        | Type::Any
        | Type::Duration
        | Type::Size
        | Type::Record(_)
        | Type::Enum(_)
        | Type::Handle(_)
        | Type::View => {}
    }
}

/// Whether a global is part of a server's state.
pub(crate) fn is_state(program: &Program, global: crate::GlobalId) -> bool {
    program
        .globals
        .get(global.0 as usize)
        .is_some_and(|global| global.kind == GlobalKind::Mut && matches!(global.home, Home::Server(_)))
}
