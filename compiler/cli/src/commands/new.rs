//! `tova new` and `tova init`

use std::path::{Path, PathBuf};
use std::process::ExitCode;

use clap::ValueEnum;
use tova_driver::{Created, Template};

use super::Outcome;
use crate::terminal;

/// Make a folder with a new program: its code, its tests, a README
///
/// A folder that exists is left alone.
#[derive(clap::Args)]
pub(crate) struct New {
    /// The name of the program, or a path that ends with it
    #[arg(value_name = "NAME")]
    name: PathBuf,
    /// What kind of program
    #[arg(short, long, value_name = "KIND", value_enum, default_value_t = Kind::Fullstack)]
    template: Kind,
}

/// Make a new program in a folder that exists
///
/// Files that are there already are left alone.
#[derive(clap::Args)]
pub(crate) struct Init {
    /// The folder
    #[arg(value_name = "PATH", default_value = ".")]
    path: PathBuf,
    /// What kind of program
    #[arg(short, long, value_name = "KIND", value_enum, default_value_t = Kind::Fullstack)]
    template: Kind,
}

#[derive(Clone, Copy, ValueEnum)]
enum Kind {
    /// A server with a database, and a page that calls it
    Fullstack,
    /// A JSON service with a database
    Api,
    /// A page alone
    Client,
    /// Statements that run from the top
    Script,
}

impl Kind {
    fn template(self) -> Template {
        match self {
            Self::Fullstack => Template::Fullstack,
            Self::Api => Template::Api,
            Self::Client => Template::Client,
            Self::Script => Template::Script,
        }
    }
}

impl New {
    pub(crate) fn run(self) -> Outcome {
        tell(&tova_driver::new(&self.name, self.template.template())?);
        Ok(ExitCode::SUCCESS)
    }
}

impl Init {
    pub(crate) fn run(self) -> Outcome {
        tell(&tova_driver::init(&self.path, self.template.template())?);
        Ok(ExitCode::SUCCESS)
    }
}

fn tell(created: &Created) {
    let folder = created.folder.display();
    let enter = if created.folder == Path::new(".") { String::new() } else { format!("    cd {folder}\n") };
    terminal::print(&format!("  Created a program in {folder}\n\n{enter}    {}\n    tova test\n", created.start));
}
