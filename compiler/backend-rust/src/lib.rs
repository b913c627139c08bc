//! Writes Rust services from the intermediate program.
//!
//! In: a [`Program`]. Out: one crate for each of its servers, or one for its script, that depends on `tova-server` alone,
//! with a table from generated lines to the places in the program that they come from. It knows nothing of the syntax tree, and touches no files.
//!
//! ```
//! use tova_backend_rust::{Options, emit};
//! let sources = tova_source::SourceMap::default();
//! let options = Options { sources: &sources, runtime: "../runtime/server", page: &[] };
//! assert!(emit(&tova_ir::Program::default(), &options).is_empty());
//! ```

mod attempt;
mod body;
mod call;
mod code;
mod columns;
mod construct;
mod control;
mod data;
mod decide;
mod facts;
mod file;
mod intrinsic;
mod items;
mod manifest;
mod names;
mod operands;
mod operator;
mod place;
mod plan;
mod query;
mod repeat;
mod reuse;
mod route;
mod service;
mod test;
mod unit;

use quote::quote;
use tova_ir::{FnId, Program};
use tova_source::SourceMap;

pub use crate::file::GeneratedFile;
use crate::file::{Item, Place};
use crate::plan::Plan;
pub use crate::reuse::Emitter;
use crate::reuse::Footprint;
pub use crate::test::{TestCrate, emit_benches, emit_tests};
use crate::unit::Unit;

/// What is written apart from the program.
#[derive(Clone, Copy, Debug)]
pub struct Options<'a> {
    /// The files of the program.
    pub sources: &'a SourceMap,
    /// The path of the `tova-server` crate, as the generated `Cargo.toml` names it.
    pub runtime: &'a str,
    /// The files of the page that the binary embeds; none while somebody else serves them.
    pub page: &'a [PageAsset],
}

/// A file of the page, which lies in the crate's folder.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PageAsset {
    /// The path on the wire: `/index.html`.
    pub path: String,
    /// The content type.
    pub content_type: String,
    /// The file, below the crate's folder.
    pub file: String,
    /// The file compressed with brotli.
    pub brotli: Option<String>,
    /// The file compressed with gzip.
    pub gzip: Option<String>,
}

/// What a crate is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Target {
    /// The server with this index.
    Server(usize),
    /// The script.
    Script,
}

/// A generated crate.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ServiceCrate {
    /// The name of the crate.
    pub name: String,
    /// What it is for.
    pub target: Target,
    /// Its files: `Cargo.toml`, `src/main.rs` and the modules.
    pub files: Vec<GeneratedFile>,
}

/// Flags that rustc needs for generated code when cargo does not pass them: arithmetic of the language is checked in every profile.
pub const RUSTC_FLAGS: &[&str] = &["-Coverflow-checks=on"];

/// Writes a crate for each server, and one for the script.
#[must_use]
pub fn emit(program: &Program, options: &Options<'_>) -> Vec<ServiceCrate> {
    let servers = (0..program.servers.len()).filter_map(|index| server_crate(program, options, index));
    let script = program.script.map(|script| script_crate(program, options, script));
    servers.chain(script).map(|(_, made)| made).collect()
}

fn server_crate(program: &Program, options: &Options<'_>, index: usize) -> Option<(Footprint, ServiceCrate)> {
    let server = program.servers.get(index)?;
    let unit = Unit::new(program, options, Plan::of_server(program, server));
    let mut items = common_items(&unit);
    items.extend(service::request_fields(&unit, server));
    items.extend(service::items(&unit, server, index));
    let name = server.name.as_deref().map_or_else(|| "server".to_owned(), names::snake);
    Some((Footprint::of(&unit.plan), finished(name, Target::Server(index), items, options)))
}

fn script_crate(program: &Program, options: &Options<'_>, script: FnId) -> (Footprint, ServiceCrate) {
    let unit = Unit::new(program, options, Plan::of_script(program, script));
    let mut items = common_items(&unit);
    let _ = unit.take_mentions();
    if let Some(function) = unit.function(script) {
        let name = unit.function_name(script);
        let effects = function.effects;
        let run = match (effects.is_async, effects.throws) {
            (false, true) => quote! { run_script(#name) },
            (false, false) => quote! { run_script(|| { #name(); Ok(()) }) },
            (true, true) => quote! { run_script_async(|| Box::pin(#name())) },
            (true, false) => quote! { run_script_async(|| Box::pin(async { #name().await; Ok(()) })) },
        };
        let tokens = quote! { fn main() -> ExitCode { set_places(PLACES); #run } };
        unit.mention(names::ident("PLACES"));
        items.push(Item {
            name: "main".to_owned(),
            place: Place::Main(function.span),
            tokens,
            mentions: unit.take_mentions(),
        });
    }
    (Footprint::of(&unit.plan), finished("script".to_owned(), Target::Script, items, options))
}

/// The functions, globals and types that the crate reaches.
fn common_items(unit: &Unit<'_>) -> Vec<Item> {
    let inline: Vec<FnId> = unit
        .plan
        .globals
        .iter()
        .filter(|id| items::is_inline(unit, **id))
        .filter_map(|id| Some(unit.global(*id)?.init))
        .collect();
    let mut all: Vec<Item> = unit.plan.data.iter().filter_map(|id| data::item(unit, *id)).collect();
    all.extend(unit.plan.written.iter().filter_map(|id| items::writer(unit, *id)));
    all.extend(unit.plan.written_models.iter().filter_map(|id| query::row_writer(unit, *id)));
    all.extend(unit.plan.globals.iter().filter_map(|id| items::global(unit, *id)));
    all.extend(
        unit.plan.functions.iter().filter(|id| !inline.contains(id)).filter_map(|id| items::function(unit, *id)),
    );
    all
}

fn finished(name: String, target: Target, items: Vec<Item>, options: &Options<'_>) -> ServiceCrate {
    let mut files = vec![manifest::manifest(&name, options.runtime)];
    files.extend(file::files(items, options.sources));
    ServiceCrate { name, target, files }
}
