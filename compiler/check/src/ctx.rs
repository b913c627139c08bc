//! The checker's state.

use std::collections::HashMap;

use ecow::EcoString;
use tova_diagnostics::Diagnostic;
use tova_source::Span;
use tova_syntax::ast::{self, NodeId};

use crate::constraint::Constraint;
use crate::decl::group::Groups;
use crate::tables::{Checked, CompIdx, FnIdx, GlobalIdx, ModelIdx, Place, Res, TypeId, VarId, VarInfo, VarKind};
use crate::types::{Ty, TyKind};

/// What a name in scope is.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Sym {
    Local(VarId),
    Global(GlobalIdx),
    Fn(FnIdx),
    Type(TypeId),
    Variant(TypeId, u32),
    Model(ModelIdx),
    Component(CompIdx),
    /// A store of the client: opens a path to its members.
    Store(EcoString),
    /// `server`, or a server's name, seen from a client: opens a path to its functions.
    Servers(Option<u32>),
    /// `next` of a middleware.
    Next,
}

/// Names of one block kind, with the place of each for messages about duplicates.
#[derive(Default, Debug)]
pub(crate) struct Names {
    pub(crate) symbols: HashMap<EcoString, (Sym, Span)>,
}

/// How far the inference of a function has come.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Progress {
    Waiting,
    Running,
    Done,
}

/// A type variable.
#[derive(Clone, Debug)]
pub(crate) struct TyVar {
    pub(crate) bound: Option<Ty>,
    pub(crate) level: u32,
    pub(crate) kind: VarShape,
}

/// What is known of a type variable.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum VarShape {
    /// Nothing.
    Free,
    /// A number: the type of an integer literal, `Int` unless something makes it a `Float`.
    Number,
    /// `{ … }`: a record, a map or a declared record with at least these fields.
    Braces(Vec<(EcoString, Ty)>),
}

