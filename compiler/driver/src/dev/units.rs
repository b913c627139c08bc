//! Compiles changed servers beside the main loop, each at most once at a time.

use std::fs;
use std::path::{Path, PathBuf};
use std::sync::mpsc::Sender;
use std::thread;
use std::time::Instant;

use super::event::Event;
use crate::artifacts::ServiceSource;
use crate::rustc::{self, Failed, Job, Profile};
use crate::{Problem, Runtime, Toolchain, cache, files};

/// How many binaries of a server are kept, so that taking an edit back needs no compiler.
const KEPT: usize = 4;

/// One server on its way from text to process.
#[derive(Debug)]
pub(crate) struct Unit {
    /// The crate to have.
    pub(crate) source: ServiceSource,
    /// Names its text and the runtime.
    wanted: String,
    building: Option<String>,
    failed: Option<String>,
    launched: Option<String>,
    /// When the edit was seen that asks for it.
    pub(crate) since: Instant,
}

/// What there is to do for a unit.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Step {
    /// Nothing, or wait for the compiler.
    Wait,
    /// Start this binary.
    Launch(PathBuf),
}

/// All units, in the order of the program's servers.
pub(crate) struct Units {
    units: Vec<Unit>,
    folder: PathBuf,
    events: Sender<Event>,
}

impl Units {
    /// None so far; they are compiled in `folder`.
    pub(crate) fn new(folder: &Path, events: Sender<Event>) -> Self {
        Self { units: Vec::new(), folder: folder.to_path_buf(), events }
    }

    /// The unit with this index.
    pub(crate) fn get(&self, index: usize) -> Option<&Unit> {
        self.units.get(index)
    }

    /// The program has these servers from now on.
    pub(crate) fn set(&mut self, sources: Vec<ServiceSource>, runtime_key: &str, since: Instant) {
        let mut old = std::mem::take(&mut self.units);
        for source in sources {
            let wanted = cache::key(source.parts().chain([runtime_key.as_bytes()]));
            let known = old.iter().position(|unit| unit.source.wish.name == source.wish.name);
            self.units.push(match known.map(|index| old.remove(index)) {
                Some(unit) if unit.wanted == wanted => Unit { source, ..unit },
                Some(unit) => Unit { source, wanted, since, ..unit },
                None => Unit { source, wanted, building: None, failed: None, launched: None, since },
            });
        }
    }

    /// Whether a unit is not yet what it should be, and may still become it.
    pub(crate) fn is_pending(&self, index: usize) -> bool {
        self.get(index).is_some_and(|unit| {
            unit.launched.as_ref() != Some(&unit.wanted) && unit.failed.as_ref() != Some(&unit.wanted)
        })
    }

    /// Takes the next step for the unit with this index.
    pub(crate) fn step(&mut self, index: usize, tools: &(Toolchain, Runtime)) -> Result<Step, Problem> {
        if !self.is_pending(index) {
            return Ok(Step::Wait);
        }
        let Some(unit) = self.units.get_mut(index).filter(|unit| unit.building.is_none()) else {
            return Ok(Step::Wait);
        };
        let job = job(&self.folder, unit);
        if job.output.is_file() {
            unit.launched = Some(unit.wanted.clone());
            tidy(&job)?;
            return Ok(Step::Launch(job.output));
        }
        unit.source.write(&self.folder.join("src").join(&unit.source.crate_name))?;
        unit.building = Some(unit.wanted.clone());
        let (key, name, events, tools) =
            (unit.wanted.clone(), unit.source.wish.name.clone(), self.events.clone(), tools.clone());
        thread::spawn(move || {
            let result = rustc::compile(&tools.0, &tools.1, &job);
            let _ = events.send(Event::Compiled { name, key, result });
        });
        Ok(Step::Wait)
    }

    /// A compilation is over: the index of its unit, and why it failed, if it did and nothing newer is wanted by now.
    pub(crate) fn compiled(
        &mut self,
        name: Option<&String>,
        key: &str,
        result: Result<(), Failed>,
    ) -> Option<(usize, Option<Failed>)> {
        let index = self.units.iter().position(|unit| unit.source.wish.name.as_ref() == name)?;
        let unit = self.units.get_mut(index)?;
        unit.building = None;
        let Err(failed) = result else { return Some((index, None)) };
        if unit.wanted != key {
            return Some((index, None));
        }
        unit.failed = Some(key.to_owned());
        Some((index, Some(failed)))
    }
}

fn job(folder: &Path, unit: &Unit) -> Job {
    let name = &unit.source.crate_name;
    Job {
        name: name.clone(),
        main: folder.join("src").join(name).join("src/main.rs"),
        output: folder.join("bin").join(name).join(&unit.wanted),
        work: folder.join("work").join(name),
        profile: Profile::Dev,
    }
}

/// Removes all but the newest binaries of a server. Running ones do not mind.
fn tidy(job: &Job) -> Result<(), Problem> {
    let Some(folder) = job.output.parent() else { return Ok(()) };
    let mut binaries: Vec<_> = files::list(folder)?
        .into_iter()
        .filter(|path| *path != job.output)
        .filter_map(|path| Some((fs::metadata(&path).ok()?.modified().ok()?, path)))
        .collect();
    binaries.sort();
    binaries.reverse();
    for (_, path) in binaries.into_iter().skip(KEPT) {
        let _ = fs::remove_file(path);
    }
    Ok(())
}
