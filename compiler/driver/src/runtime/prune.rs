//! What the cache keeps.

use std::collections::HashSet;
use std::ffi::OsString;
use std::fs::{self, File};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::{Duration, SystemTime};

use crate::files;

/// How many runtimes are kept: the newest ones by their last use.
const KEPT: usize = 3;
/// How long the build of a script is kept.
const SCRIPT_AGE: Duration = Duration::from_secs(30 * 24 * 60 * 60);
/// In a runtime's folder: its time says when it was last used, a shared lock that it is in use.
const IN_USE: &str = "in-use";
/// In a runtime's folder: names the folder of its dependencies.
pub(super) const DEPS: &str = "deps";

/// Marks a runtime as used by this process for as long as the result lives. `None` if there is no such runtime, or the cache is read-only.
pub(super) fn hold(runtime: &Path) -> Option<Arc<File>> {
    let file = File::options().append(true).create(true).open(runtime.join(IN_USE)).ok()?;
    let _ = file.set_modified(SystemTime::now());
    file.try_lock_shared().ok()?;
    Some(Arc::new(file))
}

/// Removes runtimes that nobody has used for the longest time, the dependencies of those, and the builds of forgotten scripts. What
/// cannot be removed is left: the cache works as well with it.
pub(super) fn prune(root: &Path, own: &Path) {
    let mut runtimes: Vec<(SystemTime, PathBuf)> = folders(root)
        .filter(|folder| folder != own && folder.join("libtova_server.rlib").is_file())
        .map(|folder| (last_use(&folder), folder))
        .collect();
    runtimes.sort();
    runtimes.reverse();
    let mut kept = vec![own.to_path_buf()];
    for (_, folder) in runtimes {
        if kept.len() < KEPT || !remove(&folder, IN_USE) {
            kept.push(folder);
        }
    }
    // Runtimes of the past did not name their dependencies: as long as there are any, all dependencies stay.
    let used: Option<HashSet<OsString>> =
        kept.iter().map(|folder| fs::read_to_string(folder.join(DEPS)).ok().map(OsString::from)).collect();
    if let Some(used) = used {
        for folder in folders(root) {
            let name = folder.file_name().unwrap_or_default();
            if name.to_string_lossy().starts_with("deps-") && !used.contains(name) {
                remove(&folder, "lock");
            }
        }
    }
    let is_old =
        |folder: &PathBuf| SystemTime::now().duration_since(modified(folder)).is_ok_and(|age| age > SCRIPT_AGE);
    for folder in folders(&root.join("run")).filter(is_old) {
        let _ = files::remove_dir(&folder);
    }
}

/// Removes a folder unless somebody holds the lock file in it. Whether it is gone.
fn remove(folder: &Path, lock: &str) -> bool {
    let Ok(file) = File::options().append(true).create(true).open(folder.join(lock)) else { return false };
    file.try_lock().is_ok() && files::remove_dir(folder).is_ok()
}

fn folders(root: &Path) -> impl Iterator<Item = PathBuf> {
    fs::read_dir(root).into_iter().flatten().flatten().map(|entry| entry.path()).filter(|path| path.is_dir())
}

fn last_use(runtime: &Path) -> SystemTime {
    modified(&runtime.join(IN_USE)).max(modified(&runtime.join("libtova_server.rlib")))
}

fn modified(path: &Path) -> SystemTime {
    fs::metadata(path).and_then(|about| about.modified()).unwrap_or(SystemTime::UNIX_EPOCH)
}

#[cfg(test)]
mod tests {
    use super::{DEPS, hold, prune};
    use std::fs::{self, File};
    use std::path::{Path, PathBuf};
    use std::time::{Duration, SystemTime};

    fn runtime(root: &Path, age: u64) -> PathBuf {
        let folder = root.join(format!("0.1.0-{age}"));
        fs::create_dir_all(root.join(format!("deps-{age}"))).expect("a folder");
        fs::create_dir_all(&folder).expect("a folder");
        fs::write(folder.join(DEPS), format!("deps-{age}")).expect("a file");
        let library = File::create(folder.join("libtova_server.rlib")).expect("a file");
        library.set_modified(SystemTime::now() - Duration::from_secs(age)).expect("a time");
        folder
    }

    #[test]
    fn the_newest_and_those_in_use_stay() {
        let root = std::env::temp_dir().join(format!("tova-prune-{}", std::process::id()));
        let _ = fs::remove_dir_all(&root);
        let folders: Vec<PathBuf> = [100, 200, 300, 400, 500].map(|age| runtime(&root, age)).into();
        let oldest = folders.last().expect("five");
        // Held, but long ago.
        let held = hold(oldest).expect("a lock");
        held.set_modified(SystemTime::now() - Duration::from_secs(600)).expect("a time");
        prune(&root, &folders[0]);
        let present =
            |age: u64| (root.join(format!("0.1.0-{age}")).exists(), root.join(format!("deps-{age}")).exists());
        assert_eq!(
            [100, 200, 300, 400, 500].map(present),
            [(true, true), (true, true), (true, true), (false, false), (true, true)]
        );
        drop(held);
        prune(&root, &folders[0]);
        assert_eq!(present(500), (false, false));
        fs::remove_dir_all(&root).expect("removed");
    }
}
