//! Functions: inferred when first used, generic in what nothing decides.

use std::collections::{BTreeSet, HashMap};

use ecow::{EcoString, eco_format};
use tova_diagnostics::{Diagnostic, codes};
use tova_source::Span;
use tova_syntax::ast::{self, NodeId, Param, PatternKind};

use crate::ctx::{Checker, Frame, FrameKind, Progress, Sym, VarShape};
use crate::decl::group::Group;
use crate::infer::Want;
use crate::tables::{FnIdx, Place, TypeId, VarKind};
use crate::types::{Ty, TyKind};
use crate::unify::children;

/// What surrounds the place that is being checked, put aside while something else is.
pub(crate) struct Surroundings {
    scopes: Vec<HashMap<EcoString, Sym>>,
    frames: Vec<Frame>,
    narrowed: Vec<HashMap<EcoString, Ty>>,
    type_params: Vec<HashMap<EcoString, Ty>>,
    place: Place,
    in_view: bool,
    receivers: Vec<Ty>,
    piped: Vec<Ty>,
    level: u32,
}

impl<'a> Checker<'a> {
    /// Starts afresh for a declaration of `place`; give the result to [`Self::leave`].
    pub(crate) fn enter(&mut self, place: Place) -> Surroundings {
        Surroundings {
            scopes: std::mem::take(&mut self.scopes),
            frames: std::mem::take(&mut self.frames),
            narrowed: std::mem::replace(&mut self.narrowed, vec![HashMap::new()]),
            type_params: std::mem::take(&mut self.type_params),
            place: std::mem::replace(&mut self.place, place),
            in_view: std::mem::replace(&mut self.in_view, false),
            receivers: std::mem::take(&mut self.receivers),
            piped: std::mem::take(&mut self.piped),
            level: self.level,
        }
    }

    pub(crate) fn leave(&mut self, outer: Surroundings) {
        self.scopes = outer.scopes;
        self.frames = outer.frames;
        self.narrowed = outer.narrowed;
        self.type_params = outer.type_params;
        self.place = outer.place;
        self.in_view = outer.in_view;
        self.receivers = outer.receivers;
        self.piped = outer.piped;
        self.level = outer.level;
    }

    fn progress_of(&self, id: FnIdx) -> Progress {
        self.progress.get(id.0 as usize).copied().unwrap_or(Progress::Done)
    }

    fn set_progress(&mut self, id: FnIdx, progress: Progress) {
        if let Some(slot) = self.progress.get_mut(id.0 as usize) {
            *slot = progress;
        }
    }

    /// Makes sure that a function's type is known as far as it can be.
    pub(crate) fn ensure_fn(&mut self, id: FnIdx) {
        if self.progress_of(id) != Progress::Waiting {
            return;
        }
        self.set_progress(id, Progress::Running);
        let fixed = self.is_fixed(id);
        if !fixed {
            self.groups.enter(id);
        }
        if self.fn_info(id).nested {
            self.infer_fn(id);
        } else {
            let place = self.fn_info(id).place;
            let outer = self.enter(place);
            if let Some(store) = self.store_of_fn.get(&id).cloned() {
                self.scopes.push(self.store_scope(&store));
            }
            self.infer_fn(id);
            self.leave(outer);
        }
        if fixed {
            self.keep_monomorphic(id);
            self.set_progress(id, Progress::Done);
        } else if let Some(group) = self.groups.leave() {
            self.generalize(&group);
            for member in group.members {
                self.set_progress(member, Progress::Done);
            }
        }
    }

    /// Whether a function may not become generic.
    fn is_fixed(&self, id: FnIdx) -> bool {
        self.fn_info(id).nested || self.monomorphic.get(id.0 as usize).copied().unwrap_or(false)
    }

    /// The members of a store by their short names.
    pub(crate) fn store_scope(&self, store: &EcoString) -> HashMap<EcoString, Sym> {
        self.stores.get(store).map_or_else(HashMap::new, |names| {
            names.symbols.iter().map(|(name, (sym, _))| (name.clone(), sym.clone())).collect()
        })
    }

