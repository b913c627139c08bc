//! `tova run`

use std::path::PathBuf;
use std::process::ExitCode;

use super::Outcome;

/// run
#[derive(clap::Args)]
pub(crate) struct Arguments {
    /// path
    #[arg(value_name = "PATH", default_value = ".")]
    path: PathBuf,
}

impl Arguments {
    pub(crate) fn run(self) -> Outcome {
        let _ = self.path;
        Ok(ExitCode::SUCCESS)
    }
}
