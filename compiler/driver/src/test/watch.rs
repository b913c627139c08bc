//! Waits for changes of what tests are made of.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::sync::mpsc::{self, Receiver};
use std::time::Duration;

use notify::{RecommendedWatcher, RecursiveMode, Watcher as _};

use crate::frontend::Sources;
use crate::project::{is_source, is_test};
use crate::{Problem, Project};

/// Silence that ends a burst of changes: editors write in several steps.
const QUIET: Duration = Duration::from_millis(20);

/// Watches the files of programs, their tests included.
#[derive(Debug)]
pub struct TestWatch {
    watcher: RecommendedWatcher,
    changes: Receiver<()>,
    folders: BTreeSet<PathBuf>,
}

impl TestWatch {
    /// Watches nothing so far.
    ///
    /// # Errors
    /// If the system offers no way to watch.
    pub fn new() -> Result<Self, Problem> {
        let (sender, changes) = mpsc::channel();
        let on_change = move |event: notify::Result<notify::Event>| {
            let concerns = |path: &PathBuf| is_source(path) || is_test(path);
            if event.is_ok_and(|event| !event.kind.is_access() && event.paths.iter().any(concerns)) {
                let _ = sender.send(());
            }
        };
        let watcher = notify::recommended_watcher(on_change).map_err(|error| cannot_watch(Path::new("."), &error))?;
        Ok(Self { watcher, changes, folders: BTreeSet::new() })
    }

    /// Watches the folders of a program, as its files lie now.
    ///
    /// # Errors
    /// If a folder cannot be watched.
    pub fn add(&mut self, project: &Project) -> Result<(), Problem> {
        let files = Sources::load(project).map(|sources| sources.files).unwrap_or_default();
        let parents = files.iter().filter_map(|(path, _)| path.parent()).map(Path::to_path_buf);
        let folders: Vec<PathBuf> = std::iter::once(project.root.clone()).chain(parents).collect();
        for folder in folders.into_iter().filter(|folder| folder.is_dir()) {
            if self.folders.insert(folder.clone()) {
                let watched = self.watcher.watch(&folder, RecursiveMode::NonRecursive);
                watched.map_err(|error| cannot_watch(&folder, &error))?;
            }
        }
        Ok(())
    }

    /// Waits until something has changed and is quiet again.
    pub fn wait(&self) {
        if self.changes.recv().is_ok() {
            while self.changes.recv_timeout(QUIET).is_ok() {}
        }
    }
}

fn cannot_watch(folder: &Path, error: &notify::Error) -> Problem {
    Problem::new(format!("cannot watch `{}`: {error}", folder.display()))
}
