//! What an edit makes is what a fresh start would make.

use std::fs;
use std::path::{Path, PathBuf};

use tova_backend_rust::GeneratedFile;

use super::{Artifacts, Loaded, Memory};
use crate::Project;

type Made = (Vec<Vec<GeneratedFile>>, Vec<(String, Vec<u8>)>);

fn made(project: &Project, memory: &mut Memory) -> Option<Made> {
    let loaded = Loaded::for_dev(project, Some(4000), memory).expect("readable");
    let Artifacts { services, page } = loaded.artifacts?;
    Some((services.into_iter().map(|service| service.files).collect(), page.map(|page| page.files).unwrap_or_default()))
}

/// A copy of an example whose first file is edited again and again.
fn edits(example: &str, edit: impl Fn(&str, usize) -> String) {
    let source = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../examples").join(example).join("app.tova");
    let text = fs::read_to_string(source).expect("an example");
    let folder: PathBuf = std::env::temp_dir().join(format!("tova-edits-{example}-{}", std::process::id()));
    fs::create_dir_all(&folder).expect("a folder");
    let path = folder.join("app.tova");
    fs::write(&path, &text).expect("written");
    let project = Project::find(&path).expect("a program");
    let mut memory = Memory::default();
    for line in (0..text.lines().count()).step_by(9) {
        fs::write(&path, edit(&text, line)).expect("written");
        assert_eq!(made(&project, &mut memory), made(&project, &mut Memory::default()), "line {line} of {example}");
    }
    fs::remove_dir_all(&folder).expect("removed");
}

fn with_line(text: &str, at: usize, new: &str) -> String {
    let mut lines: Vec<&str> = text.lines().collect();
    lines.insert(at, new);
    lines.join("\n")
}

#[test]
fn a_line_more_makes_what_a_fresh_start_makes() {
    edits("dashboard", |text, line| with_line(text, line, ""));
}

#[test]
fn other_texts_make_what_a_fresh_start_makes() {
    edits("todo", |text, line| {
        let mut lines: Vec<String> = text.lines().map(str::to_owned).collect();
        lines[line] = lines[line].replacen(['a', 'e'], "o", 1);
        lines.join("\n")
    });
}
