//! The state of one body: locals, labels, and the frames of what is substituted into it.

use std::collections::{HashMap, HashSet};
use std::rc::Rc;

use ecow::EcoString;
use tova_check::tables::{FnIdx, Res, VarId};
use tova_check::types::Ty;
use tova_source::Span;
use tova_syntax::ast::{self, NodeId};

use super::{Lower, build};
use crate::{Expr, ExprKind, Home, LabelId, Local, LocalId, LocalKind, Place, Type};

/// Makes one body.
pub(crate) struct Body<'l, 'a> {
    pub(crate) lower: &'l mut Lower<'a>,
    pub(crate) home: Home,
    pub(crate) locals: Vec<Local>,
    pub(crate) frames: Vec<Frame<'a>>,
    /// The frame of the code being lowered.
    pub(crate) frame: usize,
    labels: u32,
    /// Labels that a break was made for.
    pub(crate) left: HashSet<LabelId>,
    /// The request and the rest of the chain, in a middleware `(req, next)`.
    pub(crate) next: Option<(LocalId, LocalId)>,
    /// The property that holds what stands between a component's tags.
    pub(crate) children: Option<LocalId>,
    /// The attribute that scopes the styles of the component being lowered.
    pub(crate) scope: Option<EcoString>,
}

/// Code with variables of its own: the function itself, and each function substituted into it.
pub(crate) struct Frame<'a> {
    pub(crate) args: Rc<[Type]>,
    pub(crate) vars: HashMap<VarId, Binding<'a>>,
    pub(crate) nested: HashMap<FnIdx, Nested>,
    pub(crate) ret: Return,
    pub(crate) loops: Vec<LoopScope>,
    /// Values of `_` and of implicit receivers, innermost last.
    pub(crate) placeholders: Vec<Expr>,
    pub(crate) receivers: Vec<Expr>,
}

/// What a variable stands for.
#[derive(Clone)]
pub(crate) enum Binding<'a> {
    /// A local.
    Local(LocalId),
    /// The receiver of a function that updates it.
    Place(Place),
    /// A function given to a substituted function: an expression of another frame that is substituted where it is called.
    Callable { expr: &'a ast::Expr, frame: usize },
    /// A value that costs nothing.
    Value(Expr),
}

/// A function inside a function.
#[derive(Clone)]
pub(crate) struct Nested {
    pub(crate) local: LocalId,
    /// While its body is made: whether it has called itself.
    pub(crate) recursive: bool,
}

/// What `return` does.
#[derive(Clone)]
pub(crate) enum Return {
    /// Leaves the function or closure with a value of this type.
    Function(Type),
    /// Leaves a labelled block.
    Label(LabelId, Type),
}

impl Return {
    /// The type of the value.
    pub(crate) fn ty(&self) -> &Type {
        match self {
            Self::Function(ty) | Self::Label(_, ty) => ty,
        }
    }
}

/// A loop around the code being lowered.
#[derive(Clone)]
pub(crate) struct LoopScope {
    pub(crate) name: Option<EcoString>,
    /// What `break` leaves.
    pub(crate) outer: LabelId,
    /// What `continue` continues.
    pub(crate) inner: LabelId,
}

impl<'a> Frame<'a> {
    /// A frame without variables.
    pub(crate) fn new(args: Rc<[Type]>, ret: Return) -> Self {
        Self {
            args,
            vars: HashMap::new(),
            nested: HashMap::new(),
            ret,
            loops: Vec::new(),
            placeholders: Vec::new(),
            receivers: Vec::new(),
        }
    }
}

impl<'l, 'a> Body<'l, 'a> {
    /// An empty body of a function with this result.
    pub(crate) fn new(lower: &'l mut Lower<'a>, home: Home, ret: Type) -> Self {
        let frame = Frame::new(Rc::new([]), Return::Function(ret));
        Self {
            lower,
            home,
            locals: Vec::new(),
            frames: vec![frame],
            frame: 0,
            labels: 0,
            left: HashSet::new(),
            next: None,
            children: None,
            scope: None,
        }
    }

