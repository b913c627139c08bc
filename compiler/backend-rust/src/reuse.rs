//! Crates of an edited program: those that the edit does not concern are not written again.

use std::collections::BTreeSet;
use std::sync::Arc;

use tova_ir::{Client, FnId, GlobalId, Program};
use tova_source::{FileId, SourceMap};

use crate::plan::Plan;
use crate::{Options, PageAsset, ServiceCrate, Target, script_crate, server_crate};

/// Writes the crates of a program again and again.
#[derive(Debug, Default)]
pub struct Emitter {
    last: Option<Last>,
}

/// The program as it was written last.
#[derive(Debug)]
struct Last {
    program: Arc<Program>,
    texts: Vec<(String, Arc<str>)>,
    runtime: String,
    page: Vec<PageAsset>,
    crates: Vec<(Footprint, ServiceCrate)>,
}

/// Everything of a program that a crate was made of, apart from its tables, which are small enough to be compared as a whole.
#[derive(Debug)]
pub(crate) struct Footprint {
    functions: BTreeSet<FnId>,
    globals: BTreeSet<GlobalId>,
}

impl Footprint {
    pub(crate) fn of(plan: &Plan) -> Self {
        Self { functions: plan.functions.union(&plan.written).copied().collect(), globals: plan.globals.clone() }
    }

    /// Whether the crate would come out the same. What a plan contains follows from what it contains, so it need not be made again.
    fn is_equal_in(&self, old: &Program, new: &Program) -> bool {
        let function = |id: &FnId| (old.functions.get(id.0 as usize), new.functions.get(id.0 as usize));
        let global = |id: &GlobalId| (old.globals.get(id.0 as usize), new.globals.get(id.0 as usize));
        self.functions.iter().map(function).all(|(old, new)| old == new)
            && self.globals.iter().map(global).all(|(old, new)| old == new)
    }
}

impl Emitter {
    /// Writes a crate for each server, and one for the script, as [`crate::emit`] does.
    pub fn emit(&mut self, program: &Arc<Program>, options: &Options<'_>) -> Vec<ServiceCrate> {
        let last = self.last.take().filter(|last| last.is_comparable(program, options));
        let mut crates = Vec::new();
        for index in 0..program.servers.len() {
            let known = last.as_ref().and_then(|last| last.reuse(Target::Server(index), program, options.sources));
            crates.extend(known.or_else(|| server_crate(program, options, index)));
        }
        if let Some(script) = program.script {
            let known = last.as_ref().and_then(|last| last.reuse(Target::Script, program, options.sources));
            crates.push(known.unwrap_or_else(|| script_crate(program, options, script)));
        }
        let written = crates.iter().map(|(_, made)| made.clone()).collect();
        self.last = Some(Last {
            program: Arc::clone(program),
            texts: options.sources.files().map(|(_, file)| (file.name.clone(), Arc::clone(&file.text))).collect(),
            runtime: options.runtime.to_owned(),
            page: options.page.to_vec(),
            crates,
        });
        written
    }
}

impl Last {
    /// Whether anything of it can be used for the program: what all crates look at is as it was.
    fn is_comparable(&self, program: &Program, options: &Options<'_>) -> bool {
        let old = &*self.program;
        let addresses = |client: &Option<Client>| client.as_ref().map(|client| client.connect.clone());
        self.runtime == options.runtime
            && self.page == options.page
            && old.records == program.records
            && old.enums == program.enums
            && old.models == program.models
            && old.rpcs == program.rpcs
            && old.servers == program.servers
            && old.error == program.error
            && old.script == program.script
            && addresses(&old.client) == addresses(&program.client)
    }

    fn reuse(&self, target: Target, program: &Program, sources: &SourceMap) -> Option<(Footprint, ServiceCrate)> {
        let (footprint, made) = self.crates.iter().find(|(_, made)| made.target == target)?;
        if !footprint.is_equal_in(&self.program, program) || !self.has_its_places(made, sources) {
            return None;
        }
        let footprint = Footprint { functions: footprint.functions.clone(), globals: footprint.globals.clone() };
        Some((footprint, made.clone()))
    }

    /// Whether everything that the crate was made of stands on the lines where it stood.
    fn has_its_places(&self, made: &ServiceCrate, sources: &SourceMap) -> bool {
        let files: Vec<_> = sources.files().collect();
        if files.len() != self.texts.len() {
            return false;
        }
        files.into_iter().zip(&self.texts).all(|((id, new), (name, old))| {
            new.name == *name && (Arc::ptr_eq(&new.text, old) || last_place(made, id) <= common_start(old, &new.text))
        })
    }
}

/// Where the last thing of a file starts that the crate was made of.
fn last_place(made: &ServiceCrate, file: FileId) -> usize {
    let spans = made.files.iter().flat_map(|generated| &generated.spans);
    spans.filter(|(_, span)| span.file == file).map(|(_, span)| span.start as usize).max().unwrap_or(0)
}

/// How many bytes two texts have in common at their start.
fn common_start(a: &str, b: &str) -> usize {
    a.bytes().zip(b.bytes()).take_while(|(a, b)| a == b).count()
}
