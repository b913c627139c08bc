//! From checked modules to the intermediate program.
//!
//! [`Lower`] holds what the whole program shares: interned types, instances of functions, globals, the list of bodies still to be made.
//! [`Body`] makes one body at a time.

mod body;
mod build;
mod call;
mod client;
mod convert;
mod expr;
mod fns;
mod globals;
mod inline;
mod jobs;
mod matching;
mod names;
mod op;
mod pattern;
mod place;
mod record;
mod script;
mod server;
mod stmt;
mod test;
mod types;
mod view;

use std::collections::{HashMap, VecDeque};

use tova_check::Checked;
use tova_check::tables::{CompIdx, FnIdx, GlobalIdx, ModelIdx};
use tova_diagnostics::Diagnostic;
use tova_syntax::ast::NodeId;

use crate::{ComponentId, FnId, GlobalId, Home, ModelId, Program, RpcId, Type};

pub(crate) use body::{Body, Return};

/// What lowering gives.
#[derive(Debug)]
pub struct Lowered {
    /// The program; only to be used if no diagnostic is an error.
    pub program: Program,
    /// Problems that only the call graph shows.
    pub diagnostics: Vec<Diagnostic>,
    /// What is not well formed: bugs of the compiler. Looked for only in debug builds.
    pub problems: Vec<String>,
}

/// Lowers a checked program. It must be free of errors; a broken part gives some program, not a panic. Its tests and benchmarks are left out.
#[must_use]
pub fn lower(checked: &Checked<'_>) -> Lowered {
    lower_with(checked, |_| {})
}

/// Lowers a checked program with its tests and benchmarks.
#[must_use]
pub fn lower_tests(checked: &Checked<'_>) -> Lowered {
    lower_with(checked, Lower::tests)
}

fn lower_with<'a>(checked: &'a Checked<'a>, more: impl FnOnce(&mut Lower<'a>)) -> Lowered {
    let mut lower = Lower::new(checked);
    lower.program();
    more(&mut lower);
    lower.run_jobs();
    let Lower { mut program, mut diagnostics, .. } = lower;
    crate::script_locals::resolve(&mut program);
    crate::tidy::resolve(&mut program);
    crate::captures::resolve(&mut program);
    crate::order::resolve(&mut program);
    diagnostics.extend(crate::effects::resolve(&mut program, checked));
    client::connect::resolve(&mut program);
    let broken = checked.diagnostics.iter().any(Diagnostic::is_error);
    let problems = if cfg!(debug_assertions) && !broken { crate::validate(&program) } else { Vec::new() };
    Lowered { program, diagnostics, problems }
}

/// What the whole program shares while it is lowered.
pub(crate) struct Lower<'a> {
    pub(crate) checked: &'a Checked<'a>,
    pub(crate) program: Program,
    pub(crate) diagnostics: Vec<Diagnostic>,
    pub(crate) types: types::Interned,
    names: names::Names,
    instances: HashMap<(FnIdx, Vec<Type>), FnId>,
    globals: HashMap<GlobalIdx, GlobalId>,
    /// Globals that hold what a pattern takes apart, by the pattern.
    pattern_globals: HashMap<NodeId, GlobalId>,
    global_names: HashMap<Home, names::Names>,
    models: HashMap<ModelIdx, ModelId>,
    rpcs: HashMap<FnIdx, RpcId>,
    components: HashMap<CompIdx, ComponentId>,
    middleware: HashMap<NodeId, FnId>,
    jobs: VecDeque<jobs::Job<'a>>,
}

impl<'a> Lower<'a> {
    fn new(checked: &'a Checked<'a>) -> Self {
        Self {
            checked,
            program: Program::default(),
            diagnostics: Vec::new(),
            types: types::Interned::default(),
            names: names::Names::default(),
            instances: HashMap::new(),
            globals: HashMap::new(),
            pattern_globals: HashMap::new(),
            global_names: HashMap::new(),
            models: HashMap::new(),
            rpcs: HashMap::new(),
            components: HashMap::new(),
            middleware: HashMap::new(),
            jobs: VecDeque::new(),
        }
    }

    /// Asks for everything that runs by itself; what it reaches follows.
    fn program(&mut self) {
        for index in 0..self.checked.models.len() {
            self.model(ModelIdx(index as u32));
        }
        self.servers();
        self.client();
        self.script();
    }
}
