//! Runs the program of an input.

use std::collections::HashMap;
use std::io::{BufRead as _, BufReader};
use std::path::PathBuf;
use std::process::{Command, Stdio};
use std::sync::Arc;
use std::sync::atomic::AtomicBool;

use signal_hook::consts::SIGINT;
use tova_ir::Program;
use tova_source::SourceMap;

use super::kept::read_dump;
use crate::artifacts::{ScriptSource, script_of};
use crate::process::Guarded;
use crate::run::{self, Target};
use crate::{Problem, Report, cache, files};

/// What runs programs, and where they lie meanwhile.
#[derive(Debug)]
pub(super) struct Runner {
    /// Node, if this machine has one that is new enough.
    node: Option<PathBuf>,
    folder: PathBuf,
}

/// The values that a program wrote down: as JSON and as text, by variable.
type Values = HashMap<String, (String, String)>;

impl Runner {
    pub(super) fn new() -> Result<Self, Problem> {
        let folder = cache::root()?.join("run").join(format!("repl-{}", std::process::id()));
        files::make_dir(&folder)?;
        // Ctrl-C ends the program of an input, which gets it as well, and not the session.
        signal_hook::flag::register(SIGINT, Arc::new(AtomicBool::new(false)))
            .map_err(|error| Problem::new(format!("cannot listen for Ctrl-C: {error}")))?;
        Ok(Self { node: run::node().ok(), folder })
    }

    /// Runs it; `output` gets what it prints. None if it failed.
    pub(super) fn run(
        &self,
        program: &Program,
        sources: &Arc<SourceMap>,
        report: &dyn Report,
    ) -> Result<Option<Values>, Problem> {
        let target = if self.node.is_some() { Target::Wasm } else { Target::Native };
        let mut command = match script_of(program, sources, target) {
            ScriptSource::Empty => return Ok(Some(Values::new())),
            ScriptSource::Native(source) => Command::new(run::compiled(&source, &self.folder, report)?),
            ScriptSource::Wasm(bundle) => {
                for (path, content) in &bundle {
                    files::write_if_changed(&self.folder.join(path), content)?;
                }
                let mut command = Command::new(self.node.as_deref().unwrap_or("node".as_ref()));
                command.arg(self.folder.join("script.mjs"));
                command
            }
        };
        let name = PathBuf::from(command.get_program());
        let failed = |error: std::io::Error| Problem::io("start", &name, &error);
        let mut child = Guarded::spawn(command.stdin(Stdio::null()).stdout(Stdio::piped())).map_err(failed)?;
        let mut values = Values::new();
        let lines = child.child().stdout.take().map(BufReader::new);
        for line in lines.into_iter().flat_map(|lines| lines.lines().map_while(Result::ok)) {
            match read_dump(&line) {
                Some((name, value)) => {
                    values.insert(name, value);
                }
                None => report.line(&line),
            }
        }
        let status = child.wait().map_err(failed)?;
        Ok(status.success().then_some(values))
    }
}

impl Drop for Runner {
    fn drop(&mut self) {
        let _ = files::remove_dir(&self.folder);
    }
}
