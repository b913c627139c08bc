//! Documentation as one Markdown text.

use std::fmt::Write as _;

use super::Docs;

pub(super) fn write(docs: &Docs) -> String {
    let mut out = format!("# {}\n", docs.name);
    for section in &docs.sections {
        let _ = writeln!(out, "\n## {}", section.title);
        for entry in &section.entries {
            let _ = writeln!(out, "\n### {} `{}`\n\n```tova\n{}\n```", entry.kind, entry.name, entry.signature);
            if !entry.effects.is_empty() {
                let _ = writeln!(out, "\n*{}*", entry.effects.join(", "));
            }
            if !entry.docs.is_empty() {
                let _ = writeln!(out, "\n{}", entry.docs);
            }
            if !entry.members.is_empty() {
                out.push('\n');
            }
            for (text, docs) in &entry.members {
                let docs = if docs.is_empty() { String::new() } else { format!(": {}", docs.replace('\n', " ")) };
                let _ = writeln!(out, "- `{text}`{docs}");
            }
        }
    }
    out
}
