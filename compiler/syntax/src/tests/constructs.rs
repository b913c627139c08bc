//! What each construct is parsed to.

mod client;
mod expr;
mod item;
mod server;
mod stmt;
mod view;

use tova_source::FileId;

use crate::ast::NodeId;

/// Checks that the text has no problems and gives this tree. Both may be indented as the test is.
#[track_caller]
fn check(text: &str, tree: &str) {
    let parsed = crate::parse(FileId(0), text, NodeId(0));
    let problems: Vec<String> =
        parsed.diagnostics.iter().map(|problem| format!("{} {}", problem.code, problem.message)).collect();
    assert!(problems.is_empty(), "{text}\n{problems:#?}");
    assert_eq!(crate::dump(&parsed.module).trim_end(), tree.trim(), "{text}");
}

/// Checks that the text has this one problem.
#[track_caller]
fn fails(text: &str, code: &str, message: &str) {
    let parsed = crate::parse(FileId(0), text, NodeId(0));
    let problems: Vec<(&str, &str)> =
        parsed.diagnostics.iter().map(|problem| (problem.code.as_str(), problem.message.as_str())).collect();
    assert_eq!(problems, [(code, message)], "{text}");
}
