//! `tova doc`: what a program, or the standard library, offers, from its declarations and their `///` text.

mod collect;
mod html;
mod markdown;
#[cfg(test)]
mod tests;

use std::path::{Path, PathBuf};

use serde_json::{Value, json};
use tova_check::{Library, check};
use tova_source::SourceMap;

use crate::frontend::Sources;
use crate::{Problem, Project, files};

/// The documentation of a program.
#[derive(Debug)]
pub(crate) struct Docs {
    /// What is documented.
    pub(crate) name: String,
    /// Its parts, in the order of the source.
    pub(crate) sections: Vec<Section>,
}

/// What belongs together: a block, or a file of the library.
#[derive(Debug)]
pub(crate) struct Section {
    pub(crate) title: String,
    pub(crate) entries: Vec<Entry>,
}

/// A declaration.
#[derive(Debug)]
pub(crate) struct Entry {
    /// `function`, `type`, …
    pub(crate) kind: &'static str,
    pub(crate) name: String,
    /// The declaration in one line, with the types that were found out.
    pub(crate) signature: String,
    /// What a call may do beside giving a value.
    pub(crate) effects: Vec<&'static str>,
    pub(crate) docs: String,
    /// Fields, variants, columns, properties: as they are written, and their text.
    pub(crate) members: Vec<(String, String)>,
    /// `app.tova:12`
    pub(crate) place: String,
}

/// How documentation is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum DocFormat {
    /// A folder with one page that needs nothing else.
    Html,
    /// One text.
    Markdown,
    /// One object.
    Json,
}

/// What was written.
#[derive(Debug)]
pub enum Documented {
    /// The page, in a folder.
    File(PathBuf),
    /// The text itself.
    Text(String),
}

/// Documents a program. It may have errors: what can be told is told.
///
/// # Errors
/// If a file cannot be read or written.
pub fn doc(project: &Project, format: DocFormat, output: &Path) -> Result<Documented, Problem> {
    let sources = Sources::load(project)?;
    let checked = sources.check();
    let docs = collect::program(&project.name(), &checked, sources.modules(), &sources.map);
    write(&docs, format, output)
}

/// Documents the standard library.
///
/// # Errors
/// If a file cannot be written.
pub fn doc_std(format: DocFormat, output: &Path) -> Result<Documented, Problem> {
    let mut map = SourceMap::default();
    let library = Library::load(&mut map);
    let checked = check(&library, &[], library.end());
    write(&collect::library(&checked, library.modules(), &map), format, output)
}

fn write(docs: &Docs, format: DocFormat, output: &Path) -> Result<Documented, Problem> {
    match format {
        DocFormat::Markdown => Ok(Documented::Text(markdown::write(docs))),
        DocFormat::Json => Ok(Documented::Text(to_json(docs).to_string())),
        DocFormat::Html => {
            let page = output.join("index.html");
            files::write(&page, html::write(docs))?;
            Ok(Documented::File(page))
        }
    }
}

fn to_json(docs: &Docs) -> Value {
    let entry = |entry: &Entry| {
        let members: Vec<Value> =
            entry.members.iter().map(|(text, docs)| json!({ "text": text, "docs": docs })).collect();
        json!({
            "kind": entry.kind, "name": entry.name, "signature": entry.signature, "effects": entry.effects,
            "docs": entry.docs, "members": members, "place": entry.place,
        })
    };
    let sections: Vec<Value> = docs
        .sections
        .iter()
        .map(|section| {
            json!({ "title": section.title, "entries": section.entries.iter().map(entry).collect::<Vec<_>>() })
        })
        .collect();
    json!({ "name": docs.name, "sections": sections })
}
