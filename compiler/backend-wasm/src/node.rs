//! The scripts that start a module under Node.

use ecow::EcoString;

use crate::{Mode, glue};

/// The last lines.
const START: &str = include_str!("../../../runtime/client/node.js");

/// The script for a module that imports these functions.
pub(crate) fn script(imports: &[(EcoString, EcoString)], mode: Mode) -> String {
    format!("{}{START}", glue::body(imports, &["run", "report", "error_message"], mode))
}

/// The last lines of the script of tests.
const TESTS: &str = include_str!("../../../runtime/client/node_tests.js");

/// The script for a module of tests that imports these functions.
pub(crate) fn tests(imports: &[(EcoString, EcoString)], mode: Mode) -> String {
    format!("{}{TESTS}", glue::body(imports, &["run", "report", "error_message", "ended"], mode))
}