    /// The frame of the code being lowered.
    pub(crate) fn frame(&self) -> &Frame<'a> {
        self.frames.get(self.frame).expect("the current frame exists")
    }

    /// The frame of the code being lowered.
    pub(crate) fn frame_mut(&mut self) -> &mut Frame<'a> {
        self.frames.get_mut(self.frame).expect("the current frame exists")
    }

    /// Runs `work` in a new frame on top of all others.
    pub(crate) fn in_new_frame<R>(&mut self, frame: Frame<'a>, work: impl FnOnce(&mut Self) -> R) -> R {
        let (before, height) = (self.frame, self.frames.len());
        self.frames.push(frame);
        self.frame = height;
        let result = work(self);
        self.frames.truncate(height);
        self.frame = before;
        result
    }

    /// Runs `work` in another frame, with its own way to return.
    pub(crate) fn in_frame<R>(&mut self, frame: usize, ret: Return, work: impl FnOnce(&mut Self) -> R) -> R {
        let before = std::mem::replace(&mut self.frame, frame);
        let old_ret = std::mem::replace(&mut self.frame_mut().ret, ret);
        let old_loops = std::mem::take(&mut self.frame_mut().loops);
        let result = work(self);
        self.frame_mut().ret = old_ret;
        self.frame_mut().loops = old_loops;
        self.frame = before;
        result
    }

    /// A type of the checker in the current frame.
    pub(crate) fn ty(&mut self, ty: Ty) -> Type {
        let args = Rc::clone(&self.frame().args);
        self.lower.concrete(ty, &args)
    }

    /// The type of a node in the current frame.
    pub(crate) fn node_ty(&mut self, id: NodeId) -> Type {
        let ty = self.lower.checked.node_ty(id);
        self.ty(ty)
    }

    /// What the name at this node means.
    pub(crate) fn res(&self, id: NodeId) -> Option<&'a Res> {
        self.lower.checked.names.get(&id)
    }

    /// The type arguments at this node.
    pub(crate) fn type_args(&mut self, id: NodeId) -> Vec<Type> {
        let types = self.lower.checked.instances.get(&id).cloned().unwrap_or_default();
        types.into_iter().map(|ty| self.ty(ty)).collect()
    }

    /// A new label.
    pub(crate) fn label(&mut self) -> LabelId {
        self.labels += 1;
        LabelId(self.labels - 1)
    }

    /// A new local.
    pub(crate) fn local(&mut self, name: &str, ty: Type, kind: LocalKind, span: Span) -> LocalId {
        let id = LocalId(self.locals.len() as u32);
        self.locals.push(Local { name: name.into(), ty, kind, span });
        id
    }

    /// The value of a local.
    pub(crate) fn read(&self, local: LocalId, span: Span) -> Expr {
        let ty = self.locals.get(local.0 as usize).map_or(Type::Unit, |local| local.ty.clone());
        build::expr(ExprKind::Local(local), ty, span)
    }

    /// Whether an expression may be repeated or moved freely.
    pub(crate) fn is_simple(&self, e: &Expr) -> bool {
        match e.kind {
            ExprKind::Local(id) => self.locals.get(id.0 as usize).is_some_and(|local| local.kind == LocalKind::Let),
            _ => build::is_literal(e),
        }
    }

    /// Keeps a value for several uses: the declaration, if one is needed, goes to `before`; the result reads it.
    pub(crate) fn keep(&mut self, name: &str, value: Expr, before: &mut Vec<Expr>) -> Expr {
        if self.is_simple(&value) {
            return value;
        }
        let span = value.span;
        let local = self.local(name, value.ty.clone(), LocalKind::Let, span);
        before.push(build::let_(local, value));
        self.read(local, span)
    }

    /// Leaves a labelled block.
    pub(crate) fn leave(&mut self, label: LabelId, value: Option<Expr>, span: Span) -> Expr {
        self.left.insert(label);
        build::expr(ExprKind::Break { label, value: value.map(Box::new) }, Type::Never, span)
    }

    /// A labelled block, or only its body if nothing leaves it.
    pub(crate) fn labelled(&self, label: LabelId, body: Expr, ty: Type) -> Expr {
        if !self.left.contains(&label) {
            return body;
        }
        let span = body.span;
        build::expr(ExprKind::Labelled { label, body: Box::new(body) }, ty, span)
    }

    /// Declares the variable of a node: a name pattern, or a name before its first `=`.
    pub(crate) fn declare(&mut self, var: VarId, ty: Type) -> LocalId {
        let (name, span, mutable) = self
            .lower
            .checked
            .locals
            .get(var.0 as usize)
            .map_or_else(Default::default, |info| (info.name.clone(), info.span, info.mutable));
        let kind = if mutable { LocalKind::Mut } else { LocalKind::Let };
        let local = self.local(&name, ty, kind, span);
        self.bind(var, Binding::Local(local));
        local
    }

    /// Gives a variable its meaning in the current frame.
    pub(crate) fn bind(&mut self, var: VarId, binding: Binding<'a>) {
        self.frame_mut().vars.insert(var, binding);
    }

    /// The variable's type in the current frame.
    pub(crate) fn var_ty(&mut self, var: VarId) -> Type {
        let ty = self.lower.checked.locals.get(var.0 as usize).map_or(Ty(0), |info| info.ty);
        self.ty(ty)
    }
}
