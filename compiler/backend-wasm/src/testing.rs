//! Tests: each is an export of the module, which ends with a call of the glue; and what they use of the page.

use tova_ir::walk::each_child_mut;
use tova_ir::{Effects, Expr, ExprKind, FnId, Function, Home, Program, Type};

use crate::asm::Val;
use crate::emit::Emit;
use crate::lower::Lower;
use crate::{Target, reactive};

/// Intrinsics of `stdlib/test_page.tova`, which are functions of the glue with the same arguments.
pub(crate) const OF_PAGE: [(&str, &str); 15] = [
    (BEGIN, "test_begin"),
    (RENDER, "test_render"),
    ("test.within", "test_within"),
    ("test.whole_page", "test_whole_page"),
    ("test.cleanup", "test_cleanup"),
    ("test.dispose", "test_dispose"),
    ("test.text", "test_text"),
    ("test.debug", "test_debug"),
    ("test.query", "test_query"),
    ("test.count", "test_count"),
    ("test.nth", "test_nth"),
    ("test.by_text", "test_by_text"),
    ("test.by_test_id", "test_by_test_id"),
    ("test.by_role", "test_by_role"),
    ("test.fire", "test_fire"),
];

/// Starts the effects of the blocks, if they have not been started.
const BEGIN: &str = "test.begin";
/// Puts a view on the page.
const RENDER: &str = "test.render";
/// The function of the glue that is told of the end of a test.
const DONE: &str = "dom.test_done";

/// The program with a function for each test of the target that runs the test and then says that it is over; what goes wrong is reported
/// as in any call from outside.
pub(crate) fn prepare(mut program: Program, target: Target) -> (Program, Vec<FnId>) {
    let home = match target {
        Target::Tests => Home::Shared,
        Target::PageTests => Home::Client,
        Target::Page | Target::Script => return (program, Vec::new()),
    };
    let tests: Vec<FnId> = program.tests.iter().filter(|test| test.home == home).map(|test| test.function).collect();
    for function in &mut program.functions {
        begins(&mut function.body);
    }
    let mut runs = Vec::new();
    for test in tests {
        let Some(function) = program.functions.get(test.0 as usize) else { continue };
        let span = function.span;
        let expr = |kind| Expr { kind, ty: Type::Unit, span };
        let mut call = expr(ExprKind::Call { function: test, args: Vec::new() });
        if function.effects.is_async {
            call = expr(ExprKind::Await(Box::new(call)));
        }
        let done = expr(ExprKind::Intrinsic { name: DONE.into(), args: Vec::new() });
        let run = Function {
            name: ecow::eco_format!("run_{}", function.name),
            docs: None,
            span,
            home,
            params: Vec::new(),
            ret: Type::Unit,
            locals: Vec::new(),
            body: expr(ExprKind::Block(vec![call, done])),
            effects: Effects { touches_state: false, ..function.effects },
        };
        runs.push(FnId(u32::try_from(program.functions.len()).unwrap_or(u32::MAX)));
        program.functions.push(run);
    }
    (program, runs)
}

/// The effects of the blocks start before the first view is built, as in a page that nobody tests: what a test does before that, they see.
fn begins(expr: &mut Expr) {
    each_child_mut(expr, &mut begins);
    let ExprKind::Intrinsic { name, .. } = &expr.kind else { return };
    if name != RENDER {
        return;
    }
    let begin =
        Expr { kind: ExprKind::Intrinsic { name: BEGIN.into(), args: Vec::new() }, ty: Type::Unit, span: expr.span };
    let render = Expr { kind: std::mem::replace(&mut expr.kind, ExprKind::Unit), ty: expr.ty.clone(), span: expr.span };
    expr.kind = ExprKind::Block(vec![begin, render]);
}

/// Looking at the page and acting on it: what was written before shows, and what an event leads to shows when it is over, also in the middle of a
/// call from outside, whose writes take effect when it ends otherwise.
pub(crate) fn settled(lower: &mut Lower<'_, '_>, act: impl FnOnce(&mut Lower<'_, '_>)) {
    let depth = reactive::global(lower.cx, "depth");
    let flush = reactive::func(lower.cx, "flush");
    let before = lower.code.local(Val::I32);
    let show = |lower: &mut Lower<'_, '_>, then: i32| {
        lower.code.i32(1);
        lower.code.global_set(depth);
        lower.code.call(flush);
        lower.code.i32(then);
        lower.code.global_set(depth);
    };
    lower.code.global_get(depth);
    lower.code.set(before);
    show(lower, 0);
    act(lower);
    show(lower, 0);
    lower.code.get(before);
    lower.code.global_set(depth);
}

/// Exports the tests as `test_0`, `test_1`, …
pub(crate) fn exports(cx: &mut Emit<'_>, tests: &[FnId]) {
    for (number, &test) in tests.iter().enumerate() {
        let is_async = cx.program_function(test).effects.is_async;
        let main = crate::global::main(cx, &[], |lower| {
            let func = lower.cx.function(test);
            lower.code.call(func);
            if is_async {
                let start = crate::task::start(lower.cx);
                lower.code.call(start);
            }
        });
        cx.module.export(&format!("test_{number}"), main);
    }
}
