//! Bindings and assignments: what `=` declares, what it updates, and what may be updated.

use ecow::EcoString;
use tova_diagnostics::{Diagnostic, codes};
use tova_source::Span;
use tova_syntax::ast::{AssignStmt, AssignTarget, BinaryOp, Expr, ExprKind, Ident, LetStmt, Pattern, PatternKind};

use super::Want;
use crate::ctx::{Checker, FrameKind, Progress, Sym};
use crate::tables::{GlobalIdx, Place, Res, TypeKind, VarId, VarKind};
use crate::types::{Ty, TyKind};

impl<'a> Checker<'a> {
    pub(super) fn let_(&mut self, binding: &'a LetStmt) {
        let annotated = binding.ty.as_ref().map(|ty| self.annotate(ty));
        let values: Vec<Ty> = binding
            .values
            .iter()
            .map(|value| {
                let given = self.infer(value, annotated.map_or(Want::Value, Want::Type));
                match annotated {
                    Some(ty) => {
                        self.coerce(given, ty, value.span);
                        ty
                    }
                    None => given,
                }
            })
            .collect();
        for (index, target) in binding.targets.iter().enumerate() {
            let ty = values.get(index).or(values.last()).copied().unwrap_or(self.well_known.error);
            self.bind_or_global(target, ty, binding.mutable);
        }
    }

    /// Binds a pattern; at the level of a file or block its names are globals that have been declared already.
    fn bind_or_global(&mut self, pattern: &'a Pattern, ty: Ty, mutable: bool) {
        let mut names = Vec::new();
        crate::collect::pattern_names(pattern, &mut names);
        let globals: Vec<(GlobalIdx, tova_syntax::ast::NodeId)> =
            names.iter().filter_map(|(_, id, _)| Some((self.global_declared_by(*id)?, *id))).collect();
        if globals.is_empty() {
            self.bind_pattern(pattern, ty, mutable, VarKind::Binding);
            return;
        }
        if let (PatternKind::Name(_), [(global, id)]) = (&pattern.kind, globals.as_slice()) {
            self.declare_global(*global, *id, ty, pattern.span);
            return;
        }
        // The parts get their types as variables first, then as the globals that they are.
        let first = self.used_vars.len();
        self.scoped(|this| this.bind_pattern(pattern, ty, mutable, VarKind::Binding));
        self.used_vars.iter_mut().skip(first).for_each(|used| *used = true);
        for (global, id) in globals {
            let part = self.out.node_types.get(id.0 as usize).copied().unwrap_or(self.well_known.error);
            self.declare_global(global, id, part, pattern.span);
        }
    }

    fn declare_global(&mut self, global: GlobalIdx, id: tova_syntax::ast::NodeId, ty: Ty, span: Span) {
        let declared = self.global(global).ty;
        if self.unify(declared, ty).is_err() {
            self.coerce(ty, declared, span);
        }
        self.set_node(id, declared);
        self.set_name(id, Res::Global(global));
        self.finish_global(global);
    }

    /// The global that a node declares, at the level of a file or block.
    pub(crate) fn global_declared_by(&self, id: tova_syntax::ast::NodeId) -> Option<GlobalIdx> {
        if !self.frames.last().is_none_or(|frame| frame.kind == FrameKind::Top) {
            return None;
        }
        self.global_nodes.get(&id).copied()
    }

    pub(super) fn assign(&mut self, assign: &'a AssignStmt) {
        if let (Some(op), [AssignTarget::Place(place)], [value]) =
            (assign.op, assign.targets.as_slice(), assign.values.as_slice())
        {
            return self.compound(place, op, assign.op_span, value);
        }
        let annotated = assign.ty.as_ref().map(|ty| self.annotate(ty));
        let single = assign.targets.len() == 1;
        let mut places = Vec::new();
        for (index, value) in assign.values.iter().enumerate() {
            let wanted = match assign.targets.get(index) {
                Some(AssignTarget::Place(place)) => self.wanted_by_place(place, annotated, single),
                _ => annotated,
            };
            let ty = self.infer(value, wanted.map_or(Want::Value, Want::Type));
            if let (Some(annotated), true) = (annotated, single) {
                self.coerce(ty, annotated, value.span);
            }
            places.push((annotated.unwrap_or(ty), value.span));
        }
        for (index, target) in assign.targets.iter().enumerate() {
            let (ty, span) =
                places.get(index).or(places.last()).copied().unwrap_or((self.well_known.error, assign.op_span));
            match target {
                AssignTarget::Pattern(pattern) => self.bind_or_global(pattern, ty, false),
                AssignTarget::Place(place) => self.assign_place(place, ty, span),
            }
        }
    }

