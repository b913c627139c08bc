//! Makes variables of a script's function of those globals that nothing else uses: backends keep a variable in a register.

use std::collections::{HashMap, HashSet};

use crate::walk::{each_expr, each_expr_mut};
use crate::{Expr, ExprKind, FnId, Global, GlobalId, GlobalKind, Local, LocalId, LocalKind, PlaceRoot, Program};

/// Moves the globals of the script that only its own statements use into its function.
pub(crate) fn resolve(program: &mut Program) {
    let Some(script) = program.script else { return };
    let mut moved = HashMap::new();
    for id in movable(program, script) {
        let Some(global) = program.globals.get(id.0 as usize) else { continue };
        let kind = if global.kind == GlobalKind::Const { LocalKind::Let } else { LocalKind::Mut };
        let local = Local { name: global.name.clone(), ty: global.ty.clone(), kind, span: global.span };
        let Some(value) = first_value(program, id).cloned() else { continue };
        let Some(function) = program.functions.get_mut(script.0 as usize) else { return };
        moved.insert(id, (LocalId(function.locals.len() as u32), value));
        function.locals.push(local);
    }
    if let Some(function) = program.functions.get_mut(script.0 as usize) {
        each_expr_mut(&mut function.body, &mut |expr| replace(expr, &moved));
    }
}

/// The globals that can be moved together: what computes one that stays must not use one that goes.
fn movable(program: &Program, script: FnId) -> Vec<GlobalId> {
    let mut found = declared(program, script);
    loop {
        let moving: HashSet<FnId> = found.iter().filter_map(|id| Some(global(program, *id)?.init)).collect();
        let used = used_elsewhere(program, script, &moving);
        let before = found.len();
        found.retain(|id| !used.contains(id));
        if found.len() == before {
            return found;
        }
    }
}

fn global(program: &Program, id: GlobalId) -> Option<&Global> {
    program.globals.get(id.0 as usize)
}

/// What a variable starts with, if that is an expression that can stand anywhere.
fn first_value(program: &Program, id: GlobalId) -> Option<&Expr> {
    let global = global(program, id).filter(|global| matches!(global.kind, GlobalKind::Const | GlobalKind::Mut))?;
    program.functions.get(global.init.0 as usize).filter(|init| is_plain(init)).map(|init| &init.body)
}

/// The globals that the script's own statements declare, unless a statement before the declaration names them.
fn declared(program: &Program, script: FnId) -> Vec<GlobalId> {
    let Some(function) = program.functions.get(script.0 as usize) else { return Vec::new() };
    let ExprKind::Block(statements) = &function.body.kind else { return Vec::new() };
    let (mut found, mut named) = (Vec::new(), HashSet::new());
    for statement in statements {
        match statement.kind {
            ExprKind::Init(id) => {
                if let Some(value) = first_value(program, id) {
                    add_uses(value, &mut named);
                    found.extend(Some(id).filter(|id| !named.contains(id)));
                }
            }
            _ => add_uses(statement, &mut named),
        }
    }
    found
}

/// The globals that another function or a closure of the script uses; the functions in `but` do not count.
fn used_elsewhere(program: &Program, script: FnId, but: &HashSet<FnId>) -> HashSet<GlobalId> {
    let mut used = HashSet::new();
    for (index, function) in program.functions.iter().enumerate() {
        if index != script.0 as usize {
            if !but.contains(&FnId(index as u32)) {
                add_uses(&function.body, &mut used);
            }
            continue;
        }
        each_expr(&function.body, &mut |expr| {
            if let ExprKind::Closure(closure) | ExprKind::Effect(closure) = &expr.kind {
                add_uses(&closure.body, &mut used);
            }
        });
    }
    used
}

fn add_uses(expr: &Expr, into: &mut HashSet<GlobalId>) {
    each_expr(expr, &mut |expr| match &expr.kind {
        ExprKind::Global(id) | ExprKind::Init(id) => {
            into.insert(*id);
        }
        ExprKind::Assign { place, .. } | ExprKind::Update { place, .. } => {
            if let PlaceRoot::Global(id) = place.root {
                into.insert(id);
            }
        }
        _ => {}
    });
}

/// Whether a function is its value alone, with nothing that belongs to the function.
fn is_plain(init: &crate::Function) -> bool {
    let mut plain = init.locals.is_empty();
    each_expr(&init.body, &mut |expr| {
        plain &= !matches!(
            expr.kind,
            ExprKind::Return(_)
                | ExprKind::Labelled { .. }
                | ExprKind::Loop { .. }
                | ExprKind::While { .. }
                | ExprKind::For { .. }
        );
    });
    plain
}

fn replace(expr: &mut Expr, moved: &HashMap<GlobalId, (LocalId, Expr)>) {
    match &mut expr.kind {
        ExprKind::Init(id) => {
            if let Some((local, value)) = moved.get(id) {
                let mut value = value.clone();
                each_expr_mut(&mut value, &mut |expr| replace(expr, moved));
                expr.kind = ExprKind::Let { local: *local, value: Box::new(value) };
            }
        }
        ExprKind::Global(id) => {
            if let Some((local, _)) = moved.get(id) {
                expr.kind = ExprKind::Local(*local);
            }
        }
        ExprKind::Assign { place, .. } | ExprKind::Update { place, .. } => {
            if let PlaceRoot::Global(id) = place.root
                && let Some((local, _)) = moved.get(&id)
            {
                place.root = PlaceRoot::Local(*local);
            }
        }
        _ => {}
    }
}