    fn infer_fn(&mut self, id: FnIdx) {
        let decl = self.fn_decl(id);
        self.level += 1;
        let mut type_params = self.type_param_scope(&decl.type_params);
        type_params.extend(self.impl_type_params(id));
        self.type_params.push(type_params);
        self.scopes.push(HashMap::new());
        let ret = decl.ret.as_ref().map(|ret| self.annotate(ret));
        let placeholder = ret.unwrap_or_else(|| if decl.body.is_some() { self.fresh() } else { self.well_known.unit });
        self.frames.push(Frame {
            ret,
            returns: Vec::new(),
            kind: FrameKind::Function,
            loops: Vec::new(),
            scope_base: self.scopes.len(),
        });
        let self_type = self.self_type(id);
        let known = self.handler_params.get(&id).cloned().unwrap_or_default();
        let params = self.params(&decl.params, self_type);
        for (param, known) in params.iter().zip(known) {
            if let Some(known) = known {
                let _ = self.unify(*param, known);
            }
        }
        if let Some(info) = self.out.fns.get_mut(id.0 as usize) {
            info.params = params;
            info.ret = placeholder;
            info.body_ty = placeholder;
        }
        if let Some(body) = &decl.body {
            let method = self.impl_types.contains_key(&id);
            if method {
                self.methods_around.push(id);
            }
            self.infer_fn_body(id, body, ret, placeholder);
            if method {
                self.methods_around.pop();
            }
        }
        self.scopes.pop();
        self.type_params.pop();
        self.settle();
        self.level -= 1;
    }

    fn infer_fn_body(&mut self, id: FnIdx, body: &'a ast::Block, ret: Option<Ty>, placeholder: Ty) {
        let in_server = matches!(self.fn_info(id).place, Place::Server(_));
        let actual = self.block(body, ret.map_or(Want::Value, Want::Type));
        let frame = self.frames.pop();
        let body_ty = match ret {
            Some(ret) => {
                let span = tail_span(body);
                let mut found = false;
                let mut body_ty = ret;
                let results = frame.into_iter().flat_map(|frame| frame.returns).chain([(actual, span)]);
                for (result, span) in results {
                    if self.coerce_quietly(result, ret).is_ok() {
                        continue;
                    }
                    if let TyKind::Option(inner) = self.kind(result)
                        && in_server
                        && self.coerce_quietly(inner, ret).is_ok()
                    {
                        found = true;
                        body_ty = self.option(ret);
                        continue;
                    }
                    self.coerce(result, ret, span);
                }
                if let Some(info) = self.out.fns.get_mut(id.0 as usize) {
                    info.found = found;
                }
                body_ty
            }
            None => {
                let returns = frame.map(|frame| frame.returns).unwrap_or_default();
                let result = self.join_returns(actual, tail_span(body), returns);
                if self.unify(placeholder, result).is_err() {
                    // A recursive use decided otherwise.
                    self.coerce(result, placeholder, tail_span(body));
                }
                result
            }
        };
        if let Some(info) = self.out.fns.get_mut(id.0 as usize) {
            info.body_ty = body_ty;
        }
    }

    /// The common type of a body's value and its explicit returns.
    pub(crate) fn join_returns(&mut self, tail: Ty, tail_span: Span, returns: Vec<(Ty, Span)>) -> Ty {
        let mut result = tail;
        for (ty, span) in returns {
            // A body that ends without a value gives nil where it does not return.
            match self.join(result, ty) {
                Some(joined) => result = joined,
                None => {
                    let (one, other) = (self.show(result), self.show(ty));
                    self.report(
                        Diagnostic::error(
                            codes::E0102,
                            span,
                            format!("this returns `{other}`, the function gives `{one}` elsewhere"),
                        )
                        .also(tail_span, format!("this is `{one}`"))
                        .help("give both the same type, or declare the result as a union: `-> A | B`"),
                    );
                }
            }
        }
        result
    }

