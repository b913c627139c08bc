//! Watches the folders of a program's sources, and nothing else: not databases, not output, not uploads.

use std::collections::HashSet;
use std::path::{Path, PathBuf};
use std::sync::mpsc::{self, Receiver, RecvTimeoutError, Sender};
use std::thread;
use std::time::{Duration, Instant};

use notify::{RecommendedWatcher, RecursiveMode, Watcher as _};

use super::event::Event;
use crate::{Problem, project};

/// Silence that ends a burst of changes: editors write in several steps.
const QUIET: Duration = Duration::from_millis(6);
/// The longest that a burst is waited for.
const PATIENCE: Duration = Duration::from_millis(15);

/// Watches folders; sends [`Event::Changed`] after a burst of changes of sources.
pub(crate) struct Watch {
    watcher: RecommendedWatcher,
    folders: HashSet<PathBuf>,
}

impl Watch {
    /// Watches nothing so far.
    pub(crate) fn new(events: Sender<Event>) -> Result<Self, Problem> {
        let (changes, bursts) = mpsc::channel();
        let on_change = move |event: notify::Result<notify::Event>| {
            if event.is_ok_and(|event| concerns_sources(&event)) {
                let _ = changes.send(());
            }
        };
        let watcher = notify::recommended_watcher(on_change).map_err(|error| cannot_watch(Path::new("."), &error))?;
        thread::spawn(move || gather(&bursts, &events));
        Ok(Self { watcher, folders: HashSet::new() })
    }

    /// Watches the folders of these files too.
    pub(crate) fn add<'a>(&mut self, root: &Path, files: impl IntoIterator<Item = &'a PathBuf>) -> Result<(), Problem> {
        let parents =
            files.into_iter().filter_map(|file| file.parent()).filter(|parent| !parent.as_os_str().is_empty());
        for folder in std::iter::once(root).chain(parents) {
            if self.folders.insert(folder.to_path_buf()) {
                self.watcher
                    .watch(folder, RecursiveMode::NonRecursive)
                    .map_err(|error| cannot_watch(folder, &error))?;
            }
        }
        Ok(())
    }
}

fn concerns_sources(event: &notify::Event) -> bool {
    !event.kind.is_access() && event.paths.iter().any(|path| project::is_source(path))
}

fn cannot_watch(folder: &Path, error: &notify::Error) -> Problem {
    let problem = Problem::new(format!("cannot watch `{}`: {error}", folder.display()));
    if matches!(error.kind, notify::ErrorKind::MaxFilesWatch) {
        problem.help("raise the limit: `sudo sysctl fs.inotify.max_user_watches=524288`")
    } else {
        problem
    }
}

/// Turns bursts of changes into single events.
fn gather(changes: &Receiver<()>, events: &Sender<Event>) {
    while changes.recv().is_ok() {
        let end = Instant::now() + PATIENCE;
        loop {
            let wait = QUIET.min(end.saturating_duration_since(Instant::now()));
            match changes.recv_timeout(wait) {
                Ok(()) if Instant::now() < end => {}
                Err(RecvTimeoutError::Disconnected) => return,
                _ => break,
            }
        }
        if events.send(Event::Changed).is_err() {
            return;
        }
    }
}
