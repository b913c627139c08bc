//! The pages of the syntax codes say what is so.

use tova_diagnostics::codes;
use tova_source::FileId;

use crate::ast::NodeId;

/// The first block of code after a heading.
fn block<'a>(page: &'a str, heading: &str) -> &'a str {
    let after = page.split_once(heading).map_or("", |(_, after)| after);
    after.split("```tova\n").nth(1).and_then(|block| block.split("```").next()).unwrap_or_default()
}

fn codes_of(text: &str) -> Vec<&'static str> {
    crate::parse(FileId(0), text, NodeId(0)).diagnostics.iter().map(|problem| problem.code.as_str()).collect()
}

#[test]
fn examples_give_their_code_and_no_other() {
    let syntax = codes::ALL.iter().filter(|entry| entry.code.as_str().starts_with("E00"));
    for entry in syntax {
        let code = entry.code.as_str();
        assert_eq!(codes_of(block(entry.page, "## Bad")), [code], "{code}");
        let good = block(entry.page, "## Good");
        assert!(!good.is_empty() && codes_of(good).is_empty(), "{code}");
    }
}
