//! The order of the stages, and everything that touches files, processes and the clock.
//!
//! In: what the command line asks for. Out: reports for the user, files, running servers. What a stage does is the business of its
//! crate; this one reads sources, hands them from stage to stage and looks after what comes out.

mod artifacts;
mod build;
mod cache;
mod check;
pub mod config;
mod dev;
mod doc;
pub mod doctor;
mod files;
mod format;
mod frontend;
pub mod json;
mod new;
mod owner;
mod page;
mod ports;
mod problem;
mod process;
mod project;
pub mod repl;
mod report;
mod run;
mod runtime;
mod rustc;
mod source_map;
mod test;
pub mod token;
mod toolchain;

pub use build::{BuildOptions, build};
pub use check::{Check, check};
pub use config::Config;
pub use dev::{DevOptions, dev};
pub use doc::{DocFormat, Documented, doc, doc_std};
pub use format::{FormattedFile, format_files, format_text};
pub use frontend::Sources;
pub use new::{Created, Template, init, new};
pub use problem::{Excerpt, Problem};
pub use project::{Project, TestFiles};
pub use report::{Level, Report, ServerLine};
pub use run::{Target, run};
pub use runtime::Runtime;
pub use rustc::Profile;
pub use test::{
    BenchOptions, BenchOutcome, Comparison, Failure, FailurePlace, TestOptions, TestOutcome, TestRun, TestWatch, bench,
    report as test_report, test,
};
pub use toolchain::Toolchain;
