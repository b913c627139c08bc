//! What can be started from the text: tests, benchmarks, routes.

use gen_lsp_types as lsp;
use serde_json::{Value, json};
use tova_source::Span;
use tova_syntax::ast::{ItemKind, ServerDecl};

use crate::snapshot::Snapshot;
use crate::tree::{self, Node};

/// A line above each test, benchmark and `GET` route. The editor's extension carries the commands out.
pub(crate) fn lenses(snapshot: &Snapshot<'_>, params: lsp::CodeLensParams) -> Option<Vec<lsp::CodeLens>> {
    let (file, module) = snapshot.file(&params.text_document.uri)?;
    let path = file.path.to_string_lossy().into_owned();
    let mut found = Vec::new();
    tree::all(module, &mut |node| {
        let Node::Item(item) = node else { return };
        let name = |name: &Option<tova_syntax::ast::Ident>| name.as_ref().map(|name| name.name.to_string());
        match &item.kind {
            ItemKind::Test(decl) => {
                let arguments = vec![json!(path), json!(name(&decl.name))];
                found.push((decl.keyword, "▶ run test", "tova.runTest", arguments));
            }
            ItemKind::Bench(decl) => {
                let arguments = vec![json!(path), json!(name(&decl.name))];
                found.push((decl.keyword, "▶ run benchmark", "tova.runBench", arguments));
            }
            ItemKind::Server(ServerDecl::Route(route)) if route.method.name == "GET" => {
                let server = server_around(snapshot, item.span);
                let arguments: Vec<Value> = vec![json!(path), json!(server), json!(route.path.as_str())];
                found.push((item.span, "open route", "tova.openRoute", arguments));
            }
            _ => {}
        }
    });
    let lens = |(span, title, command, arguments): (Span, &str, &str, Vec<Value>)| lsp::CodeLens {
        range: snapshot.range(span.at_start()),
        command: Some(lsp::Command {
            title: title.to_owned(),
            tooltip: None,
            command: command.to_owned(),
            arguments: Some(arguments),
        }),
        data: None,
    };
    Some(found.into_iter().map(lens).collect())
}

fn server_around(snapshot: &Snapshot<'_>, span: Span) -> Option<String> {
    let tova_check::tables::Place::Server(number) = snapshot.index().place_at(span.file, span.start + 1) else {
        return None;
    };
    snapshot.checked.servers.get(number as usize)?.name.as_ref().map(ToString::to_string)
}
