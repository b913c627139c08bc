//! From a path on the command line to the files of a program.

use std::fs;
use std::path::{Path, PathBuf};

use tova_diagnostics::closest;

use crate::{Config, Problem, files};

/// Folders that never hold sources of a program.
const SKIPPED: [&str; 5] = ["dist", ".tova", "node_modules", "target", ".git"];

/// The folder beside a program's files that may hold tests.
const TESTS: &str = "tests";

/// A program on disk: one file, or all `.tova` files of one folder.
#[derive(Clone, Debug)]
pub struct Project {
    /// The folder that the program lives in, as the user wrote it (`.` for the current one).
    pub root: PathBuf,
    /// The file, if the user named one.
    pub file: Option<PathBuf>,
    /// Which files of tests belong to it.
    pub tests: TestFiles,
    /// What its `tova.toml` says.
    pub config: Config,
}

/// Which files of tests belong to a program: `…_test.tova` and `….test.tova`, beside its other files or in their folder `tests`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum TestFiles {
    /// None: it is built or run.
    None,
    /// All.
    All,
    /// All, and only the tests of this one are to run.
    Only(PathBuf),
}

impl Project {
    /// The program at `path`, a file or a folder.
    ///
    /// # Errors
    /// If there is nothing at `path`, or nothing that is a program.
    pub fn find(path: &Path) -> Result<Self, Problem> {
        let about = fs::metadata(path).map_err(|error| match error.kind() {
            std::io::ErrorKind::NotFound => dangling(path).unwrap_or_else(|| missing(path)),
            _ => Problem::io("read", path, &error),
        })?;
        if about.is_dir() {
            let config = Config::read(path)?;
            return Ok(Self { root: path.to_path_buf(), file: None, tests: TestFiles::None, config });
        }
        if path.extension().is_none_or(|extension| extension != "tova") {
            return Err(Problem::new(format!("`{}` is not a `.tova` file", path.display()))
                .help("name a `.tova` file, or a folder that holds some"));
        }
        let root = path.parent().filter(|parent| !parent.as_os_str().is_empty()).unwrap_or(Path::new("."));
        let config = Config::read(root)?;
        Ok(Self { root: root.to_path_buf(), file: Some(path.to_path_buf()), tests: TestFiles::None, config })
    }

    /// The program whose tests are at `path`: a file of tests belongs to the program of its folder.
    ///
    /// # Errors
    /// As for [`Self::find`].
    pub fn find_tests(path: &Path) -> Result<Self, Problem> {
        let project = Self::find(path)?;
        match &project.file {
            Some(file) if is_test(file) => {
                let root = program_around(&project.root);
                let config = Config::read(&root)?;
                Ok(Self { root, file: None, tests: TestFiles::Only(file.clone()), config })
            }
            _ => Ok(Self { tests: TestFiles::All, ..project }),
        }
    }

    /// The program's name: what `tova.toml` says, else that of its file or folder.
    #[must_use]
    pub fn name(&self) -> String {
        if let Some(name) = &self.config.name {
            return name.clone();
        }
        let stem = self.file.as_deref().and_then(Path::file_stem).map(|stem| stem.to_string_lossy().into_owned());
        let folder = || fs::canonicalize(&self.root).ok()?.file_name().map(|name| name.to_string_lossy().into_owned());
        match stem {
            Some(stem) if stem != "app" && stem != "main" => stem,
            _ => folder().unwrap_or_else(|| "app".to_owned()),
        }
    }

    /// The folder in which tova keeps what belongs to this project and not into its history.
    pub(crate) fn state_dir(&self) -> Result<PathBuf, Problem> {
        state_dir(&self.root)
    }

    /// The files that the program starts from; imports add to them.
    ///
    /// # Errors
    /// If the folder cannot be read or holds no program.
    pub fn entries(&self) -> Result<Vec<PathBuf>, Problem> {
        if let Some(file) = &self.file {
            return Ok(vec![file.clone()]);
        }
        if let Some(entry) = &self.config.entry {
            let entry = plain(&self.root, self.root.join(entry));
            return Ok(std::iter::once(entry).chain(self.test_files()).collect());
        }
        let mut files: Vec<PathBuf> = fs::read_dir(&self.root)
            .map_err(|error| Problem::io("read the folder", &self.root, &error))?
            .flatten()
            .map(|entry| plain(&self.root, entry.path()))
            .filter(|path| is_source(path) && path.is_file())
            .collect();
        files.sort();
        files.extend(self.test_files());
        if files.is_empty() {
            let help = program_below(&self.root).map_or_else(
                || "create `app.tova` there, or name the file or folder of a program".to_owned(),
                |path| format!("did you mean `{}`?", path.display()),
            );
            return Err(Problem::new(format!("no `.tova` files in `{}`", self.root.display())).help(help));
        }
        Ok(files)
    }

