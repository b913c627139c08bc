//! `tova completions`

use std::io::{self, Write as _};
use std::process::ExitCode;

use clap::CommandFactory as _;
use clap_complete::Shell;

use super::Outcome;

/// Write a script that completes the command in a shell
#[derive(clap::Args)]
#[command(after_help = "bash: tova completions bash > ~/.local/share/bash-completion/completions/tova
zsh:  tova completions zsh > \"${fpath[1]}/_tova\"
fish: tova completions fish > ~/.config/fish/completions/tova.fish")]
pub(crate) struct Arguments {
    /// The shell
    #[arg(value_name = "SHELL", value_enum)]
    shell: Shell,
}

impl Arguments {
    pub(crate) fn run(self) -> Outcome {
        let mut script = Vec::new();
        clap_complete::generate(self.shell, &mut crate::Arguments::command(), "tova", &mut script);
        // A reader that has gone away is no error.
        let _ = io::stdout().lock().write_all(&script);
        Ok(ExitCode::SUCCESS)
    }
}