    /// The type that an assigned value is guided by: that of a variable which exists already.
    fn wanted_by_place(&mut self, place: &'a Expr, annotated: Option<Ty>, single: bool) -> Option<Ty> {
        if annotated.is_some() || !single {
            return annotated;
        }
        match &place.kind {
            ExprKind::Name(name) => match self.target(name, place) {
                Target::Update(sym) => Some(self.symbol_type(&sym)),
                Target::Global(global) if self.progress_of_global(global) == Progress::Done => {
                    Some(self.global(global).ty)
                }
                Target::Global(_) | Target::Declare => None,
            },
            ExprKind::Field { .. } => {
                let ty = self.place_type(place);
                Some(ty)
            }
            _ => None,
        }
    }

    fn progress_of_global(&self, id: GlobalIdx) -> Progress {
        self.global_progress.get(id.0 as usize).copied().unwrap_or(Progress::Done)
    }

    fn symbol_type(&mut self, sym: &Sym) -> Ty {
        match sym {
            Sym::Local(id) => self.var(*id).ty,
            Sym::Global(id) => self.global_type(*id),
            _ => self.well_known.error,
        }
    }

    /// What `name = …` does.
    fn target(&mut self, name: &EcoString, place: &Expr) -> Target {
        if let Some(global) = self.global_declared_by(place.id) {
            return Target::Global(global);
        }
        let base = self.frames.last().map_or(0, |frame| frame.scope_base);
        let found = self
            .scopes
            .iter()
            .enumerate()
            .rev()
            .find_map(|(depth, scope)| scope.get(name).map(|sym| (depth, sym.clone())));
        match found {
            // An immutable variable of an outer function is shadowed, one of this function cannot be assigned.
            Some((depth, Sym::Local(id))) => {
                if depth < base
                    && !self.var(id).mutable
                    && self.frames.last().is_some_and(|frame| frame.kind != FrameKind::Top)
                {
                    Target::Declare
                } else {
                    Target::Update(Sym::Local(id))
                }
            }
            Some((_, sym @ Sym::Global(_))) => Target::Update(sym),
            Some(_) => Target::Declare,
            None => match self.lookup(name) {
                Some(Sym::Global(id)) => match self.global(id).kind {
                    // A constant outside may have the name of a variable here.
                    crate::tables::GlobalKind::Const
                        if self.frames.last().is_some_and(|frame| frame.kind != FrameKind::Top) =>
                    {
                        Target::Declare
                    }
                    _ => Target::Update(Sym::Global(id)),
                },
                _ => Target::Declare,
            },
        }
    }

    fn assign_place(&mut self, place: &'a Expr, ty: Ty, span: Span) {
        match &place.kind {
            ExprKind::Name(name) => match self.target(name, place) {
                Target::Global(global) => self.declare_global(global, place.id, ty, span),
                Target::Declare => {
                    self.declare(name, ty, place.id, place.span, false, VarKind::Binding);
                }
                Target::Update(sym) => self.update_name(place, &sym, ty, span),
            },
            ExprKind::Field { object, name, .. } => self.assign_field(place, object, name, ty, span),
            ExprKind::Index { object, index } => {
                self.check_place(object);
                let object_ty = self.infer(object, Want::Value);
                let index_ty = self.infer(index, Want::Value);
                self.solve_set_index(span, object_ty, index_ty, ty);
                self.set_node(place.id, ty);
            }
            ExprKind::TupleField { object, .. } => {
                self.check_place(object);
                let wanted = self.infer(place, Want::Value);
                self.coerce(ty, wanted, span);
            }
            ExprKind::Error => {}
            _ => self.report(
                Diagnostic::error(codes::E0202, place.span, "this cannot be assigned")
                    .help("assign a variable, a field or an element"),
            ),
        }
    }

