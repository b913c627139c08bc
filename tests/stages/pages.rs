//! `compiler/diagnostics/codes/CODE.md`: a title, why, a bad example that gives exactly this code, a good one that is clean. And the examples of
//! the book.

use std::fs;
use std::path::Path;

use libtest_mimic::Trial;
use tova_diagnostics::codes;
use tova_tests::paths;

use crate::stage::check;

/// One test a code, one for pages without a code, and one a page of the book.
pub(crate) fn trials() -> Vec<Trial> {
    let mut trials: Vec<Trial> = codes::ALL
        .iter()
        .map(|entry| {
            let (code, page) = (entry.code.as_str(), entry.page);
            Trial::test(format!("page of {code}"), move || Ok(page_is_true(code, page)?))
        })
        .collect();
    trials.push(Trial::test("codes are sorted and every page has one", || Ok(table_is_complete()?)));
    let book = paths::root().join("book/src");
    for page in ["guide", "reference"].iter().flat_map(|part| paths::files_below(&book.join(part), "md")) {
        let name = page.strip_prefix(&book).unwrap_or(&page).display().to_string();
        trials.push(Trial::test(format!("examples of {name}"), move || Ok(book_is_true(&page)?)));
    }
    trials
}

fn book_is_true(page: &Path) -> Result<(), String> {
    let text = fs::read_to_string(page).map_err(|error| error.to_string())?;
    for block in text.split("```tova\n").skip(1).filter_map(|rest| rest.split("\n```").next()) {
        let listed = check(block).listed();
        if !listed.is_empty() {
            return Err(format!("{block}\n{listed}"));
        }
    }
    Ok(())
}

fn page_is_true(code: &str, page: &str) -> Result<(), String> {
    let title = page.lines().next().unwrap_or_default();
    let words = title.strip_prefix(&format!("# {code}: ")).ok_or(format!("the first line is `{title}`"))?;
    if words.trim().is_empty() || words.contains("page follows") {
        return Err("the page has no title".to_owned());
    }
    let (why, examples) = page.split_once("\n## Bad\n").ok_or("no `## Bad`")?;
    let (bad, good) = examples.split_once("\n## Good\n").ok_or("no `## Good`")?;
    if why.lines().skip(1).all(|line| line.trim().is_empty()) {
        return Err("the page does not say why".to_owned());
    }
    let found = codes_of(block(bad)?);
    if found != [code] {
        return Err(format!("the bad example gives {found:?}"));
    }
    let problems = check(block(good)?);
    let listed = problems.listed();
    if listed.is_empty() { Ok(()) } else { Err(format!("the good example is not clean:\n{listed}")) }
}

/// The different codes that a source gives, in order.
fn codes_of(source: &str) -> Vec<&'static str> {
    let mut found: Vec<&str> = check(source).diagnostics.iter().map(|problem| problem.code.as_str()).collect();
    found.dedup();
    found
}

/// The only `tova` block of a section.
fn block(section: &str) -> Result<&str, String> {
    let mut blocks = section.split("```tova\n").skip(1).filter_map(|rest| rest.split("\n```").next());
    match (blocks.next(), blocks.next()) {
        (Some(block), None) => Ok(block),
        (None, _) => Err("a section has no tova block".to_owned()),
        (Some(_), Some(_)) => Err("a section has more than one tova block".to_owned()),
    }
}

fn table_is_complete() -> Result<(), String> {
    let codes: Vec<&str> = codes::ALL.iter().map(|entry| entry.code.as_str()).collect();
    if !codes.is_sorted() {
        return Err("the rows of codes.rs are not in order".to_owned());
    }
    let pages = paths::files_below(&paths::root().join("compiler/diagnostics/codes"), "md");
    let strays: Vec<String> = pages
        .iter()
        .filter_map(|path| path.file_stem()?.to_str())
        .filter(|name| !codes.contains(name))
        .map(ToOwned::to_owned)
        .collect();
    if strays.is_empty() { Ok(()) } else { Err(format!("no row in codes.rs for {}", strays.join(", "))) }
}