/// What surrounds the code that is being checked: a function, lambda, component or the like.
#[derive(Clone, Debug)]
pub(crate) struct Frame {
    /// The declared or expected result.
    pub(crate) ret: Option<Ty>,
    /// What explicit `return`s give when no result is declared.
    pub(crate) returns: Vec<(Ty, Span)>,
    pub(crate) kind: FrameKind,
    /// Labels of the loops around; an empty name for loops without one.
    pub(crate) loops: Vec<EcoString>,
    /// Depth of local scopes at which the frame starts.
    pub(crate) scope_base: usize,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum FrameKind {
    /// Statements at the top of a file or block.
    Top,
    Function,
    Lambda,
    /// Middleware of style `(req, res)`.
    Middleware,
    Effect,
    Component,
    Test,
}

pub(crate) struct Checker<'a> {
    pub(crate) out: Checked<'a>,
    pub(crate) vars: Vec<TyVar>,
    pub(crate) level: u32,
    pub(crate) pending: Vec<Constraint<'a>>,
    pub(crate) progress: Vec<Progress>,
    /// Functions that are being inferred.
    pub(crate) groups: Groups,
    /// Functions that may not become generic: handlers and remote functions.
    pub(crate) monomorphic: Vec<bool>,
    /// Types and variants of the library: outermost, a program may have its own of the same name.
    pub(crate) prelude: Names,
    pub(crate) shared: Names,
    pub(crate) servers: Vec<Names>,
    pub(crate) client: Names,
    /// Members of stores: `Store` → name → symbol.
    pub(crate) stores: HashMap<EcoString, Names>,
    /// Functions of the library by name.
    pub(crate) library: HashMap<EcoString, Vec<FnIdx>>,
    /// Functions that only tests see.
    pub(crate) test_library: HashMap<EcoString, Vec<FnIdx>>,
    /// Whether the code that is being checked belongs to a test.
    pub(crate) in_test: bool,
    /// Methods of declared types and namespaces: (type name, method name).
    pub(crate) methods: HashMap<(EcoString, EcoString), FnIdx>,
    /// Methods whose bodies are being checked, innermost last.
    pub(crate) methods_around: Vec<FnIdx>,
    /// Types of a handler's parameters that its route decides.
    pub(crate) handler_params: HashMap<FnIdx, Vec<Option<Ty>>>,
    /// The type or namespace whose `impl` block holds a function.
    pub(crate) impl_types: HashMap<FnIdx, EcoString>,
    /// Which type parameters of a function stand for numbers.
    pub(crate) numeric_params: Vec<Vec<bool>>,
    /// Fields of declared records that have a default.
    pub(crate) defaults: std::collections::HashSet<(TypeId, EcoString)>,
    pub(crate) store_of_fn: HashMap<FnIdx, EcoString>,
    pub(crate) store_of_global: HashMap<GlobalIdx, EcoString>,
    pub(crate) global_progress: Vec<Progress>,
    pub(crate) component_progress: Vec<Progress>,
    /// Written types of globals.
    pub(crate) annotations: HashMap<GlobalIdx, &'a ast::TypeExpr>,
    /// Local scopes, innermost last.
    pub(crate) scopes: Vec<HashMap<EcoString, Sym>>,
    pub(crate) frames: Vec<Frame>,
    pub(crate) var_depth: Vec<u32>,
    pub(crate) place: Place,
    /// Type parameters in scope.
    pub(crate) type_params: Vec<HashMap<EcoString, Ty>>,
    /// Narrowed types of names and paths, innermost last.
    pub(crate) narrowed: Vec<HashMap<EcoString, Ty>>,
    /// Whether the code stands in a hole of JSX, where an absent value shows nothing.
    pub(crate) in_view: bool,
    /// The receiver of `.name` functions around.
    pub(crate) receivers: Vec<Ty>,
    /// The value piped into the step that is being checked.
    pub(crate) piped: Vec<Ty>,
    pub(crate) matches: Vec<crate::exhaust::MatchToCheck<'a>>,
    pub(crate) reads_of_request_fields: Vec<(u32, EcoString, Span)>,
    pub(crate) assigned_request_fields: std::collections::HashSet<(u32, EcoString)>,
    /// Globals by the node that declares them.
    pub(crate) global_nodes: HashMap<NodeId, GlobalIdx>,
    pub(crate) used_vars: Vec<bool>,
    /// Files of the library.
    pub(crate) library_files: std::collections::HashSet<tova_source::FileId>,
    pub(crate) well_known: WellKnown,
}

/// Types made once.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct WellKnown {
    pub(crate) error: Ty,
    pub(crate) unit: Ty,
    pub(crate) never: Ty,
    pub(crate) bool_: Ty,
    pub(crate) int: Ty,
    pub(crate) float: Ty,
    pub(crate) str_: Ty,
    pub(crate) any: Ty,
    pub(crate) duration: Ty,
    pub(crate) size: Ty,
    pub(crate) view: Ty,
}