    fn update_name(&mut self, place: &'a Expr, sym: &Sym, ty: Ty, span: Span) {
        let wanted = self.symbol_type(sym);
        match sym {
            Sym::Local(id) => {
                self.touch_var(*id);
                self.set_name(place.id, Res::Local(*id));
                self.check_var_update(*id, place);
            }
            Sym::Global(id) => {
                self.set_name(place.id, Res::Global(*id));
                self.check_global_update(*id, place);
            }
            _ => {}
        }
        self.set_node(place.id, wanted);
        self.widen_number(wanted, ty);
        self.coerce(ty, wanted, span);
        if let Some(key) = self.path_key(place) {
            self.widen(&key);
            // What was just assigned is known to be present.
            if let (TyKind::Option(inner), false) =
                (self.kind(wanted), matches!(self.kind(ty), TyKind::Option(_) | TyKind::Any | TyKind::Var(_)))
            {
                self.narrow_from_here(crate::narrow::Narrowed::from([(key, inner)]));
            }
        }
    }

    /// A variable that began with an integer literal and is assigned a float is a float.
    fn widen_number(&mut self, wanted: Ty, given: Ty) {
        if let TyKind::Float = self.kind(given) {
            let _ = self.unify(wanted, given);
        }
    }

    fn check_var_update(&mut self, id: VarId, place: &Expr) {
        let var = self.var(id);
        if var.mutable {
            return;
        }
        let (name, declared, kind) = (var.name.clone(), var.span, var.kind);
        if name == "self" && kind == VarKind::Param && self.mark_mutating() {
            return;
        }
        match kind {
            VarKind::Computed => self.report(
                Diagnostic::error(codes::E0903, place.span, format!("`{name}` is computed and cannot be assigned"))
                    .also(declared, "declared here")
                    .help("assign the state that it is computed from"),
            ),
            VarKind::Binding => self.report_immutable(&name, place.span, declared),
            VarKind::Param | VarKind::View | VarKind::Prop | VarKind::State => self.report(
                Diagnostic::error(codes::E0202, place.span, format!("`{name}` is a parameter and cannot be updated"))
                    .also(declared, "declared here")
                    .help(format!("copy it into a variable of its own: `mut new_{name} = {name}`")),
            ),
        }
    }

    /// A method that assigns to `self` updates its receiver. Whether there is such a method around.
    fn mark_mutating(&mut self) -> bool {
        let Some(method) = self.methods_around.last().copied() else { return false };
        if let Some(info) = self.out.fns.get_mut(method.0 as usize) {
            info.mutates = true;
        }
        true
    }

    pub(crate) fn report_immutable(&mut self, name: &EcoString, span: Span, declared: Span) {
        self.report(
            Diagnostic::error(codes::E0202, span, format!("`{name}` is immutable and cannot be updated"))
                .also(declared, "declared here")
                .help(format!("declare it with `mut {name} = …`"))
                .fix(format!("make `{name}` mutable"), declared.at_start(), "mut "),
        );
    }

    /// The type of a place that is about to be assigned.
    fn place_type(&mut self, place: &'a Expr) -> Ty {
        let before = self.out.diagnostics.len();
        let reads = self.reads_of_request_fields.len();
        let ty = self.infer(place, Want::Value);
        self.out.diagnostics.truncate(before);
        self.reads_of_request_fields.truncate(reads);
        match self.out.names.get(&place.id) {
            Some(Res::RequestField(_)) => self.without_option(ty),
            _ => ty,
        }
    }

