//! The state of one translation: the module in the making, and what was translated already.

use std::collections::HashMap;
use std::rc::Rc;

use ecow::EcoString;
use indexmap::IndexSet;
use tova_ir as ir;
use tova_ir::{FnId, Program, Type};
use tova_source::Span;

use crate::asm::{Code, FuncId, GlobalId, Module, TypeId, Val};
use crate::repr::Types;
use crate::{Mode, Options};

/// The state of one translation.
pub(crate) struct Emit<'p> {
    /// What is translated; views are gone from it.
    pub(crate) program: &'p Program,
    /// The module in the making.
    pub(crate) module: Module,
    /// Whether spans go along.
    pub(crate) mode: Mode,
    /// Representations.
    pub(crate) types: Types,
    /// Places that faults name.
    pub(crate) spans: IndexSet<Span>,
    /// Whether the text of a function value is asked for anywhere, so that functions must know their names.
    pub(crate) named_functions: bool,
    /// Whether anything is cleaned up when its owner ends, so that tasks must know their owners.
    pub(crate) has_cleanups: bool,
    bases: Vec<EcoString>,
    helpers: HashMap<(&'static str, Key), FuncId>,
    singles: HashMap<EcoString, GlobalId>,
    functions: HashMap<FnId, FuncId>,
    fn_values: HashMap<(FnId, bool), GlobalId>,
    queue: Vec<FnId>,
    pub(crate) globals: HashMap<ir::GlobalId, crate::global::Slot>,
    /// The reactive core and its types.
    pub(crate) reactive: crate::reactive::State,
}

/// What a helper function is made for.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(crate) enum Key {
    /// The whole module.
    One,
    /// A type of the program.
    Type(Type),
    /// A kind of list.
    Elem(Val),
    /// Anything else, by name.
    Name(EcoString),
}

impl<'p> Emit<'p> {
    pub(crate) fn new(program: &'p Program, options: &Options) -> Self {
        Self {
            program,
            module: Module::default(),
            mode: options.mode,
            bases: options.bases.clone(),
            types: Types::default(),
            spans: IndexSet::new(),
            named_functions: crate::display::shows_functions(program),
            has_cleanups: crate::reactive::has_cleanups(program),
            helpers: HashMap::new(),
            singles: HashMap::new(),
            functions: HashMap::new(),
            fn_values: HashMap::new(),
            queue: Vec::new(),
            globals: HashMap::new(),
            reactive: crate::reactive::State::default(),
        }
    }

    /// A function of the module that is made once for each key. It may call itself: it is declared before `build` runs.
    pub(crate) fn helper(
        &mut self,
        name: &'static str,
        key: Key,
        (params, results): (&[Val], &[Val]),
        build: impl FnOnce(&mut Self, &mut Code),
    ) -> FuncId {
        let slot = (name, key);
        if let Some(&id) = self.helpers.get(&slot) {
            return id;
        }
        let ty = self.module.func_type(params, results);
        let id = self.module.declare_func(name, ty);
        self.helpers.insert(slot, id);
        let mut code = Code::new(params);
        build(self, &mut code);
        self.module.define_func(id, code);
        id
    }

    /// A mutable global of the module, made once.
    pub(crate) fn single(&mut self, name: &str, val: Val) -> GlobalId {
        if let Some(&id) = self.singles.get(name) {
            return id;
        }
        let id = self.module.global(name, val);
        self.singles.insert(name.into(), id);
        id
    }

    /// A constant global, made once.
    pub(crate) fn constant(&mut self, name: &str, val: Val, init: impl FnOnce(&mut Self, &mut Code)) -> GlobalId {
        if let Some(&id) = self.singles.get(name) {
            return id;
        }
        let mut code = Code::default();
        init(self, &mut code);
        let id = self.module.constant(name, val, code);
        self.singles.insert(name.into(), id);
        id
    }

    /// A function of the program.
    pub(crate) fn function(&mut self, id: FnId) -> FuncId {
        if let Some(&func) = self.functions.get(&id) {
            return func;
        }
        let function = self.program_function(id);
        let params: Vec<Val> = function.params.iter().map(|&param| self.slot_val(function, param)).collect();
        let result = self.result_val(&function.ret, function.effects.is_async);
        let ty = self.module.func_type(&params, result.as_slice());
        let func = self.module.declare_func(&function.name, ty);
        self.functions.insert(id, func);
        self.queue.push(id);
        func
    }

