//! The generated pages of the book: one page with all codes of diagnostics.

use std::fmt::Write as _;
use std::fs;
use std::path::PathBuf;

use tova_tests::paths;

use crate::run::say;

/// What to do with the pages.
#[derive(clap::Args)]
pub(crate) struct Arguments {
    /// Fail if a page is not up to date, and write nothing.
    #[arg(long)]
    check: bool,
}

/// Writes the page, or checks it.
pub(crate) fn book(arguments: &Arguments) -> Result<(), String> {
    if arguments.check {
        return check();
    }
    let (path, text) = (index(), errors()?);
    fs::write(&path, text).map_err(|error| format!("{}: {error}", path.display()))?;
    say(&format!("wrote {}", path.display()));
    Ok(())
}

/// Fails if the page is not what the codes' own pages say.
pub(crate) fn check() -> Result<(), String> {
    let path = index();
    if fs::read_to_string(&path).unwrap_or_default() == errors()? {
        return Ok(());
    }
    Err(format!("{} is stale; `cargo xtask book` writes it", path.display()))
}

fn index() -> PathBuf {
    paths::root().join("book/src/errors.md")
}

/// Families of codes by their first three characters, in the order of the book.
const FAMILIES: &[(&str, &str)] = &[
    ("E00", "Text and syntax"),
    ("E01", "Types"),
    ("E02", "Names and mutability"),
    ("E03", "Effects and control flow"),
    ("E04", "Modules"),
    ("E05", "Patterns"),
    ("E06", "Traits"),
    ("E07", "Placement: shared, server, client"),
    ("E08", "Server declarations"),
    ("E09", "Client declarations"),
    ("W", "Warnings"),
];

fn errors() -> Result<String, String> {
    let mut text = String::from(
        "<!-- Written by `cargo xtask book` from compiler/diagnostics/codes. -->\n\n# Errors and warnings\n\n\
         Every problem that `tova` reports in a program has a code. `tova explain CODE` shows the same page in the terminal.\n",
    );
    let pages = paths::files_below(&paths::root().join("compiler/diagnostics/codes"), "md");
    let mut placed = 0;
    for (family, title) in FAMILIES {
        let mut heading = Some(format!("\n## {title}\n"));
        for page in &pages {
            let code = page.file_stem().unwrap_or_default().to_string_lossy();
            if code.starts_with(family) {
                text.push_str(&heading.take().unwrap_or_default());
                let source = fs::read_to_string(page).map_err(|error| format!("{}: {error}", page.display()))?;
                let _ = write!(text, "\n{}", lowered(&source));
                placed += 1;
            }
        }
    }
    if placed == pages.len() { Ok(text) } else { Err("a code belongs to no family".to_owned()) }
}

/// A page with its headings two levels further down, code blocks left alone.
fn lowered(page: &str) -> String {
    let mut text = String::new();
    let mut in_code = false;
    for line in page.trim_end().lines() {
        in_code ^= line.starts_with("```");
        if line.starts_with('#') && !in_code {
            text.push_str("##");
        }
        text.push_str(line);
        text.push('\n');
    }
    text
}

#[cfg(test)]
mod tests {
    use super::{check, lowered};

    #[test]
    fn the_error_index_is_up_to_date() {
        assert_eq!(check(), Ok(()));
    }

    #[test]
    fn headings_go_down_and_code_stays() {
        assert_eq!(lowered("# E0001: a\n```tova\n# no heading\n```\n"), "### E0001: a\n```tova\n# no heading\n```\n");
    }
}
