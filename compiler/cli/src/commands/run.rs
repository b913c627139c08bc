//! `tova run`

use std::path::PathBuf;
use std::process::ExitCode;

use clap::ValueEnum;
use tova_driver::{Project, Target};

use super::Outcome;
use crate::terminal::Terminal;

/// Run a script: the statements at the top level of a file
///
/// Ends with the status of the script: 0, or 1 if an error left it.
#[derive(clap::Args)]
pub(crate) struct Arguments {
    /// The `.tova` file
    #[arg(value_name = "FILE")]
    file: PathBuf,
    /// Where to run: as a native binary, or as WebAssembly under this machine's Node
    #[arg(long, value_name = "TARGET", value_enum, default_value_t = On::Native)]
    target: On,
}

#[derive(Clone, Copy, ValueEnum)]
enum On {
    Native,
    Wasm,
}

impl Arguments {
    pub(crate) fn run(self) -> Outcome {
        let target = match self.target {
            On::Native => Target::Native,
            On::Wasm => Target::Wasm,
        };
        let status = tova_driver::run(&Project::find(&self.file)?, target, &Terminal::default())?;
        Ok(ExitCode::from(status))
    }
}