    /// The declaration of a function.
    pub(crate) fn program_function(&self, id: FnId) -> &'p ir::Function {
        &self.program.functions[id.0 as usize]
    }

    /// Translates the functions that are called until none is left.
    pub(crate) fn drain(&mut self) {
        while let Some(id) = self.queue.pop() {
            let function = self.program_function(id);
            let func = self.function(id);
            crate::function::translate(self, function, func);
        }
    }

    /// A known function as a value: one closure object for all uses. `is_async`: whether calls give a task.
    pub(crate) fn fn_value(&mut self, id: FnId, is_async: bool) -> GlobalId {
        if let Some(&global) = self.fn_values.get(&(id, is_async)) {
            return global;
        }
        let global = crate::function::value_of(self, (id, is_async));
        self.fn_values.insert((id, is_async), global);
        global
    }

    /// What a parameter of this local is passed as.
    pub(crate) fn slot_val(&mut self, function: &ir::Function, local: ir::LocalId) -> Val {
        let local = &function.locals[local.0 as usize];
        self.local_val(local)
    }

    /// How a local that is kept in this way is represented at a boundary (parameter or capture).
    pub(crate) fn local_val(&mut self, local: &ir::Local) -> Val {
        match local.kind {
            ir::LocalKind::Let | ir::LocalKind::Mut | ir::LocalKind::Shared => self.stored(&local.ty),
            ir::LocalKind::Signal | ir::LocalKind::Item => Val::Ref(crate::reactive::signal_type(self, &local.ty)),
            ir::LocalKind::Memo => Val::Ref(crate::reactive::memo_type(self, &local.ty)),
            ir::LocalKind::Prop => Val::Ref(self.prop_type(&local.ty).base),
        }
    }

    /// What a call gives: nothing for unit, a task if it may suspend.
    pub(crate) fn result_val(&mut self, ret: &Type, is_async: bool) -> Option<Val> {
        if is_async { Some(Val::Ref(self.task_type())) } else { self.val(ret) }
    }

    /// Pushes the number that stands for a place in a fault; nothing in release modules.
    pub(crate) fn push_span(&mut self, code: &mut Code, span: Span) {
        if self.mode == Mode::Dev {
            let (index, _) = self.spans.insert_full(span);
            code.i32(i32::try_from(index).unwrap_or(0));
        }
    }

    /// The parameter types of a helper that may fault: a span goes last in dev modules.
    pub(crate) fn with_span(&self, params: &[Val]) -> Vec<Val> {
        let mut all = params.to_vec();
        if self.mode == Mode::Dev {
            all.push(Val::I32);
        }
        all
    }

    /// Pushes the span parameter that is local `at` of a helper; nothing in release modules.
    pub(crate) fn pass_span(&self, code: &mut Code, at: u32) {
        if self.mode == Mode::Dev {
            code.get(at);
        }
    }

    /// Pushes a text.
    pub(crate) fn text(&mut self, code: &mut Code, text: &str) {
        let global = self.module.string(text);
        code.global_get(global);
    }

    /// Where the functions of a server are called: see [`Options::bases`].
    pub(crate) fn server_base(&self, server: u32) -> EcoString {
        if let Some(base) = self.bases.get(server as usize) {
            return base.clone();
        }
        let servers = &self.program.servers;
        match servers.get(server as usize) {
            Some(asked) if !asked.serves_page => {
                let unnamed = servers.iter().position(|server| server.name.is_none());
                let first = unnamed.unwrap_or(0);
                let at = server as usize;
                let place = if at == first { 0 } else { at + usize::from(at < first) };
                let port = asked.port.map_or(3000 + place, usize::from);
                ecow::eco_format!(":{port}")
            }
            Some(_) | None => EcoString::new(),
        }
    }

    /// A record's declaration.
    pub(crate) fn record(&self, id: ir::RecordId) -> &'p ir::Record {
        &self.program.records[id.0 as usize]
    }

    /// An enum's declaration.
    pub(crate) fn enum_(&self, id: ir::EnumId) -> &'p ir::Enum {
        &self.program.enums[id.0 as usize]
    }

    /// A struct type that is made once, by name.
    pub(crate) fn named_struct(&mut self, name: &'static str, fields: Vec<crate::asm::Field>) -> TypeId {
        if let Some(&id) = self.types.named.get(name) {
            return id;
        }
        let id = self.module.struct_type(name, None, fields);
        self.types.named.insert(name, id);
        id
    }
}

/// The locals of a function, shared by the code of its closures.
pub(crate) type Locals = Rc<[ir::Local]>;
