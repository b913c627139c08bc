//! What is known about the locals of a function before it is emitted: which are used and updated, which reads are the last ones
//! and may move, and which decisions may look at their subject by reference.

use std::collections::{HashMap, HashSet};

use tova_ir::{
    Closure, Expr, ExprKind, ForIter, Function, LabelId, LocalId, LocalKind, Place, PlaceRoot, PlaceStep, Type, walk,
};

/// The facts of one function. Expressions are known by their address: the program does not move while it is emitted.
#[derive(Debug, Default)]
pub(crate) struct Facts {
    /// How often a local is read or updated.
    uses: HashMap<LocalId, u32>,
    /// Locals that are updated after their declaration.
    assigned: HashSet<LocalId>,
    /// Reads after which the local is dead.
    last_reads: HashSet<*const Expr>,
    /// Subjects and lists whose root lives on: looked at by reference.
    by_reference: HashSet<*const Expr>,
    /// Captures after which the local is dead: they move into the closure.
    moved_captures: HashSet<(*const Closure, LocalId)>,
}

impl Facts {
    /// The facts of a function.
    pub(crate) fn of(function: &Function) -> Self {
        let mut facts = Self::default();
        facts.count(&function.body);
        let mut flow = Flow {
            function,
            facts,
            live: HashSet::new(),
            pinned: Vec::new(),
            frame: 0,
            frames: HashMap::new(),
            exits: HashMap::new(),
        };
        for param in &function.params {
            flow.frames.insert(*param, 0);
        }
        flow.place_locals(&function.body, 0);
        flow.expr(&function.body, Mode::Owned);
        flow.facts
    }

    /// Whether something reads or updates the local.
    pub(crate) fn is_used(&self, local: LocalId) -> bool {
        self.uses.contains_key(&local)
    }

    /// Whether the local is updated after its declaration.
    pub(crate) fn is_assigned(&self, local: LocalId) -> bool {
        self.assigned.contains(&local)
    }

    /// Whether the local that is read here is dead afterwards.
    pub(crate) fn is_last(&self, read: &Expr) -> bool {
        self.last_reads.contains(&std::ptr::from_ref(read))
    }

    /// Whether the subject or list is to be looked at by reference.
    pub(crate) fn is_by_reference(&self, subject: &Expr) -> bool {
        self.by_reference.contains(&std::ptr::from_ref(subject))
    }

    /// Whether the closure may take the local, rather than a copy.
    pub(crate) fn moves_into(&self, closure: &Closure, local: LocalId) -> bool {
        self.moved_captures.contains(&(std::ptr::from_ref(closure), local))
    }

    fn count(&mut self, body: &Expr) {
        walk::each_expr(body, &mut |expr| match &expr.kind {
            ExprKind::Local(local) => *self.uses.entry(*local).or_default() += 1,
            ExprKind::Assign { place, .. } | ExprKind::Update { place, .. } => {
                if let PlaceRoot::Local(local) = place.root {
                    self.assigned.insert(local);
                    *self.uses.entry(local).or_default() += 1;
                }
            }
            _ => {}
        });
    }
}

/// How an operand is taken.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Mode {
    /// By value.
    Owned,
    /// By reference, until the operation is done.
    Borrowed,
}

/// Walks a function against the order of evaluation.
struct Flow<'a> {
    function: &'a Function,
    facts: Facts,
    /// Locals that are read later.
    live: HashSet<LocalId>,
    /// Locals that are borrowed here.
    pinned: Vec<LocalId>,
    /// How many closures and `try` bodies are around.
    frame: u32,
    /// The frame in which each local is declared.
    frames: HashMap<LocalId, u32>,
    /// What is live where a jump to a label goes: after it, or at the start of the next turn.
    exits: HashMap<LabelId, HashSet<LocalId>>,
}

/// The local that a chain of fields starts from.
pub(crate) fn root_of(expr: &Expr) -> Option<LocalId> {
    match &expr.kind {
        ExprKind::Local(local) => Some(*local),
        ExprKind::Field { object, .. } | ExprKind::TupleField { object, .. } => root_of(object),
        _ => None,
    }
}

