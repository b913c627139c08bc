//! Case files of each stage, and the pages of the diagnostics, as one test each.
//!
//! `cargo test -p tova-tests --test stages parse/` runs the cases of one folder; `BLESS=1` accepts what they give.

mod cases;
mod pages;
mod stage;

use std::process::ExitCode;

use libtest_mimic::{Arguments, run};

fn main() -> ExitCode {
    let mut trials = cases::trials();
    trials.extend(pages::trials());
    run(&Arguments::from_args(), trials).exit_code()
}