    fn assign_field(&mut self, place: &'a Expr, object: &'a Expr, name: &'a Ident, ty: Ty, span: Span) {
        if let ExprKind::Name(head) = &object.kind
            && let Some(Sym::Store(_)) = self.lookup(head)
        {
            let wanted = self.infer(place, Want::Value);
            if let Some(Res::Global(id)) = self.out.names.get(&place.id).cloned() {
                self.check_global_update(id, place);
            }
            return self.coerce(ty, wanted, span);
        }
        let object_ty = self.infer(object, Want::Value);
        if let TyKind::Named(id, _) = self.kind(object_ty)
            && let TypeKind::Handle(properties) = self.type_info(id).kind.clone()
        {
            return self.assign_property(place, object_ty, &properties, name, ty, span);
        }
        self.check_place(object);
        let wanted = self.fresh();
        self.solve_member(object_ty, name, true, place.id, wanted);
        self.set_node(place.id, wanted);
        self.coerce(ty, wanted, span);
        if let Some(key) = self.path_key(place) {
            self.widen(&key);
        }
    }

    fn assign_property(
        &mut self,
        place: &'a Expr,
        object: Ty,
        properties: &indexmap::IndexMap<EcoString, (Ty, bool)>,
        name: &'a Ident,
        ty: Ty,
        span: Span,
    ) {
        let handle = self.show(object);
        match properties.get(&name.name) {
            Some((wanted, true)) => {
                self.set_name(place.id, Res::Property { ty: handle.into(), name: name.name.clone() });
                self.set_node(place.id, *wanted);
                self.coerce(ty, *wanted, span);
            }
            Some((_, false)) => self.report(Diagnostic::error(
                codes::E0202,
                name.span,
                format!("`{}` of a `{handle}` cannot be set", name.name),
            )),
            None => {
                if let (true, Place::Server(server)) = (handle == "Request", self.place) {
                    let (index, wanted) = self.request_field(server, &name.name);
                    self.assigned_request_fields.insert((server, name.name.clone()));
                    self.set_name(place.id, Res::RequestField(index));
                    self.set_node(place.id, wanted);
                    return self.coerce(ty, wanted, span);
                }
                self.no_field(object, &name.name, name.span);
            }
        }
    }

    fn compound(&mut self, place: &'a Expr, op: BinaryOp, op_span: Span, value: &'a Expr) {
        self.check_place(place);
        let left = match &place.kind {
            ExprKind::Name(name) => match self.lookup(name) {
                Some(sym @ (Sym::Local(_) | Sym::Global(_))) => {
                    self.infer(place, Want::Value);
                    self.symbol_type(&sym)
                }
                _ => self.infer(place, Want::Value),
            },
            _ => self.infer(place, Want::Value),
        };
        let guide = if matches!(self.kind(left), TyKind::List(_)) { Want::Type(left) } else { Want::Value };
        let right = self.infer(value, guide);
        // `m[k] += 1` counts from what is there; an absent entry has no sum.
        let result = self.fresh();
        self.solve_binary(op_span, op, left, right, result);
        self.widen_number(left, result);
        self.coerce(result, left, value.span);
    }

    /// Checks that something is a place that may be updated.
    pub(crate) fn check_place(&mut self, place: &'a Expr) {
        match &place.kind {
            ExprKind::Name(name) => match self.lookup(name) {
                Some(Sym::Local(id)) => self.check_var_update(id, place),
                Some(Sym::Global(id)) => self.check_global_update(id, place),
                _ => {}
            },
            ExprKind::Paren(inner) => self.check_place(inner),
            ExprKind::Field { object, .. } => {
                if let ExprKind::Name(head) = &object.kind
                    && let Some(Sym::Store(_)) = self.lookup(head)
                {
                    return;
                }
                self.check_place(object);
            }
            ExprKind::Index { object, .. } | ExprKind::TupleField { object, .. } => self.check_place(object),
            ExprKind::Error => {}
            _ => self.report(
                Diagnostic::error(
                    codes::E0202,
                    place.span,
                    "this value is not kept anywhere, updating it changes nothing",
                )
                .help("put it into a variable first: `mut x = …`"),
            ),
        }
    }
}

/// What `name = …` does.
enum Target {
    /// Gives a global of the file or block its first value.
    Global(GlobalIdx),
    /// Declares a variable.
    Declare,
    /// Updates what is there.
    Update(Sym),
}
