//! `tova lsp`

use std::path::Path;
use std::process::ExitCode;

use tova_driver::Config;
use tova_lsp::{Ended, serve, stdio};

use super::Outcome;

/// Serve an editor over standard input and output
///
/// Editors start this by themselves. It speaks the Language Server Protocol and checks the text as it stands in the editor, saved or not.
#[derive(clap::Args)]
#[command(after_help = "How to set up an editor is described in the book's chapter on editors.")]
pub(crate) struct Arguments {
    /// What many editors say; it changes nothing
    #[arg(long, hide = true)]
    stdio: bool,
}

impl Arguments {
    pub(crate) fn run(self) -> Outcome {
        let (connection, writer) = stdio();
        let ended = serve(connection, width);
        // The last answers are still on their way.
        let _ = writer.join();
        Ok(match ended {
            Ended::Properly => ExitCode::SUCCESS,
            Ended::Abruptly => ExitCode::FAILURE,
        })
    }
}

/// How long the lines of a file may become: what the nearest `tova.toml` says.
fn width(path: &Path) -> u32 {
    let config = path.ancestors().skip(1).filter(|folder| folder.join("tova.toml").is_file()).map(Config::read).next();
    let width = config.and_then(Result::ok).and_then(|config| config.line_width);
    width.and_then(|width| u32::try_from(width).ok()).unwrap_or(tova_format::DEFAULT_WIDTH)
}