impl<'a> Checker<'a> {
    pub(crate) fn new(node_count: u32) -> Self {
        let mut this = Self {
            out: Checked::default(),
            vars: Vec::new(),
            level: 0,
            pending: Vec::new(),
            progress: Vec::new(),
            groups: Groups::default(),
            monomorphic: Vec::new(),
            prelude: Names::default(),
            shared: Names::default(),
            servers: Vec::new(),
            client: Names::default(),
            stores: HashMap::new(),
            library: HashMap::new(),
            test_library: HashMap::new(),
            in_test: false,
            methods: HashMap::new(),
            methods_around: Vec::new(),
            handler_params: HashMap::new(),
            impl_types: HashMap::new(),
            numeric_params: Vec::new(),
            defaults: std::collections::HashSet::new(),
            store_of_fn: HashMap::new(),
            store_of_global: HashMap::new(),
            global_progress: Vec::new(),
            component_progress: Vec::new(),
            annotations: HashMap::new(),
            scopes: Vec::new(),
            frames: Vec::new(),
            var_depth: Vec::new(),
            place: Place::Shared,
            type_params: Vec::new(),
            narrowed: vec![HashMap::new()],
            in_view: false,
            receivers: Vec::new(),
            piped: Vec::new(),
            matches: Vec::new(),
            reads_of_request_fields: Vec::new(),
            assigned_request_fields: std::collections::HashSet::new(),
            global_nodes: HashMap::new(),
            used_vars: Vec::new(),
            library_files: std::collections::HashSet::new(),
            well_known: WellKnown::default(),
        };
        this.well_known = WellKnown {
            error: this.ty(TyKind::Error),
            unit: this.ty(TyKind::Unit),
            never: this.ty(TyKind::Never),
            bool_: this.ty(TyKind::Bool),
            int: this.ty(TyKind::Int),
            float: this.ty(TyKind::Float),
            str_: this.ty(TyKind::Str),
            any: this.ty(TyKind::Any),
            duration: this.ty(TyKind::Duration),
            size: this.ty(TyKind::Size),
            view: this.ty(TyKind::View),
        };
        this.out.node_types = vec![this.well_known.error; node_count as usize];
        this
    }

    pub(crate) fn ty(&mut self, kind: TyKind) -> Ty {
        let id = Ty(u32::try_from(self.out.types.kinds.len()).unwrap_or(u32::MAX));
        self.out.types.kinds.push(kind);
        id
    }

    pub(crate) fn fresh(&mut self) -> Ty {
        self.fresh_shaped(VarShape::Free)
    }

    pub(crate) fn fresh_shaped(&mut self, kind: VarShape) -> Ty {
        let var = u32::try_from(self.vars.len()).unwrap_or(u32::MAX);
        self.vars.push(TyVar { bound: None, level: self.level, kind });
        self.ty(TyKind::Var(var))
    }

    pub(crate) fn list(&mut self, item: Ty) -> Ty {
        self.ty(TyKind::List(item))
    }

    /// `ty?`; of an option, `Any`, unit and the error type the type itself.
    pub(crate) fn option(&mut self, ty: Ty) -> Ty {
        let ty = self.resolve(ty);
        match self.kind(ty) {
            TyKind::Option(_) | TyKind::Any | TyKind::Error => ty,
            TyKind::Unit | TyKind::Never => {
                let free = self.fresh();
                self.ty(TyKind::Option(free))
            }
            _ => self.ty(TyKind::Option(ty)),
        }
    }

    /// The representative of a type: follows bound variables, not into the type.
    pub(crate) fn resolve(&self, mut ty: Ty) -> Ty {
        while let TyKind::Var(var) = self.out.types.kind(ty) {
            match self.vars.get(*var as usize).and_then(|var| var.bound) {
                Some(next) => ty = next,
                None => break,
            }
        }
        ty
    }

    /// What a type is, variables followed.
    pub(crate) fn kind(&self, ty: Ty) -> TyKind {
        self.out.types.kind(self.resolve(ty)).clone()
    }

    pub(crate) fn shape(&self, var: u32) -> VarShape {
        self.vars.get(var as usize).map_or(VarShape::Free, |var| var.kind.clone())
    }

    pub(crate) fn is_free(&self, ty: Ty) -> bool {
        matches!(self.kind(ty), TyKind::Var(_))
    }

    pub(crate) fn report(&mut self, diagnostic: Diagnostic) {
        self.out.diagnostics.push(diagnostic);
    }

    pub(crate) fn set_node(&mut self, id: NodeId, ty: Ty) -> Ty {
        if let Some(slot) = self.out.node_types.get_mut(id.0 as usize) {
            *slot = ty;
        }
        ty
    }

    pub(crate) fn set_name(&mut self, id: NodeId, res: Res) {
        self.out.names.insert(id, res);
    }