    /// The files of its tests, in order.
    fn test_files(&self) -> Vec<PathBuf> {
        if self.tests == TestFiles::None {
            return Vec::new();
        }
        let folders = [self.root.clone(), self.root.join(TESTS)];
        let entries = folders.iter().filter_map(|folder| fs::read_dir(folder).ok()).flatten().flatten();
        let paths = entries.map(|entry| plain(&self.root, entry.path()));
        let mut files: Vec<PathBuf> = paths.filter(|path| is_test(path) && path.is_file()).collect();
        files.sort();
        files
    }
}

/// The folder in which tova keeps what belongs to a project and not into its history, below the project's root.
pub(crate) fn state_dir(root: &Path) -> Result<PathBuf, Problem> {
    let folder = root.join(".tova");
    let ignore = folder.join(".gitignore");
    if !ignore.exists() {
        files::write(&ignore, "*\n")?;
    }
    Ok(folder)
}

/// Whether a change of this file can change the program.
pub(crate) fn is_source(path: &Path) -> bool {
    let name = path.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
    path.extension().is_some_and(|extension| extension == "tova") && !name.starts_with('.') && !is_test(path)
}

/// Whether a file holds tests alone.
pub(crate) fn is_test(path: &Path) -> bool {
    let name = path.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
    name.ends_with("_test.tova") || name.ends_with(".test.tova")
}

/// The folder of the program that the tests in `folder` belong to.
fn program_around(folder: &Path) -> PathBuf {
    if folder.file_name().is_none_or(|name| name != TESTS) {
        return folder.to_path_buf();
    }
    let parent = folder.parent().unwrap_or(folder);
    if parent.as_os_str().is_empty() { PathBuf::from(".") } else { parent.to_path_buf() }
}

/// Whether a folder of this name is never looked into.
pub(crate) fn is_skipped(name: &str) -> bool {
    name.starts_with('.') && name.len() > 1 || SKIPPED.contains(&name)
}

/// The path as a user would write it: without the `./` that the folder `.` brings along.
fn plain(root: &Path, path: PathBuf) -> PathBuf {
    if root == Path::new(".") { path.strip_prefix(".").map(Path::to_path_buf).unwrap_or(path) } else { path }
}

/// A link that leads nowhere.
fn dangling(path: &Path) -> Option<Problem> {
    let target = fs::read_link(path).ok()?;
    Some(Problem::new(format!("`{}` is a link to `{}`, which does not exist", path.display(), target.display())))
}

/// Nothing is at `path`: names what the user may have meant.
fn missing(path: &Path) -> Problem {
    let problem = Problem::new(format!("no such file or folder: `{}`", path.display()));
    let parent = path.parent().filter(|parent| !parent.as_os_str().is_empty()).unwrap_or(Path::new("."));
    let Ok(entries) = fs::read_dir(parent) else { return problem };
    let names: Vec<String> = entries
        .flatten()
        .filter(|entry| entry.path().is_dir() || is_source(&entry.path()))
        .map(|entry| entry.file_name().to_string_lossy().into_owned())
        .collect();
    let wanted = path.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
    let with_extension = format!("{wanted}.tova");
    let found = names
        .iter()
        .find(|name| **name == with_extension)
        .map(String::as_str)
        .or_else(|| closest(&wanted, names.iter().map(String::as_str)));
    match found {
        Some(name) => {
            let shown = if parent == Path::new(".") { PathBuf::from(name) } else { parent.join(name) };
            problem.help(format!("did you mean `{}`?", shown.display()))
        }
        None => problem,
    }
}

/// A folder directly below that holds a program.
fn program_below(root: &Path) -> Option<PathBuf> {
    let mut folders: Vec<PathBuf> =
        fs::read_dir(root).ok()?.flatten().map(|entry| entry.path()).filter(|path| path.is_dir()).collect();
    folders.sort();
    folders
        .into_iter()
        .filter(|folder| folder.file_name().is_some_and(|name| !is_skipped(&name.to_string_lossy())))
        .find(|folder| {
            fs::read_dir(folder)
                .is_ok_and(|mut entries| entries.any(|entry| entry.is_ok_and(|entry| is_source(&entry.path()))))
        })
        .map(|folder| plain(root, folder))
}
