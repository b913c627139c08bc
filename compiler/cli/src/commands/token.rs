//! `tova token`

use std::path::PathBuf;
use std::process::ExitCode;

use tova_driver::{Project, token};

use super::Outcome;
use crate::terminal;

/// Mint a token for trying out a program whose routes ask for one
///
/// The token (JWT, HS256) is signed with AUTH_SECRET or JWT_SECRET if one is set, else with the development secret that `tova dev` keeps in
/// the project's `.tova/secret`.
#[derive(clap::Args)]
#[command(after_help = "Example: curl -H \"Authorization: Bearer $(tova token --sub ada)\" localhost:3000/api/users")]
pub(crate) struct Arguments {
    /// Whom the token is for: the claim `sub`
    #[arg(long = "sub", value_name = "NAME")]
    subject: String,
    /// A further claim; the value is read as JSON if it is JSON. May be repeated
    #[arg(long = "claim", value_name = "NAME=VALUE")]
    claims: Vec<String>,
    /// Seconds until it expires
    #[arg(long, value_name = "SECONDS", default_value_t = 86_400)]
    expires_in: u64,
    /// The project: a file or a folder
    #[arg(value_name = "PATH", default_value = ".")]
    path: PathBuf,
}

impl Arguments {
    pub(crate) fn run(self) -> Outcome {
        let root = Project::find(&self.path)?.root;
        let secret = token::secret(&root)?;
        terminal::print(&token::mint(&secret, &self.subject, &self.claims, self.expires_in)?);
        Ok(ExitCode::SUCCESS)
    }
}
