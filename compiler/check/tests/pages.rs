//! The examples of the codes' pages: the bad one gives exactly its code, the good one nothing.

use tova_check::{Library, check};
use tova_diagnostics::codes;
use tova_source::SourceMap;

fn problems(text: &str) -> Vec<String> {
    let mut sources = SourceMap::default();
    let library = Library::load(&mut sources);
    let file = sources.add("page.tova", text);
    let parsed = tova_syntax::parse(file, text, library.end());
    let modules = [parsed.module];
    let checked = check(&library, &modules, parsed.next);
    let mut all = parsed.diagnostics;
    all.extend(checked.diagnostics);
    all.iter().map(|problem| problem.code.to_string()).collect()
}

fn example<'p>(page: &'p str, heading: &str) -> &'p str {
    let section = page.split(heading).nth(1).unwrap_or_default();
    section.split("```tova\n").nth(1).and_then(|rest| rest.split("\n```").next()).unwrap_or_default()
}

/// Codes that only later stages give.
fn is_later(code: &str) -> bool {
    code.starts_with("E03") && !matches!(code, "E0301" | "E0302" | "E0303")
}

#[test]
fn pages_show_what_they_describe() {
    let mut wrong = Vec::new();
    for entry in codes::ALL {
        let code = entry.code.to_string();
        if is_later(&code) {
            continue;
        }
        let (bad, good) = (problems(example(entry.page, "## Bad")), problems(example(entry.page, "## Good")));
        if bad != [code.clone()] {
            wrong.push(format!("{code}: the bad example gives {bad:?}"));
        }
        if !good.is_empty() {
            wrong.push(format!("{code}: the good example gives {good:?}"));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}
