//! The script of a program: the parts of `runtime/client` that its module imports, and what those need.
//!
//! A part is a definition at the start of a line, `export const NAME = …` or without `export` for what parts share. In release
//! scripts spaces and comments go; in dev all parts are there, so that an edit never changes the script and a page can keep its state.

mod minify;
#[cfg(test)]
mod tests;

use std::collections::BTreeSet;
use std::sync::LazyLock;

use ecow::EcoString;

use crate::Mode;

/// The files, in the order in which they stand in the script.
const FILES: [&str; 11] = [
    include_str!("../../../runtime/client/dom.js"),
    include_str!("../../../runtime/client/events.js"),
    include_str!("../../../runtime/client/fault.js"),
    include_str!("../../../runtime/client/host.js"),
    include_str!("../../../runtime/client/keep.js"),
    include_str!("../../../runtime/client/task.js"),
    include_str!("../../../runtime/client/text.js"),
    include_str!("../../../runtime/client/value.js"),
    include_str!("../../../runtime/client/engine.js"),
    include_str!("../../../runtime/client/run.js"),
    include_str!("../../../runtime/client/start.js"),
];
/// The last lines of a page's script.
const PAGE: &str = include_str!("../../../runtime/client/page.js");
/// The same in dev.
const DEV: &str = include_str!("../../../runtime/client/dev.js");
/// What tests see of the page and do to it: in no other script.
const TEST: &str = include_str!("../../../runtime/client/test.js");
/// The last lines of a page with a test.
const PAGE_TESTS: &str = include_str!("../../../runtime/client/page_tests.js");
/// What the last lines of a page with a test name.
const PAGE_TEST_PARTS: [&str; 5] = ["load", "run", "report", "error_message", "ended"];
/// What the last lines of a page's script name.
const PAGE_PARTS: [&str; 3] = ["load", "start", "refused"];
/// What stands before the name of a string function of the engine in `engine.js`.
const ENGINE_PREFIX: &str = "js_";

/// A definition of a file.
#[derive(Clone, Copy, Debug)]
struct Part {
    name: &'static str,
    is_export: bool,
    /// The definition without `export`.
    text: &'static str,
}

/// The script of a page whose module imports these functions.
#[must_use]
pub(crate) fn page_script(imports: &[(EcoString, EcoString)], mode: Mode) -> String {
    match mode {
        Mode::Dev => {
            // It has all parts, whatever the module imports.
            static SCRIPT: LazyLock<String> =
                LazyLock::new(|| format!("{}{DEV}", body(&all_imports(), &all_shared(), Mode::Dev)));
            SCRIPT.clone()
        }
        Mode::Release => minify::minify(&format!("{}{PAGE}", body(imports, &PAGE_PARTS, mode))),
    }
}

/// The script of a page that runs the test that its address names.
#[must_use]
pub(crate) fn page_tests(imports: &[(EcoString, EcoString)], mode: Mode) -> String {
    format!("{}{PAGE_TESTS}", body(imports, &PAGE_TEST_PARTS, mode))
}

/// The parts that the imports and the names in `shared` need, and the import object; `x` is to become the module's exports.
#[must_use]
pub(crate) fn body(imports: &[(EcoString, EcoString)], shared: &[&str], mode: Mode) -> String {
    let parts = parts();
    let mut needed = BTreeSet::new();
    for name in shared {
        need(&parts, name, &mut needed);
    }
    let (mut platform, mut engine) = (Vec::new(), Vec::new());
    for (module, name) in imports {
        if module == "m" {
            platform.push(name.to_string());
            need(&parts, name, &mut needed);
        } else if module == "wasm:js-string" {
            let part = format!("{ENGINE_PREFIX}{name}");
            need(&parts, &part, &mut needed);
            engine.push(format!("{name}: {part}"));
        }
    }
    let mut script = String::new();
    for at in needed {
        if let Some(part) = parts.get(at) {
            script.push_str(part.text);
            script.push('\n');
        }
    }
    // A release module names the functions of the glue by their places.
    let (open, close) = if mode == Mode::Release { ('[', ']') } else { ('{', '}') };
    script.push_str(&format!(
        "const imports = {{ m: {open} {} {close}, \"wasm:js-string\": {{ {} }}, \"'\": new Proxy({{}}, {{ get: (_, k) => k }}) }};\n",
        platform.join(", "),
        engine.join(", ")
    ));
    script
}

/// Every function that a module could import.
fn all_imports() -> Vec<(EcoString, EcoString)> {
    let exported = page_parts().filter(|part| part.is_export);
    exported
        .map(|part| match part.name.strip_prefix(ENGINE_PREFIX) {
            Some(name) => ("wasm:js-string".into(), name.into()),
            None => ("m".into(), part.name.into()),
        })
        .collect()
}

/// Every part that is not a function of the module.
fn all_shared() -> Vec<&'static str> {
    page_parts().filter(|part| !part.is_export).map(|part| part.name).collect()
}

/// Adds a part and the parts that it names.
fn need(parts: &[Part], name: &str, needed: &mut BTreeSet<usize>) {
    let Some((at, part)) = parts.iter().enumerate().find(|(_, part)| part.name == name) else { return };
    if !needed.insert(at) {
        return;
    }
    for word in minify::names(part.text) {
        if word != name {
            need(parts, word, needed);
        }
    }
}

/// The definitions of all files.
fn parts() -> Vec<Part> {
    page_parts().chain(parts_of(TEST)).collect()
}

/// The definitions that a page may have.
fn page_parts() -> impl Iterator<Item = Part> {
    FILES.iter().flat_map(|file| parts_of(file))
}

fn parts_of(file: &'static str) -> Vec<Part> {
    let mut parts = Vec::new();
    let mut from = 0;
    let mut open: Option<(usize, &'static str, bool)> = None;
    for line in file.split_inclusive('\n') {
        let starts_something = line.starts_with(|c: char| c.is_alphabetic() || c == '/');
        if starts_something {
            if let Some((start, name, is_export)) = open.take() {
                parts.push(Part { name, is_export, text: file[start..from].trim_end() });
            }
            let (definition, is_export) = match line.strip_prefix("export ") {
                Some(rest) => (rest, true),
                None => (line, false),
            };
            if let Some(name) = defined(definition) {
                open = Some((from + line.len() - definition.len(), name, is_export));
            }
        }
        from += line.len();
    }
    if let Some((start, name, is_export)) = open {
        parts.push(Part { name, is_export, text: file[start..].trim_end() });
    }
    parts
}

/// The name that a line defines.
fn defined(line: &str) -> Option<&str> {
    let rest = ["const ", "let ", "function ", "async function "].iter().find_map(|start| line.strip_prefix(start))?;
    let end = rest.find(|c: char| !c.is_alphanumeric() && c != '_').unwrap_or(rest.len());
    rest.get(..end)
}
