//! From a program on disk to what is compiled and served: all stages in their order.

use std::path::Path;
use std::sync::Arc;
use std::thread;

use tova_backend_rust::{Emitter, GeneratedFile, ServiceCrate};
use tova_backend_wasm::{Bundle, Mode};
use tova_check::tables::ServerInfo;
use tova_diagnostics::Diagnostic;
use tova_ir::Program;
use tova_source::{SourceMap, Span};
use tova_syntax::ast::{ExprKind, ItemKind, ServerDecl};

use crate::frontend::{self, Sources};
use crate::ports::{self, Wish};
use crate::run::Target;
use crate::rustc::RustError;
use crate::{Problem, Project, cache, files, page, source_map};

/// Where the runtime's sources lie, seen from a generated crate.
const RUNTIME: &str = "../tova-server";

/// What a program becomes.
#[derive(Debug, Default)]
pub(crate) struct Artifacts {
    /// One Rust crate for each server, in source order.
    pub(crate) services: Vec<ServiceSource>,
    /// The page, if the program has client blocks.
    pub(crate) page: Option<PageSource>,
}

/// A generated crate.
#[derive(Clone, Debug)]
pub(crate) struct ServiceSource {
    /// The server's name and the port that it asks for.
    pub(crate) wish: Wish,
    /// The crate's name.
    pub(crate) crate_name: String,
    /// Its files.
    pub(crate) files: Vec<GeneratedFile>,
    /// Further files that its text includes: the page, in release builds.
    pub(crate) assets: Vec<(String, Vec<u8>)>,
    /// The program's texts, which the files' spans point into.
    pub(crate) sources: Arc<SourceMap>,
}

/// The files of the page.
#[derive(Clone, Debug, Default)]
pub(crate) struct PageSource {
    /// Path on the wire without the first `/`, and content; `index.html` among them.
    pub(crate) files: Vec<(String, Vec<u8>)>,
    /// Names what the page does: equal for two pages that differ only in where their code stands in the program.
    pub(crate) version: String,
    /// Addresses that the page talks to.
    pub(crate) connect: Vec<String>,
}

/// What a script becomes.
#[derive(Debug)]
pub(crate) enum ScriptSource {
    /// There are no statements to run.
    Empty,
    /// A crate.
    Native(ServiceSource),
    /// A module and the script that starts it.
    Wasm(Vec<(String, Vec<u8>)>),
}

/// What one edit under `tova dev` leaves for the next one, so that it costs what has changed.
#[derive(Debug, Default)]
pub(crate) struct Memory {
    frontend: frontend::Memory,
    emitter: Emitter,
}

/// A program with what was found in it.
#[derive(Debug)]
pub(crate) struct Loaded {
    /// Its files.
    pub(crate) sources: Sources,
    /// What was found.
    pub(crate) diagnostics: Vec<Diagnostic>,
    /// Its servers, as far as they can be told: also of a program with errors.
    pub(crate) wishes: Vec<Wish>,
    /// What it becomes; absent if there are errors.
    pub(crate) artifacts: Option<Artifacts>,
}

impl ServiceSource {
    /// The binary's name in the output folder.
    pub(crate) fn binary_name(&self) -> &str {
        self.wish.name.as_deref().unwrap_or("server")
    }

    /// Writes the crate into a folder of its own; files that have not changed keep their times, files that are gone go.
    pub(crate) fn write(&self, folder: &Path) -> Result<(), Problem> {
        let texts = self.files.iter().map(|file| (&file.path, file.text.as_bytes()));
        let all: Vec<(&String, &[u8])> =
            texts.chain(self.assets.iter().map(|(path, content)| (path, content.as_slice()))).collect();
        for (path, content) in &all {
            files::write_if_changed(&folder.join(path), content)?;
        }
        files::remove_others(folder, &|relative| all.iter().any(|(path, _)| Path::new(path) == relative))
    }

    /// Its text, to tell whether it has changed.
    pub(crate) fn parts(&self) -> impl Iterator<Item = &[u8]> {
        self.files.iter().flat_map(|file| [file.path.as_bytes(), file.text.as_bytes()])
    }

    /// The place in a `.tova` file that an error in generated code belongs to: `app.tova:12:3`.
    pub(crate) fn place(&self, error: &RustError) -> Option<String> {
        let path = error.file.as_ref()?;
        let file = self.files.iter().find(|file| path.ends_with(&file.path))?;
        Some(place(&self.sources, file.span_at(error.line)?))
    }
}