    /// Declares parameters and gives their types.
    pub(crate) fn params(&mut self, params: &'a [Param], self_type: Option<Ty>) -> Vec<Ty> {
        params
            .iter()
            .map(|param| {
                let ty = match (&param.ty, &param.pattern.kind, self_type) {
                    (Some(ty), ..) => self.annotate(ty),
                    (None, PatternKind::Name(name), Some(ty)) if name == "self" => ty,
                    _ => self.fresh(),
                };
                let ty =
                    if param.rest.is_some() && !matches!(self.kind(ty), TyKind::List(_)) { self.list(ty) } else { ty };
                if let Some(default) = &param.default {
                    let given = self.infer(default, Want::Type(ty));
                    self.coerce(given, ty, default.span);
                }
                self.bind_pattern(&param.pattern, ty, false, VarKind::Param);
                ty
            })
            .collect()
    }

    fn self_type(&mut self, id: FnIdx) -> Option<Ty> {
        let name = self.impl_types.get(&id)?.clone();
        let (Some(Sym::Type(ty)) | Some(Sym::Variant(ty, _))) = self.lookup(&name) else { return None };
        let params = self.type_info(ty).params;
        let args = (0..params).map(|index| self.impl_param(ty, index)).collect();
        Some(self.ty(TyKind::Named(ty, args)))
    }

    /// Methods of a generic type are generic in its parameters, which come after their own.
    fn impl_param(&mut self, id: TypeId, index: u32) -> Ty {
        let name = self
            .type_info(id)
            .decl
            .and_then(|decl| decl.params.get(index as usize))
            .map_or_else(|| eco_format!("T{index}"), |param| param.name.clone());
        self.type_params.iter().rev().find_map(|scope| scope.get(&name).copied()).unwrap_or_else(|| self.fresh())
    }

    fn impl_type_params(&mut self, id: FnIdx) -> HashMap<EcoString, Ty> {
        let Some(name) = self.impl_types.get(&id).cloned() else { return HashMap::new() };
        let Some(Sym::Type(ty)) = self.lookup(&name) else { return HashMap::new() };
        let Some(decl) = self.type_info(ty).decl else { return HashMap::new() };
        let own = u32::try_from(self.fn_decl(id).type_params.len()).unwrap_or(0);
        let scope = decl
            .params
            .iter()
            .zip(own..)
            .map(|(param, index)| (param.name.clone(), self.ty(TyKind::Param(index, param.name.clone()))))
            .collect();
        if let Some(info) = self.out.fns.get_mut(id.0 as usize) {
            info.type_params = own + u32::try_from(decl.params.len()).unwrap_or(0);
        }
        scope
    }

    /// The types of a function's parameters and result.
    fn signature(&self, id: FnIdx) -> Vec<Ty> {
        let info = self.fn_info(id);
        info.params.iter().copied().chain([info.ret]).collect()
    }

    fn keep_monomorphic(&mut self, id: FnIdx) {
        for ty in self.signature(id) {
            self.lower_level(ty, self.level);
        }
    }

    /// Turns what nothing has decided in the types of functions that call each other into type parameters of them all.
    fn generalize(&mut self, group: &Group) {
        for ty in self.pinned() {
            self.lower_level(ty, self.level);
        }
        let mut given = BTreeSet::new();
        let mut found = BTreeSet::new();
        for id in &group.members {
            let info = self.fn_info(*id);
            let (params, ret) = (info.params.clone(), info.ret);
            params.iter().for_each(|ty| self.vars_in(*ty, &mut given));
            self.vars_in(ret, &mut found);
        }
        self.settle_numbers(&given, found);
        let written = group.members.iter().map(|id| self.fn_info(*id).type_params).max().unwrap_or(0);
        let mut numeric = vec![false; written as usize];
        for id in &group.members {
            for ty in self.signature(*id) {
                self.generalize_type(ty, &mut numeric);
            }
        }
        let count = u32::try_from(numeric.len()).unwrap_or(u32::MAX);
        for id in &group.members {
            if let Some(info) = self.out.fns.get_mut(id.0 as usize) {
                info.type_params = count;
            }
            if let Some(list) = self.numeric_params.get_mut(id.0 as usize) {
                list.clone_from(&numeric);
            }
        }
        if count > 0 {
            for (node, _) in &group.uses {
                let args = self.own_params(count);
                self.out.instances.insert(*node, args);
            }
        }
    }

    /// The type parameters of a function as arguments for itself.
    fn own_params(&mut self, count: u32) -> Vec<Ty> {
        (0..count).map(|index| self.ty(TyKind::Param(index, "T".into()))).collect()
    }