impl Flow<'_> {
    /// Notes for every local the frame that declares it.
    fn place_locals(&mut self, expr: &Expr, frame: u32) {
        let inner = match &expr.kind {
            ExprKind::Closure(closure) | ExprKind::Effect(closure) => {
                for param in &closure.params {
                    self.frames.insert(*param, frame + 1);
                }
                frame + 1
            }
            ExprKind::Try { .. } => frame + 1,
            _ => frame,
        };
        for local in declared_by(expr) {
            self.frames.insert(local, frame);
        }
        walk::each_child(expr, &mut |child| self.place_locals(child, inner));
    }

    fn kind(&self, local: LocalId) -> LocalKind {
        self.function.locals.get(local.0 as usize).map_or(LocalKind::Let, |local| local.kind)
    }

    /// Whether Rust sees a plain variable that never changes.
    fn is_plain(&self, local: LocalId) -> bool {
        self.kind(local) != LocalKind::Shared && !self.facts.is_assigned(local)
    }

    fn read(&mut self, expr: &Expr, local: LocalId) {
        if !self.is_outer(local)
            && !self.pinned.contains(&local)
            && !self.live.contains(&local)
            && self.kind(local) != LocalKind::Shared
        {
            self.facts.last_reads.insert(std::ptr::from_ref(expr));
        }
        self.live.insert(local);
    }

    /// Operands of one operation, in order. What is borrowed stays until the operation is done.
    fn operands(&mut self, operands: &[(&Expr, Mode)]) {
        let held: Vec<_> =
            operands.iter().filter(|(_, mode)| *mode == Mode::Borrowed).filter_map(|(expr, _)| root_of(expr)).collect();
        let fresh: Vec<_> = held.into_iter().filter(|local| !self.live.contains(local)).collect();
        self.live.extend(fresh);
        for (expr, mode) in operands.iter().rev() {
            self.expr(expr, *mode);
        }
    }

    fn expr(&mut self, expr: &Expr, mode: Mode) {
        match &expr.kind {
            ExprKind::Local(local) => {
                if mode == Mode::Owned {
                    self.read(expr, *local);
                } else {
                    self.live.insert(*local);
                }
            }
            ExprKind::Field { object, .. } | ExprKind::TupleField { object, .. } => self.expr(object, mode),
            ExprKind::Let { value, local } => {
                self.live.remove(local);
                self.expr(value, Mode::Owned);
            }
            ExprKind::Assign { place, value } => self.assign(place, value),
            ExprKind::Update { place, args, .. } => {
                self.place(place);
                let steps = steps_of(place);
                let all: Vec<_> = steps.into_iter().chain(args).map(|arg| (arg, Mode::Owned)).collect();
                self.operands(&all);
            }
            ExprKind::If { cond, then, else_ } => {
                let branches: Vec<&Expr> = std::iter::once(&**then).chain(else_.as_deref()).collect();
                self.branches(&branches);
                self.expr(cond, Mode::Owned);
            }
            ExprKind::SwitchEnum { subject, cases, default, .. } => {
                let branches: Vec<&Expr> = cases.iter().map(|case| &case.body).chain(default.as_deref()).collect();
                self.switch(subject, &branches);
            }
            ExprKind::SwitchOption { subject, some, none, .. } => self.switch(subject, &[some, none]),
            ExprKind::SwitchLiteral { subject, cases, default } => {
                let branches: Vec<&Expr> =
                    cases.iter().map(|(_, body)| body).chain(std::iter::once(&**default)).collect();
                self.branches(&branches);
                self.expr(subject, Mode::Borrowed);
            }
            ExprKind::Labelled { label, body } => {
                self.exits.insert(*label, self.live.clone());
                self.expr(body, Mode::Owned);
            }
            ExprKind::Loop { label, body } => self.repeat(*label, &[body], &[]),
            ExprKind::While { label, cond, body } => self.repeat(*label, &[cond, body], &[]),
            ExprKind::For { label, iter, body } => self.walk_list(*label, iter, body),
            ExprKind::Break { label, value } => {
                self.live.extend(self.exits.get(label).into_iter().flatten());
                if let Some(value) = value {
                    self.expr(value, Mode::Owned);
                }
            }
            ExprKind::Continue(label) => self.live.extend(self.exits.get(label).into_iter().flatten()),
            ExprKind::Closure(closure) | ExprKind::Effect(closure) => self.closure(closure),
            ExprKind::Try { body, handler, finally, .. } => {
                self.attempt(&[Some(&**body), handler.as_deref(), finally.as_deref()])
            }
            _ => {
                let modes = crate::operands::of(expr);
                self.operands(&modes);
            }
        }
    }

    fn assign(&mut self, place: &Place, value: &Expr) {
        if let (PlaceRoot::Local(local), [], true) = (&place.root, place.path.as_slice(), is_straight(value)) {
            let local = *local;
            // The old value is gone once the new one is there, so that `xs = xs ++ [x]` may update in place.
            if !self.is_outer(local) && self.kind(local) != LocalKind::Shared {
                self.live.remove(&local);
            }
            self.expr(value, Mode::Owned);
            return;
        }
        self.place(place);
        let steps = steps_of(place);
        let all: Vec<_> = steps.into_iter().chain(std::iter::once(value)).map(|arg| (arg, Mode::Owned)).collect();
        self.operands(&all);
    }

    /// A place that is updated in part has to have a value.
    fn place(&mut self, place: &Place) {
        if let PlaceRoot::Local(local) = place.root {
            self.live.insert(local);
        }
    }

    /// Branches of which one runs.
    fn branches(&mut self, branches: &[&Expr]) {
        let after = self.live.clone();
        let mut before = HashSet::new();
        for branch in branches {
            self.live.clone_from(&after);
            self.expr(branch, Mode::Owned);
            before.extend(self.live.drain());
        }
        before.extend(after);
        self.live = before;
    }

    fn switch(&mut self, subject: &Expr, branches: &[&Expr]) {
        let after = self.live.clone();
        self.branches(branches);
        match root_of(subject) {
            Some(root)
                if self.is_plain(root)
                    && (self.live.contains(&root) || self.is_outer(root) || self.pinned.contains(&root)) =>
            {
                self.facts.by_reference.insert(std::ptr::from_ref(subject));
                // Bindings borrow from the root: nothing in the branches may move it.
                self.forget(branches, root);
                self.live = after;
                self.pinned.push(root);
                self.branches(branches);
                self.pinned.pop();
                self.live.insert(root);
            }
            _ => self.expr(subject, Mode::Owned),
        }
    }

    /// Whether the local belongs to an outer function or `try`, which keeps it.
    fn is_outer(&self, local: LocalId) -> bool {
        self.frames.get(&local).copied().unwrap_or(0) != self.frame
    }

    /// Takes back what was noted about reads of `root`.
    fn forget(&mut self, branches: &[&Expr], root: LocalId) {
        for branch in branches {
            walk::each_expr(branch, &mut |expr| {
                if matches!(expr.kind, ExprKind::Local(local) if local == root) {
                    self.facts.last_reads.remove(&std::ptr::from_ref(expr));
                }
            });
        }
    }

    /// What runs again and again: all that it reads from outside is live throughout.
    fn repeat(&mut self, label: LabelId, parts: &[&Expr], own: &[LocalId]) {
        let keep_all = |this: &mut Self| {
            this.keep_all(parts);
            this.live.retain(|local| !own.contains(local));
        };
        keep_all(self);
        self.exits.insert(label, self.live.clone());
        for part in parts.iter().rev() {
            self.expr(part, Mode::Owned);
        }
        keep_all(self);
    }

    /// Makes all locals live that the parts mention and do not declare.
    fn keep_all(&mut self, parts: &[&Expr]) {
        let mut mentioned = HashSet::new();
        let mut declared = HashSet::new();
        for part in parts {
            walk::each_expr(part, &mut |expr| {
                match &expr.kind {
                    ExprKind::Local(local) => {
                        mentioned.insert(*local);
                    }
                    ExprKind::Assign { place, .. } | ExprKind::Update { place, .. } => {
                        if let PlaceRoot::Local(local) = place.root {
                            mentioned.insert(local);
                        }
                    }
                    ExprKind::Closure(closure) | ExprKind::Effect(closure) => declared.extend(&closure.params),
                    _ => {}
                }
                declared.extend(declared_by(expr));
            });
        }
        self.live.extend(mentioned.difference(&declared));
    }

    fn walk_list(&mut self, label: LabelId, iter: &ForIter, body: &Expr) {
        match iter {
            ForIter::Range { item, start, end, .. } => {
                self.repeat(label, &[body], &[*item]);
                self.operands(&[(start, Mode::Owned), (end, Mode::Owned)]);
            }
            ForIter::Items { list, .. } | ForIter::Entries { map: list, .. } => {
                let root = root_of(list);
                if let Some(root) = root {
                    self.pinned.push(root);
                }
                let own: Vec<LocalId> = match iter {
                    ForIter::Items { item, index, .. } => std::iter::once(*item).chain(*index).collect(),
                    ForIter::Entries { key, value, .. } => vec![*key, *value],
                    ForIter::Range { item, .. } => vec![*item],
                };
                self.repeat(label, &[body], &own);
                if root.is_some() {
                    self.pinned.pop();
                }
                let lives_on = root.is_some_and(|root| {
                    self.live.contains(&root) || self.is_outer(root) || self.pinned.contains(&root)
                });
                let is_list = matches!(list.ty, Type::List(_) | Type::Map(..) | Type::Set(_));
                if is_list && lives_on && root.is_some_and(|root| self.is_plain(root)) {
                    self.facts.by_reference.insert(std::ptr::from_ref(list));
                    self.expr(list, Mode::Borrowed);
                } else {
                    self.expr(list, Mode::Owned);
                }
            }
        }
    }

    fn closure(&mut self, closure: &Closure) {
        for local in &closure.captures {
            if !self.live.contains(local) && !self.pinned.contains(local) && !self.is_outer(*local) {
                self.facts.moved_captures.insert((std::ptr::from_ref(closure), *local));
            }
        }
        let outer = std::mem::take(&mut self.live);
        let pinned = std::mem::take(&mut self.pinned);
        self.frame += 1;
        self.expr(&closure.body, Mode::Owned);
        self.frame -= 1;
        self.pinned = pinned;
        self.live = outer;
        self.live.extend(&closure.captures);
    }

    fn attempt(&mut self, parts: &[Option<&Expr>]) {
        let parts: Vec<&Expr> = parts.iter().copied().flatten().collect();
        self.keep_all(&parts);
        self.frame += 1;
        for part in parts.iter().rev() {
            self.expr(part, Mode::Owned);
        }
        self.frame -= 1;
        self.keep_all(&parts);
    }
}

