//! `tova doctor`

use std::path::PathBuf;
use std::process::ExitCode;

use tova_driver::doctor::{Finding, State, doctor};

use super::Outcome;
use crate::terminal;

/// Look whether this machine has what programs need: tools, cache, ports, database
///
/// Ends with 1 if something is missing that programs need.
#[derive(clap::Args)]
pub(crate) struct Arguments {
    /// The program whose ports and database to look at
    #[arg(value_name = "PATH", default_value = ".")]
    path: PathBuf,
}

impl Arguments {
    pub(crate) fn run(self) -> Outcome {
        let findings = doctor(&self.path);
        let coloured = terminal::stdout_is_coloured();
        for finding in &findings {
            terminal::print(&line(finding, coloured));
        }
        let bad = findings.iter().filter(|finding| finding.state == State::Bad).count();
        if bad == 0 {
            return Ok(ExitCode::SUCCESS);
        }
        terminal::print(&format!("\n{bad} {} to mend", if bad == 1 { "thing" } else { "things" }));
        Ok(ExitCode::FAILURE)
    }
}

/// `  ✓ Rust       rustc 1.95.0 in …`, with the cure below.
fn line(finding: &Finding, coloured: bool) -> String {
    const RESET: &str = "\u{1b}[0m";
    let (sign, colour) = match finding.state {
        State::Good => ("✓", "\u{1b}[32m"),
        State::Optional => ("-", "\u{1b}[33m"),
        State::Bad => ("✗", "\u{1b}[31m"),
    };
    let sign = if coloured { format!("{colour}{sign}{RESET}") } else { sign.to_owned() };
    let mut text = format!("  {sign} {:<11} {}", finding.what, finding.found);
    for line in finding.cure.iter().flat_map(|cure| cure.lines()) {
        text.push_str(&format!("\n      {:<9} {line}", ""));
    }
    text
}