    /// A number in a result that no argument decides is an `Int`: a function is not made generic for a literal's sake.
    fn settle_numbers(&mut self, given: &BTreeSet<u32>, found: BTreeSet<u32>) {
        let (int, level) = (self.well_known.int, self.level);
        for var in found {
            let own = self.vars.get(var as usize).is_some_and(|var| var.level > level);
            if own
                && !given.contains(&var)
                && self.shape(var) == VarShape::Number
                && let Some(var) = self.vars.get_mut(var as usize)
            {
                var.bound = Some(int);
            }
        }
    }

    fn vars_in(&self, ty: Ty, found: &mut BTreeSet<u32>) {
        let kind = self.kind(ty);
        if let TyKind::Var(var) = kind {
            found.insert(var);
            if let VarShape::Braces(fields) = self.shape(var) {
                fields.iter().for_each(|(_, ty)| self.vars_in(*ty, found));
            }
        }
        children(&kind).into_iter().for_each(|child| self.vars_in(child, found));
    }

    fn lower_level(&mut self, ty: Ty, level: u32) {
        let kind = self.kind(ty);
        if let TyKind::Var(var) = kind {
            if let Some(var) = self.vars.get_mut(var as usize) {
                var.level = var.level.min(level);
            }
            if let VarShape::Braces(fields) = self.shape(var) {
                fields.iter().for_each(|(_, ty)| self.lower_level(*ty, level));
            }
        }
        for child in children(&kind) {
            self.lower_level(child, level);
        }
    }

    /// Makes the undecided parts of a type parameters; `numeric` says of each parameter so far whether it stands for numbers.
    fn generalize_type(&mut self, ty: Ty, numeric: &mut Vec<bool>) {
        let ty = self.resolve(ty);
        let kind = self.kind(ty);
        let TyKind::Var(var) = kind else {
            return children(&kind).into_iter().for_each(|child| self.generalize_type(child, numeric));
        };
        if self.vars.get(var as usize).is_none_or(|var| var.level <= self.level) {
            return;
        }
        if let VarShape::Braces(fields) = self.shape(var) {
            let record = self.ty(TyKind::Record(fields));
            self.force(var, record);
            return self.generalize_type(record, numeric);
        }
        let index = u32::try_from(numeric.len()).unwrap_or(u32::MAX);
        let name = eco_format!("{}", char::from(b'A' + u8::try_from(index % 26).unwrap_or(0)));
        let param = self.ty(TyKind::Param(index, name));
        numeric.push(self.shape(var) == VarShape::Number);
        self.force(var, param);
    }

    /// A function's parameter types and result for one use, with fresh type arguments noted under the node.
    pub(crate) fn instantiate(&mut self, id: FnIdx, node: NodeId) -> (Vec<Ty>, Ty) {
        self.ensure_fn(id);
        let info = self.fn_info(id);
        let (count, params, ret) = (info.type_params, info.params.clone(), info.ret);
        // While its body is being inferred a function is used at its own type, unless its type is written out in full.
        let running = self.progress_of(id) == Progress::Running && !self.is_written_out(id);
        if running && self.groups.uses(id, node) || count == 0 {
            return (params, ret);
        }
        if running {
            let args = self.own_params(count);
            self.out.instances.insert(node, args);
            return (params, ret);
        }
        let args: Vec<Ty> = (0..count as usize)
            .map(|index| {
                let numeric = self.numeric_params.get(id.0 as usize).and_then(|list| list.get(index)).copied();
                self.fresh_shaped(if numeric == Some(true) { VarShape::Number } else { VarShape::Free })
            })
            .collect();
        let params = params.into_iter().map(|param| self.substitute(param, &args)).collect();
        let ret = self.substitute(ret, &args);
        self.out.instances.insert(node, args);
        (params, ret)
    }

    fn is_written_out(&self, id: FnIdx) -> bool {
        let decl = self.fn_decl(id);
        decl.ret.is_some() && decl.params.iter().all(|param| param.ty.is_some())
    }
}

/// The place of the value of a block: its last statement, or the block if it is empty.
pub(crate) fn tail_span(body: &ast::Block) -> Span {
    body.stmts.last().map_or(body.span, |stmt| stmt.span)
}
