//! Writing files so that nobody sees half of one.

use std::ffi::OsString;
use std::fs;
use std::path::{Path, PathBuf};

use crate::Problem;

/// Reads a text file.
pub(crate) fn read(path: &Path) -> Result<String, Problem> {
    let bytes = fs::read(path).map_err(|error| Problem::io("read", path, &error))?;
    String::from_utf8(bytes).map_err(|error| {
        let line =
            error.as_bytes()[..error.utf8_error().valid_up_to()].iter().filter(|byte| **byte == b'\n').count() + 1;
        Problem::new(format!("`{}` is not UTF-8 text (line {line})", path.display())).help("save the file as UTF-8")
    })
}

/// Makes a folder and those above it.
pub(crate) fn make_dir(path: &Path) -> Result<(), Problem> {
    fs::create_dir_all(path).map_err(|error| Problem::io("create the folder", path, &error))
}

/// Writes a file at once: a reader sees the old content or the new one.
pub(crate) fn write(path: &Path, content: impl AsRef<[u8]>) -> Result<(), Problem> {
    if let Some(parent) = path.parent() {
        make_dir(parent)?;
    }
    let beside = beside(path, "new");
    fs::write(&beside, content).map_err(|error| Problem::io("write", &beside, &error))?;
    fs::rename(&beside, path).map_err(|error| Problem::io("write", path, &error))
}

/// Writes a file unless it has this content already, so that its time of change stays. Whether it wrote.
pub(crate) fn write_if_changed(path: &Path, content: impl AsRef<[u8]>) -> Result<bool, Problem> {
    if fs::read(path).is_ok_and(|present| present == content.as_ref()) {
        return Ok(false);
    }
    write(path, content).map(|()| true)
}

/// Removes a folder and what is in it, if there is one.
pub(crate) fn remove_dir(path: &Path) -> Result<(), Problem> {
    match fs::remove_dir_all(path) {
        Err(error) if error.kind() != std::io::ErrorKind::NotFound => Err(Problem::io("remove", path, &error)),
        _ => Ok(()),
    }
}

/// Removes the files of a folder that `keep` does not name (as paths relative to it).
pub(crate) fn remove_others(dir: &Path, keep: &dyn Fn(&Path) -> bool) -> Result<(), Problem> {
    for path in list(dir)? {
        if path.strip_prefix(dir).is_ok_and(|relative| !keep(relative)) {
            fs::remove_file(&path).map_err(|error| Problem::io("remove", &path, &error))?;
        }
    }
    Ok(())
}

/// All files below a folder, in order of their paths; none if there is no such folder.
pub(crate) fn list(dir: &Path) -> Result<Vec<PathBuf>, Problem> {
    let mut files = Vec::new();
    let mut folders = vec![dir.to_path_buf()];
    while let Some(folder) = folders.pop() {
        let entries = match fs::read_dir(&folder) {
            Ok(entries) => entries,
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => continue,
            Err(error) => return Err(Problem::io("read the folder", &folder, &error)),
        };
        for entry in entries.flatten() {
            let path = entry.path();
            if path.is_dir() { folders.push(path) } else { files.push(path) }
        }
    }
    files.sort();
    Ok(files)
}

/// Puts the folder `new` in the place of `target`; what was there is gone afterwards. Both lie on one file system.
pub(crate) fn replace_dir(new: &Path, target: &Path) -> Result<(), Problem> {
    let old = beside(target, "old");
    remove_dir(&old)?;
    let had_one = target.exists();
    if had_one {
        fs::rename(target, &old).map_err(|error| Problem::io("replace", target, &error))?;
    }
    if let Err(error) = fs::rename(new, target) {
        if had_one {
            let _ = fs::rename(&old, target);
        }
        return Err(Problem::io("replace", target, &error));
    }
    remove_dir(&old)
}

/// Moves a file, to another file system too; it appears at once.
pub(crate) fn move_file(from: &Path, to: &Path) -> Result<(), Problem> {
    if fs::rename(from, to).is_ok() {
        return Ok(());
    }
    copy(from, to)?;
    fs::remove_file(from).map_err(|error| Problem::io("remove", from, &error))
}

/// Copies a file; the copy appears at once.
pub(crate) fn copy(from: &Path, to: &Path) -> Result<(), Problem> {
    let beside = beside(to, "new");
    fs::copy(from, &beside).map_err(|error| Problem::io("copy", from, &error))?;
    fs::rename(&beside, to).map_err(|error| Problem::io("write", to, &error))
}

/// `dir/.name.suffix` for `dir/name`, with the process in it so that two of us do not meet.
pub(crate) fn beside(path: &Path, suffix: &str) -> PathBuf {
    let mut name = OsString::from(".");
    name.push(path.file_name().unwrap_or_default());
    name.push(format!(".{}.{suffix}", std::process::id()));
    path.with_file_name(name)
}
