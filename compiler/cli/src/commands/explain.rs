//! `tova explain`

use std::process::ExitCode;

use tova_diagnostics::{Code, closest, codes};
use tova_driver::Problem;

use super::Outcome;
use crate::{markdown, terminal};

/// Explain a diagnostic code: why it is an error, a bad and a good example
#[derive(clap::Args)]
pub(crate) struct Arguments {
    /// A code as it stands in a message, for example E0201
    #[arg(value_name = "CODE")]
    code: String,
}

impl Arguments {
    pub(crate) fn run(self) -> Outcome {
        let code = Code::parse(&self.code).ok_or_else(|| unknown(&self.code))?;
        terminal::print(markdown::for_terminal(code.page(), terminal::stdout_is_coloured()).trim_end());
        Ok(ExitCode::SUCCESS)
    }
}

fn unknown(code: &str) -> Problem {
    let problem = Problem::new(format!("there is no diagnostic code `{code}`"));
    let upper = code.to_uppercase();
    match closest(&upper, codes::ALL.iter().map(|entry| entry.code.as_str())) {
        Some(near) => problem.help(format!("did you mean `{near}`? The codes are listed in the book's error index")),
        None => problem.help("a code looks like E0201 or W0301 and stands in front of each message"),
    }
}