/// The locals that something in the expression updates.
pub(crate) fn updated_in(expr: &Expr) -> Vec<LocalId> {
    let mut found = Vec::new();
    walk::each_expr(expr, &mut |expr| {
        if let ExprKind::Assign { place, .. } | ExprKind::Update { place, .. } = &expr.kind
            && let PlaceRoot::Local(local) = place.root
        {
            found.push(local);
        }
    });
    found
}

/// The locals that an expression itself declares.
fn declared_by(expr: &Expr) -> Vec<LocalId> {
    match &expr.kind {
        ExprKind::Let { local, .. } => vec![*local],
        ExprKind::SwitchEnum { cases, .. } => {
            cases.iter().flat_map(|case| case.bindings.iter().flatten().copied()).collect()
        }
        ExprKind::SwitchOption { binding, .. } => binding.iter().copied().collect(),
        ExprKind::For { iter, .. } => match &**iter {
            ForIter::Range { item, .. } => vec![*item],
            ForIter::Items { item, index, .. } => std::iter::once(*item).chain(*index).collect(),
            ForIter::Entries { key, value, .. } => vec![*key, *value],
        },
        ExprKind::Try { error, .. } => error.iter().copied().collect(),
        _ => Vec::new(),
    }
}

/// The expressions in the steps of a place.
pub(crate) fn steps_of(place: &Place) -> Vec<&Expr> {
    place.path.iter().filter_map(key_of).collect()
}

fn key_of(step: &PlaceStep) -> Option<&Expr> {
    match step {
        PlaceStep::Index(e) | PlaceStep::Key(e) | PlaceStep::Dynamic(e) => Some(e),
        PlaceStep::Field { .. } | PlaceStep::Tuple(_) | PlaceStep::Some => None,
    }
}

/// Whether nothing in the expression jumps away or runs later.
fn is_straight(expr: &Expr) -> bool {
    let mut straight = true;
    walk::each_expr(expr, &mut |expr| {
        straight &= !matches!(
            expr.kind,
            ExprKind::Break { .. }
                | ExprKind::Continue(_)
                | ExprKind::Return(_)
                | ExprKind::Closure(_)
                | ExprKind::Effect(_)
                | ExprKind::Try { .. }
        );
    });
    straight
}
