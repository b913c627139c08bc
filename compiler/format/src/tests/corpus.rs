//! All `.tova` text of the repository.

use std::fs;
use std::path::{Path, PathBuf};

/// The sources, with their names: files, and blocks in pages.
pub(super) fn sources() -> Vec<(String, String)> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..");
    let mut found = Vec::new();
    for folder in ["examples", "stdlib", "tests", "benches", "compiler", "book/src"] {
        let mut files = Vec::new();
        files_below(&root.join(folder), &mut files);
        files.sort();
        for file in files {
            let name = file.strip_prefix(&root).unwrap_or(&file).display().to_string();
            let text = fs::read_to_string(&file).expect("a readable file");
            if name.ends_with(".tova") {
                found.push((name, text));
            } else {
                let blocks = text.split("```tova\n").skip(1).filter_map(|rest| rest.split_once("```"));
                found.extend(
                    blocks.enumerate().map(|(index, (block, _))| (format!("{name}#{index}"), block.to_owned())),
                );
            }
        }
    }
    assert!(found.len() > 150, "only {} sources", found.len());
    found
}

fn files_below(folder: &Path, files: &mut Vec<PathBuf>) {
    let Ok(entries) = fs::read_dir(folder) else { return };
    for path in entries.flatten().map(|entry| entry.path()) {
        let name = path.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
        if path.is_dir() && !name.starts_with('.') && name != "target" && name != "node_modules" {
            files_below(&path, files);
        } else if path.extension().is_some_and(|extension| extension == "tova" || extension == "md") {
            files.push(path);
        }
    }
}
