//! Rules for the files themselves.

use std::fs;
use std::path::Path;

use tova_tests::paths;

/// A Rust file is one room; longer ones want dividing.
const MOST_LINES: usize = 600;

/// Files that may be longer, each with a reason: tables and generated files.
const LONG: &[&str] = &[];

/// Folders that hold no sources of ours.
const FOREIGN: &[&str] = &["target", "node_modules", ".git", "dist", ".tova"];

/// Checks the length of every Rust file, the end of every text file, and where the links of the documents lead.
pub(crate) fn tidy() -> Result<(), String> {
    let wrong = untidy(&paths::root());
    if wrong.is_empty() { Ok(()) } else { Err(format!("not tidy:\n  {}", wrong.join("\n  "))) }
}

fn untidy(root: &Path) -> Vec<String> {
    let mut wrong = Vec::new();
    let mut open = vec![root.to_owned()];
    while let Some(folder) = open.pop() {
        for entry in fs::read_dir(&folder).into_iter().flatten().flatten() {
            let (path, name) = (entry.path(), entry.file_name());
            if path.is_dir() {
                if !FOREIGN.iter().any(|foreign| name == *foreign) {
                    open.push(path);
                }
            } else if let Ok(text) = fs::read_to_string(&path) {
                let name = path.strip_prefix(root).unwrap_or(&path).display().to_string();
                wrong.extend(look(&name, &text));
                if name.ends_with(".md") {
                    wrong.extend(dead_links(&path, &text).map(|link| format!("{name}: `{link}` leads nowhere")));
                }
            }
        }
    }
    wrong.sort();
    wrong
}

/// The links of a document to files that do not exist.
fn dead_links<'a>(document: &'a Path, text: &'a str) -> impl Iterator<Item = &'a str> {
    let folder = document.parent().unwrap_or(Path::new(""));
    text.split("](")
        .skip(1)
        .filter_map(|rest| rest.split([')', '#']).next())
        .filter(|link| !link.is_empty() && !link.contains("://"))
        .filter(|link| !folder.join(link).exists())
}

fn look(name: &str, text: &str) -> Option<String> {
    let lines = text.lines().count();
    if name.ends_with(".rs") && lines > MOST_LINES && !LONG.contains(&name) {
        return Some(format!("{name}: {lines} lines, more than {MOST_LINES}"));
    }
    let is_text = [".rs", ".tova", ".md", ".toml", ".mjs", ".js"].iter().any(|extension| name.ends_with(extension));
    if is_text && !text.is_empty() && !text.ends_with('\n') {
        return Some(format!("{name}: no line end after the last line"));
    }
    if LONG.contains(&name) && lines <= MOST_LINES {
        return Some(format!("{name}: short enough to leave the list of long files"));
    }
    None
}

#[cfg(test)]
mod tests {
    use super::{look, untidy};

    #[test]
    fn the_repository_is_tidy() {
        assert_eq!(untidy(&tova_tests::paths::root()), Vec::<String>::new());
    }

    #[test]
    fn a_long_file_and_a_missing_line_end_are_found() {
        assert!(look("a.rs", &"x\n".repeat(601)).is_some());
        assert!(look("a.rs", &"x\n".repeat(600)).is_none());
        assert!(look("a.md", "x").is_some());
    }
}