/// `app.tova:12:3`
fn place(sources: &SourceMap, span: Span) -> String {
    let start = sources.location(span).start;
    format!("{}:{}:{}", sources.file(span.file).name, start.line, start.column)
}

impl Loaded {
    /// Reads a program and makes everything that `tova dev` needs of it; `port` is the first server's, if the user says so.
    ///
    /// # Errors
    /// If a file cannot be read, or a port is not one.
    pub(crate) fn for_dev(project: &Project, port: Option<u16>, memory: &mut Memory) -> Result<Self, Problem> {
        let Memory { frontend, emitter } = memory;
        Self::load(project, frontend, |program, sources| {
            let wishes: Vec<Wish> = wishes(program);
            let ports = ports::assign(&wishes, port, |name| std::env::var(name).ok())?;
            let bases = program
                .servers
                .iter()
                .zip(&ports)
                .map(|(server, port)| if server.serves_page { String::new() } else { format!(":{port}") });
            let bases: Vec<String> = bases.collect();
            // The page first in time, the servers beside it.
            let (page, services) = thread::scope(|scope| {
                let services = scope.spawn(|| {
                    let options = tova_backend_rust::Options { sources, runtime: RUNTIME, page: &[] };
                    services(emitter.emit(program, &options), program, sources)
                });
                (page_of(program, Mode::Dev, &bases, sources), services.join())
            });
            let services = services.map_err(|_| {
                Problem::new("the Rust backend ended early").help("this is a mistake in Tova: please report it")
            })?;
            Ok(Artifacts { services, page })
        })
    }

    /// Reads a program and makes everything that `tova build` needs of it.
    ///
    /// # Errors
    /// If a file cannot be read.
    pub(crate) fn for_release(project: &Project) -> Result<Self, Problem> {
        Self::load(project, &mut frontend::Memory::default(), |program, sources| {
            let page = page_of(program, Mode::Release, &[], sources);
            let assets = page.as_ref().map(|page| page::assets(&page.files)).unwrap_or_default();
            let mut services = services(crates(program, sources, &assets.table), program, sources);
            for (service, _) in services.iter_mut().zip(&program.servers).filter(|(_, server)| server.serves_page) {
                service.assets.clone_from(&assets.files);
            }
            Ok(Artifacts { services, page })
        })
    }

    /// Reads a script and makes what runs it; nothing if there are errors.
    ///
    /// # Errors
    /// If the file cannot be read.
    pub(crate) fn for_run(project: &Project, target: Target) -> Result<(Self, Option<ScriptSource>), Problem> {
        let mut script = None;
        let loaded = Self::load(project, &mut frontend::Memory::default(), |program, sources| {
            script = Some(script_of(program, sources, target));
            Ok(Artifacts::default())
        })?;
        Ok((loaded, script))
    }

    fn load(
        project: &Project,
        memory: &mut frontend::Memory,
        make: impl FnOnce(&Arc<Program>, &Arc<SourceMap>) -> Result<Artifacts, Problem>,
    ) -> Result<Self, Problem> {
        let mut sources = Sources::load_with(project, memory)?;
        let has_errors = |diagnostics: &[Diagnostic]| diagnostics.iter().any(Diagnostic::is_error);
        let mut checked = sources.check();
        let mut diagnostics = std::mem::take(&mut checked.diagnostics);
        let mut wishes: Vec<Wish> = checked.servers.iter().map(declared_wish).collect();
        let mut artifacts = None;
        if !has_errors(&diagnostics) {
            let lowered = tova_ir::lower(&checked);
            diagnostics.extend(lowered.diagnostics);
            if !has_errors(&diagnostics) {
                wishes = self::wishes(&lowered.program);
                artifacts = Some(make(&Arc::new(lowered.program), &sources.map)?);
            }
        }
        drop(checked);
        sources.leave(memory);
        Ok(Self { sources, diagnostics, wishes, artifacts })
    }
}

/// What a server block asks for, as far as its text says it.
fn declared_wish(server: &ServerInfo<'_>) -> Wish {
    let port = server.items.iter().find_map(|item| match &item.kind {
        ItemKind::Server(ServerDecl::Port { value, .. }) => match value.kind {
            ExprKind::Int(port) => u16::try_from(port).ok(),
            _ => None,
        },
        _ => None,
    });
    Wish { name: server.name.as_ref().map(ToString::to_string), port }
}

