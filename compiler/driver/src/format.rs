//! `tova fmt`: which files, how wide, and writing them.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};

use tova_diagnostics::Diagnostic;
use tova_source::{FileId, SourceMap};
use tova_syntax::ast::NodeId;

use crate::config::{self, Config};
use crate::project::is_skipped;
use crate::{Problem, files};

/// A file in its new layout, which is not written yet.
#[derive(Debug)]
pub struct FormattedFile {
    /// Where it lies.
    pub path: PathBuf,
    /// What it holds.
    pub before: String,
    /// What it would hold.
    pub after: String,
    /// The file as the place of `diagnostics`.
    pub sources: SourceMap,
    /// The errors of its syntax; the declarations that have them are kept as they are.
    pub diagnostics: Vec<Diagnostic>,
}

impl FormattedFile {
    /// Whether the new layout is another one.
    #[must_use]
    pub fn is_changed(&self) -> bool {
        self.before != self.after
    }

    /// Writes the new layout in the place of the old one.
    ///
    /// # Errors
    /// If the file cannot be written.
    pub fn write(&self) -> Result<(), Problem> {
        let failed = |error: std::io::Error| Problem::io("write", &self.path, &error);
        // A link stays a link, and what a file permits stays as it is.
        let path = fs::canonicalize(&self.path).map_err(failed)?;
        let permissions = fs::metadata(&path).map_err(failed)?.permissions();
        files::write(&path, &self.after)?;
        fs::set_permissions(&path, permissions).map_err(failed)
    }
}

/// Formats the files at some paths: files, and all `.tova` files below folders.
///
/// # Errors
/// If something cannot be read, or is no `.tova` file.
pub fn format_files(paths: &[PathBuf]) -> Result<Vec<FormattedFile>, Problem> {
    let mut found = BTreeSet::new();
    for path in paths {
        collect(path, &mut found)?;
    }
    let mut widths = Widths::default();
    found.into_iter().map(|path| format_file(path, &mut widths)).collect()
}

/// Formats a text that lies in no file, as a file in the current folder would be.
///
/// # Errors
/// If `tova.toml` cannot be read.
pub fn format_text(name: &str, text: String) -> Result<FormattedFile, Problem> {
    let width = Widths::default().of(Path::new("."))?;
    format(PathBuf::from(name), text, width)
}

fn collect(path: &Path, found: &mut BTreeSet<PathBuf>) -> Result<(), Problem> {
    let about = fs::metadata(path).map_err(|error| match error.kind() {
        std::io::ErrorKind::NotFound => Problem::new(format!("no such file or folder: `{}`", path.display())),
        _ => Problem::io("read", path, &error),
    })?;
    if about.is_dir() {
        return collect_below(path, found);
    }
    if !is_tova(path) {
        return Err(Problem::new(format!("`{}` is not a `.tova` file", path.display()))
            .help("name `.tova` files, or folders that hold some"));
    }
    found.insert(path.to_path_buf());
    Ok(())
}

fn collect_below(folder: &Path, found: &mut BTreeSet<PathBuf>) -> Result<(), Problem> {
    let entries = fs::read_dir(folder).map_err(|error| Problem::io("read the folder", folder, &error))?;
    for entry in entries.flatten() {
        let name = entry.file_name().to_string_lossy().into_owned();
        let path = if folder == Path::new(".") { PathBuf::from(&name) } else { entry.path() };
        // A link to a folder may lead in a circle.
        let is_folder = entry.file_type().is_ok_and(|kind| kind.is_dir());
        if is_folder && !is_skipped(&name) {
            collect_below(&path, found)?;
        } else if !name.starts_with('.') && is_tova(&path) && path.is_file() {
            found.insert(path);
        }
    }
    Ok(())
}

fn is_tova(path: &Path) -> bool {
    path.extension().is_some_and(|extension| extension == "tova")
}

fn format_file(path: PathBuf, widths: &mut Widths) -> Result<FormattedFile, Problem> {
    let text = files::read(&path)?;
    let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
    let width = widths.of(folder)?;
    format(path, text, width)
}

fn format(path: PathBuf, text: String, width: u32) -> Result<FormattedFile, Problem> {
    let mut sources = SourceMap::default();
    let file: FileId = sources.add(path.to_string_lossy(), text.as_str());
    let parsed = tova_syntax::parse(file, &text, NodeId(0));
    let after = tova_format::format_parsed(&text, &parsed, width);
    if after != text && !tova_format::keeps_program(&after, &parsed) {
        return Err(Problem::new(format!(
            "formatting `{}` would change what it says, so it was left alone",
            path.display()
        ))
        .help("this is a mistake in tova: please report it with the file"));
    }
    Ok(FormattedFile { path, before: text, after, sources, diagnostics: parsed.diagnostics })
}

/// The width of lines in each folder: that of the nearest `tova.toml` in it or above it.
#[derive(Default)]
struct Widths(BTreeMap<PathBuf, u32>);

impl Widths {
    fn of(&mut self, folder: &Path) -> Result<u32, Problem> {
        if let Some(width) = self.0.get(folder) {
            return Ok(*width);
        }
        let whole = fs::canonicalize(folder).map_err(|error| Problem::io("read the folder", folder, &error))?;
        let root = whole.ancestors().position(|folder| folder.join(config::FILE).is_file());
        let width = match root {
            // The folder as the user would write it, so that problems name the file that way.
            Some(0) => Config::read(folder)?.line_width,
            Some(up) => Config::read(whole.ancestors().nth(up).unwrap_or(folder))?.line_width,
            None => None,
        };
        let width = width.and_then(|width| u32::try_from(width).ok()).unwrap_or(tova_format::DEFAULT_WIDTH);
        self.0.insert(folder.to_path_buf(), width);
        Ok(width)
    }
}
