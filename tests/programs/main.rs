//! The built `tova` from the outside.

use std::process::ExitCode;

use libtest_mimic::{Arguments, run};

fn main() -> ExitCode {
    run(&Arguments::from_args(), Vec::new()).exit_code()
}