fn wishes(program: &Program) -> Vec<Wish> {
    program
        .servers
        .iter()
        .map(|server| Wish { name: server.name.as_ref().map(ToString::to_string), port: server.port })
        .collect()
}

fn services(made: Vec<ServiceCrate>, program: &Program, sources: &Arc<SourceMap>) -> Vec<ServiceSource> {
    let wishes = wishes(program);
    made.into_iter()
        .filter_map(|made| match made.target {
            tova_backend_rust::Target::Server(index) => Some(service(made, wishes.get(index)?.clone(), sources)),
            tova_backend_rust::Target::Script => None,
        })
        .collect()
}

fn crates(program: &Program, sources: &SourceMap, page: &[tova_backend_rust::PageAsset]) -> Vec<ServiceCrate> {
    tova_backend_rust::emit(program, &tova_backend_rust::Options { sources, runtime: RUNTIME, page })
}

fn service(made: ServiceCrate, wish: Wish, sources: &Arc<SourceMap>) -> ServiceSource {
    ServiceSource { wish, crate_name: made.name, files: made.files, assets: Vec::new(), sources: Arc::clone(sources) }
}

fn page_of(program: &Program, mode: Mode, bases: &[String], sources: &SourceMap) -> Option<PageSource> {
    let client = program.client.as_ref()?;
    let mut options = tova_backend_wasm::Options::new(tova_backend_wasm::Target::Page, mode);
    options.bases = bases.iter().map(Into::into).collect();
    let bundle = tova_backend_wasm::emit(program, &options);
    let version = cache::key([&bundle.wasm, bundle.script.as_bytes(), bundle.css.as_bytes(), bundle.html.as_bytes()]);
    let connect = client.connect.iter().map(ToString::to_string).collect();
    Some(PageSource { files: page_files(bundle, mode, sources), version, connect })
}

fn page_files(bundle: Bundle, mode: Mode, sources: &SourceMap) -> Vec<(String, Vec<u8>)> {
    let mut wasm = bundle.wasm;
    if mode == Mode::Dev {
        add_places(&mut wasm, &bundle.spans, sources);
        page::add_section(&mut wasm, "sourceMappingURL", &page::name("client.wasm.map"));
    }
    let mut files = vec![
        ("index.html".to_owned(), bundle.html.into_bytes()),
        ("client.js".to_owned(), bundle.script.into_bytes()),
        ("client.wasm".to_owned(), wasm),
    ];
    if mode == Mode::Dev {
        files.push(("client.wasm.map".to_owned(), source_map::write(sources, &bundle.marks).into_bytes()));
    }
    if !bundle.css.is_empty() {
        files.push(("client.css".to_owned(), bundle.css.as_bytes().to_vec()));
    }
    files
}

/// Puts the places that faults name into the module, for the script that starts it.
fn add_places(wasm: &mut Vec<u8>, spans: &[Span], sources: &SourceMap) {
    let places: Vec<String> = spans.iter().map(|span| place(sources, *span)).collect();
    page::add_section(wasm, "places", serde_json::json!(places).to_string().as_bytes());
}

/// What runs the statements at the top of a program's files.
pub(crate) fn script_of(program: &Program, sources: &Arc<SourceMap>, target: Target) -> ScriptSource {
    if program.script.is_none() {
        return ScriptSource::Empty;
    }
    match target {
        Target::Native => {
            let made =
                crates(program, sources, &[]).into_iter().find(|made| made.target == tova_backend_rust::Target::Script);
            made.map_or(ScriptSource::Empty, |made| {
                ScriptSource::Native(service(made, Wish { name: None, port: None }, sources))
            })
        }
        Target::Wasm => {
            let options = tova_backend_wasm::Options::new(tova_backend_wasm::Target::Script, Mode::Dev);
            let bundle = tova_backend_wasm::emit(program, &options);
            let mut wasm = bundle.wasm;
            add_places(&mut wasm, &bundle.spans, sources);
            ScriptSource::Wasm(vec![
                ("script.mjs".to_owned(), bundle.script.into_bytes()),
                ("script.wasm".to_owned(), wasm),
            ])
        }
    }
}

#[cfg(test)]
mod tests;