    /// Declares a variable in the innermost scope.
    pub(crate) fn declare(
        &mut self,
        name: &EcoString,
        ty: Ty,
        decl: NodeId,
        span: Span,
        mutable: bool,
        kind: VarKind,
    ) -> VarId {
        let id = VarId(u32::try_from(self.out.locals.len()).unwrap_or(u32::MAX));
        self.out.locals.push(VarInfo { name: name.clone(), ty, decl, span, mutable, kind, captured: false });
        self.var_depth.push(self.depth());
        self.used_vars.push(false);
        self.set_node(decl, ty);
        self.set_name(decl, Res::Local(id));
        if let Some(scope) = self.scopes.last_mut() {
            scope.insert(name.clone(), Sym::Local(id));
        }
        let key = crate::narrow::local_key(id);
        for layer in &mut self.narrowed {
            layer.remove(&key);
        }
        id
    }

    pub(crate) fn var(&self, id: VarId) -> &VarInfo {
        self.out.locals.get(id.0 as usize).expect("a variable of this program")
    }

    pub(crate) fn global(&self, id: GlobalIdx) -> &crate::tables::GlobalInfo<'a> {
        self.out.globals.get(id.0 as usize).expect("a global of this program")
    }

    pub(crate) fn fn_info(&self, id: FnIdx) -> &crate::tables::FnInfo<'a> {
        self.out.fns.get(id.0 as usize).expect("a function of this program")
    }

    pub(crate) fn type_info(&self, id: TypeId) -> &crate::tables::TypeInfo<'a> {
        self.out.type_decls.get(id.0 as usize).expect("a type of this program")
    }

    /// How many function values are around: a variable read deeper than it was declared is captured.
    pub(crate) fn depth(&self) -> u32 {
        u32::try_from(self.frames.len()).unwrap_or(u32::MAX)
    }

    pub(crate) fn scoped<T>(&mut self, run: impl FnOnce(&mut Self) -> T) -> T {
        self.scopes.push(HashMap::new());
        let result = run(self);
        self.scopes.pop();
        result
    }

    /// Looks a name up: local scopes, the block's names, shared names, the library.
    pub(crate) fn lookup(&self, name: &str) -> Option<Sym> {
        if let Some(sym) = self.scopes.iter().rev().find_map(|scope| scope.get(name)) {
            return Some(sym.clone());
        }
        let block = match self.place {
            Place::Shared => None,
            Place::Server(index) => self.servers.get(index as usize),
            Place::Client => Some(&self.client),
        };
        block
            .and_then(|names| names.symbols.get(name))
            .or_else(|| self.shared.symbols.get(name))
            .or_else(|| self.prelude.symbols.get(name))
            .map(|(sym, _)| sym.clone())
    }

    /// Names in scope, for suggestions.
    pub(crate) fn names_in_scope(&self) -> Vec<EcoString> {
        let mut names: Vec<EcoString> = self.scopes.iter().flat_map(|scope| scope.keys().cloned()).collect();
        let block = match self.place {
            Place::Shared => None,
            Place::Server(index) => self.servers.get(index as usize),
            Place::Client => Some(&self.client),
        };
        names.extend(block.into_iter().flat_map(|names| names.symbols.keys().cloned()));
        names.extend(self.shared.symbols.keys().cloned());
        names.extend(self.library.keys().cloned());
        if self.in_test {
            names.extend(self.test_library.keys().cloned());
        }
        names
    }

    /// Marks a variable as used, and as captured if it belongs to an outer function.
    pub(crate) fn touch_var(&mut self, id: VarId) {
        let captured = self.var_depth.get(id.0 as usize).is_some_and(|depth| *depth < self.depth());
        if let Some(var) = self.out.locals.get_mut(id.0 as usize) {
            var.captured |= captured;
        }
        if let Some(used) = self.used_vars.get_mut(id.0 as usize) {
            *used = true;
        }
    }

    pub(crate) fn frame(&mut self) -> Option<&mut Frame> {
        self.frames.last_mut()
    }

    pub(crate) fn fn_decl(&self, id: FnIdx) -> &'a ast::FnDecl {
        self.fn_info(id).decl
    }
}
