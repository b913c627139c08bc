//! What calls may do: suspend, throw, touch a server's state. Computed over the call graph until nothing changes.
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
    let mut facts = Facts::new(program, checked);
    while facts.step(program) {}
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

/// What is known so far.
pub(crate) struct Facts {
    functions: Vec<Effects>,
    signatures: HashMap<(FnType, Side), Effects>,
    /// Signatures that both sides use.
    common: HashSet<FnType>,
    intrinsics: HashMap<EcoString, Effects>,
    /// Whether queries of a server suspend.
    slow_queries: Vec<bool>,
    changed: bool,
}

impl Facts {
    fn new(program: &Program, checked: &Checked<'_>) -> Self {
        let mut intrinsics = HashMap::new();
        for info in &checked.fns {
            let Some(name) = &info.intrinsic else { continue };
            let has = |word: &str| info.item.attributes.iter().any(|attribute| attribute.name.name == word);
            intrinsics.insert(name.clone(), Effects { is_async: has("async"), throws: has("throws"), touches_state: false });
        }
        let slow = |server: &crate::Server| server.db.as_ref().is_some_and(|db| db.adapter == Adapter::Postgres);
        let mut facts = Self {
            functions: vec![Effects::default(); program.functions.len()],
            signatures: HashMap::new(),
            common: HashSet::new(),
            intrinsics,
            slow_queries: program.servers.iter().map(slow).collect(),
            changed: false,
        };
        facts.find_common(program);
        let around = |server: &crate::Server| {
            let guards = server.routes.iter().flat_map(|route| &route.guards);
            let guards = guards.chain(server.sockets.iter().flat_map(|socket| &socket.guards));
            server.middleware.iter().chain(guards).any(|middleware| middleware.style == MiddlewareStyle::Around)
        };
        if program.servers.iter().any(around) {
            let next = FnType { params: vec![Type::Handle("Request".into())], ret: Type::Handle("Reply".into()), is_async: false };
            let effects = Effects { is_async: true, throws: true, touches_state: true };
            facts.signatures.insert((next, Side::Server), effects);
        }
        facts
    }

    /// Signatures in declared types and shared functions are used on both sides.
    fn find_common(&mut self, program: &Program) {
        let mut types: Vec<&Type> = program.records.iter().flat_map(|record| record.fields.iter().map(|field| &field.ty)).collect();
        types.extend(program.enums.iter().flat_map(|enum_| &enum_.variants).flat_map(|variant| variant.fields.iter().map(|field| &field.ty)));
        for function in program.functions.iter().filter(|function| function.home == Home::Shared) {
            types.extend(function.locals.iter().map(|local| &local.ty));
            types.push(&function.ret);
        }
        types.extend(program.globals.iter().filter(|global| global.home == Home::Shared).map(|global| &global.ty));
        for ty in types {
            signatures_in(ty, &mut self.common);
        }
    }

    /// One round; whether something new was found.
    fn step(&mut self, program: &Program) -> bool {
        self.changed = false;
        for (index, function) in program.functions.iter().enumerate() {
            let found = self.effects_of(program, &function.body, function.home);
            self.join_function(index, found);
        }
        self.changed
    }

    fn join_function(&mut self, index: usize, found: Effects) {
        if let Some(known) = self.functions.get_mut(index) {
            let joined = join(*known, found);
            self.changed |= joined != *known;
            *known = joined;
        }
    }

    fn join_signature(&mut self, signature: &FnType, home: Home, found: Effects) {
        let signature = FnType { is_async: false, ..signature.clone() };
        let common = self.common.contains(&signature);
        let all: &[Side] = if common { &[Side::Server, Side::Client] } else { sides(home) };
        for side in all {
            let known = self.signatures.entry((signature.clone(), *side)).or_default();
            let joined = join(*known, found);
            self.changed |= joined != *known;
            *known = joined;
        }
    }

    /// What calling a value of a signature may do.
    pub(crate) fn signature(&self, signature: &FnType, home: Home) -> Effects {
        let signature = FnType { is_async: false, ..signature.clone() };
        let mut all = Effects::default();
        for side in sides(home) {
            all = join(all, self.signatures.get(&(signature.clone(), *side)).copied().unwrap_or_default());
        }
        all
    }

    /// What calling a function may do.
    pub(crate) fn function(&self, id: crate::FnId) -> Effects {
        self.functions.get(id.0 as usize).copied().unwrap_or_default()
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
