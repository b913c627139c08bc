//! Tests and benchmarks.

use tova_check::tables::{BenchInfo, FnIdx, Place, Res, TestInfo};
use tova_source::Span;
use tova_syntax::ast::{self, Arg, Block, HookTime, Item, ItemKind, RecordEntry, Stmt, StmtKind, TestHook};

use super::jobs::Head;
use super::{Body, Lower, build, fns};
use crate::{Bench, Expr, ExprKind, FnId, Test, Type, View};

impl<'a> Lower<'a> {
    /// All tests and benchmarks of the program.
    pub(crate) fn tests(&mut self) {
        let checked = self.checked;
        self.reached_by_tests();
        let hooks: Vec<(&'a TestHook, Place, FnId)> = checked
            .test_hooks
            .iter()
            .map(|hook| (hook.decl, hook.place, self.file_hook(hook.decl, hook.place)))
            .collect();
        for info in &checked.tests {
            let test = self.test(info, &hooks);
            self.program.tests.push(test);
        }
        for info in &checked.benches {
            let bench = self.bench(info);
            self.program.benches.push(bench);
        }
    }

    /// What tests of the page call over the wire must be there for them.
    fn reached_by_tests(&mut self) {
        let checked = self.checked;
        for (index, info) in checked.servers.iter().enumerate() {
            let rpcs: Vec<_> = info.test_rpcs.iter().map(|function| self.rpc(*function)).collect();
            if let Some(server) = self.program.servers.get_mut(index) {
                server.rpcs.extend(rpcs);
                let server = server.clone();
                self.guard_rpcs(&server);
            }
        }
    }

    fn file_hook(&mut self, hook: &'a TestHook, place: Place) -> FnId {
        let name = match hook.time {
            HookTime::Before => "before_each",
            HookTime::After => "after_each",
        };
        self.block_function(name, &hook.body, hook.keyword, place)
    }

    /// A function without parameters and result.
    fn block_function(&mut self, name: &str, block: &'a Block, span: Span, place: Place) -> FnId {
        let head = Head::made(name, span, fns::home(place), Type::Unit);
        self.request(head, Box::new(move |body| (Vec::new(), body.block_to(block, &Type::Unit))))
    }

    fn test(&mut self, info: &'a TestInfo<'a>, hooks: &[(&'a TestHook, Place, FnId)]) -> Test {
        let decl = info.decl;
        let name = decl.name.as_ref().map(|name| name.name.clone()).unwrap_or_default();
        let around = |time: HookTime| -> Vec<FnId> {
            let own_file = |hook: &TestHook| hook.keyword.file == decl.keyword.file && hook.time == time;
            let fits = |place: Place| place == Place::Shared || place == info.place;
            hooks.iter().filter(|(hook, place, _)| own_file(hook) && fits(*place)).map(|(.., id)| *id).collect()
        };
        let before = around(HookTime::Before);
        let after = around(HookTime::After);
        let span = decl.keyword;
        let function = if before.is_empty() && after.is_empty() {
            self.block_function(&format!("test {name}"), &decl.body, span, info.place)
        } else {
            let inner = self.block_function(&format!("test {name} alone"), &decl.body, span, info.place);
            let head = Head::made(format!("test {name}"), span, fns::home(info.place), Type::Unit);
            self.request(head, Box::new(move |_| (Vec::new(), surrounded(&before, inner, &after, span))))
        };
        Test { name, span: info.span, home: fns::home(info.place), function, timeout: info.timeout }
    }

    fn bench(&mut self, info: &'a BenchInfo<'a>) -> Bench {
        let block = &info.decl.body;
        let name = info.decl.name.as_ref().map(|name| name.name.clone()).unwrap_or_default();
        let ret = match self.concrete(self.checked.node_ty(block.id), &[]) {
            Type::Never => Type::Unit,
            ret => ret,
        };
        let head = Head::made(format!("bench {name}"), info.decl.keyword, fns::home(info.place), ret.clone());
        let function = self.request(head, Box::new(move |body| (Vec::new(), body.block_to(block, &ret))));
        Bench { name, span: info.span, home: fns::home(info.place), function }
    }
}

/// A test between the hooks of its file; what comes after runs whether it passed or not.
fn surrounded(before: &[FnId], test: FnId, after: &[FnId], span: Span) -> Expr {
    let call = |function: FnId| build::expr(ExprKind::Call { function, args: Vec::new() }, Type::Unit, span);
    let mut exprs: Vec<Expr> = before.iter().copied().map(call).collect();
    let body = Box::new(call(test));
    exprs.push(if after.is_empty() {
        *body
    } else {
        let finally = Some(Box::new(build::block(after.iter().copied().map(call).collect(), span)));
        build::expr(ExprKind::Try { body, error: None, handler: None, finally }, Type::Unit, span)
    });
    build::block(exprs, span)
}

/// The hook among the statements of a test.
pub(crate) fn hook_of(stmt: &Stmt) -> Option<&TestHook> {
    match &stmt.kind {
        StmtKind::Item(item) => match &**item {
            Item { kind: ItemKind::TestHook(hook), .. } => Some(hook),
            _ => None,
        },
        _ => None,
    }
}

impl<'a> Body<'_, 'a> {
    /// What a test does before its own statements, in the same scope.
    pub(crate) fn before_hook(&mut self, hook: &'a TestHook) -> Vec<Expr> {
        let stmts = hook.body.stmts.iter();
        stmts.flat_map(|stmt| self.stmt(stmt)).collect()
    }

    /// `render(Counter, {start: 1})`
    pub(crate) fn render_component(&mut self, function: FnIdx, args: &'a [Arg], span: Span) -> Option<Expr> {
        let checked = self.lower.checked;
        let name = checked.fns.get(function.0 as usize)?.intrinsic.as_ref().filter(|name| *name == "test.render")?;
        let (first, rest) = args.split_first()?;
        let Some(Res::Component(component)) = self.res(first.value.id) else { return None };
        let entries = match rest.first().map(|props| &props.value.kind) {
            Some(ast::ExprKind::Record(entries)) => entries.as_slice(),
            _ => &[],
        };
        let mut props = Vec::new();
        for prop in &checked.components.get(component.0 as usize)?.props {
            let ty = self.ty(prop.ty);
            let given = entries.iter().find_map(|entry| match entry {
                RecordEntry::Field { name, value } | RecordEntry::Short { name, value } if name.name == prop.name => {
                    Some(value)
                }
                _ => None,
            });
            props.push(given.map(|value| self.expr_to(value, &ty)));
        }
        let component = self.lower.component(*component);
        let view = build::expr(ExprKind::View(Box::new(View::Component { component, props })), Type::View, span);
        Some(build::intrinsic(name.clone(), vec![view], Type::Handle("Screen".into()), span))
    }
}

#[cfg(test)]
mod tests {
    use tova_check::Library;
    use tova_source::SourceMap;

    use crate::Program;

    fn lowered(text: &str) -> (Program, Program) {
        let mut sources = SourceMap::default();
        let library = Library::load(&mut sources);
        let file = sources.add("app.tova", text);
        let parsed = tova_syntax::parse(file, text, library.end());
        let modules = [parsed.module];
        let checked = tova_check::check(&library, &modules, parsed.next);
        assert!(checked.diagnostics.is_empty(), "{:?}", checked.diagnostics);
        (crate::lower(&checked).program, crate::lower_tests(&checked).program)
    }

    #[test]
    fn what_only_tests_call_is_public_to_tests_alone() {
        let (program, with_tests) = lowered(
            "server { fn list() { [1] }\n fn seed() { 2 } }\n\
             client { component App { state n = 0\n effect { n = server.list().len() }\n <p>{n}</p> } }\n\
             test \"a\" { server.seed()\n render(App) }\n",
        );
        let names = |program: &Program| -> Vec<String> {
            let rpcs = program.servers.iter().flat_map(|server| &server.rpcs);
            rpcs.filter_map(|id| Some(program.rpcs.get(id.0 as usize)?.name.to_string())).collect()
        };
        assert_eq!((names(&program), names(&with_tests)), (vec!["list".into()], vec!["list".into(), "seed".into()]));
        assert!(program.tests.is_empty() && program.functions.iter().all(|function| !function.name.contains("test")));
    }
}
