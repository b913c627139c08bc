//! The page under `tova dev`: its files in a folder that a server serves, and what open pages are told when they change.

use std::path::{Path, PathBuf};

use serde_json::{Value, json};

use super::hub::Hub;
use crate::artifacts::PageSource;
use crate::{Problem, files};

/// The script that every page gets under `tova dev`.
const SCRIPT: &str = include_str!("page.js");
/// Its name on the wire.
pub(super) const SCRIPT_NAME: &str = "tova-dev.js";

/// The folder of the page.
pub(crate) struct PageFolder {
    folder: PathBuf,
    present: Option<PageSource>,
}

impl PageFolder {
    /// Nothing is in it so far.
    pub(crate) fn new(folder: PathBuf) -> Self {
        Self { folder, present: None }
    }

    /// Where it is.
    pub(crate) fn path(&self) -> &Path {
        &self.folder
    }

    /// Writes the files that have changed. Gives what to tell open pages, with the version, if there is anything to tell.
    pub(crate) fn write(&mut self, page: PageSource, hub: &Hub) -> Result<Option<(String, Value)>, Problem> {
        if self.present.as_ref().is_some_and(|present| present.files == page.files) {
            return Ok(None);
        }
        let version = page.version.clone();
        for (path, content) in &page.files {
            let content = if path == "index.html" { with_script(content) } else { content.clone() };
            files::write_if_changed(&self.folder.join(path), content)?;
        }
        files::write_if_changed(&self.folder.join(SCRIPT_NAME), script(hub.port(), &version))?;
        files::remove_others(&self.folder, &|relative| {
            relative == Path::new(SCRIPT_NAME) || page.files.iter().any(|(path, _)| relative == Path::new(path))
        })?;
        let old = self.present.replace(page.clone());
        if old.as_ref().is_some_and(|old| old.version == version) {
            // Its code has only moved in the program: open pages need not know.
            return Ok(None);
        }
        let change = old.map_or(Value::Null, |old| change(&old, &page, &version));
        Ok(Some((version, change)))
    }
}

/// What open pages have to know: whether a new module (and style) is all that is new, and where these are.
fn change(old: &PageSource, new: &PageSource, version: &str) -> Value {
    let content = |page: &PageSource, path: &str| {
        page.files.iter().find(|(name, _)| name == path).map(|(_, content)| content.clone())
    };
    let is_swappable = |path: &str| path.ends_with(".wasm") || path.ends_with(".css") || path.ends_with(".map");
    let paths = || old.files.iter().chain(&new.files).map(|(path, _)| path.as_str());
    let swap = paths().filter(|path| content(old, path) != content(new, path)).all(is_swappable);
    let fresh = |extension: &str| {
        let file = new.files.iter().find(|(path, _)| path.ends_with(extension));
        file.map(|(path, _)| format!("/{path}?v={version}"))
    };
    json!({ "version": version, "swap": swap, "wasm": fresh(".wasm"), "css": fresh(".css") })
}

/// The script for a page of this version; a page that waits for the program has none.
pub(super) fn script(port: u16, version: &str) -> String {
    format!("const PORT = {port}, VERSION = \"{version}\";\n{SCRIPT}")
}

/// The page with our script at the end of its head.
fn with_script(html: &[u8]) -> Vec<u8> {
    let html = String::from_utf8_lossy(html);
    let tag = format!("<script type=\"module\" src=\"/{SCRIPT_NAME}\"></script>");
    match html.find("</head>") {
        Some(place) => format!("{}{tag}{}", &html[..place], &html[place..]).into_bytes(),
        None => format!("{tag}{html}").into_bytes(),
    }
}

#[cfg(test)]
mod tests {
    use super::{change, with_script};
    use crate::artifacts::PageSource;

    fn page(files: &[(&str, &str)]) -> PageSource {
        let files = files.iter().map(|(path, content)| ((*path).to_owned(), content.as_bytes().to_vec())).collect();
        PageSource { files, ..PageSource::default() }
    }

    #[test]
    fn a_new_module_is_swapped_in_and_a_new_script_is_not() {
        let old = page(&[("index.html", "<p>"), ("client.wasm", "1"), ("client.js", "a")]);
        let wasm = page(&[("index.html", "<p>"), ("client.wasm", "2"), ("client.js", "a")]);
        let js = page(&[("index.html", "<p>"), ("client.wasm", "2"), ("client.js", "b")]);
        assert_eq!(change(&old, &wasm, "7")["swap"], true);
        assert_eq!(change(&old, &wasm, "7")["wasm"], "/client.wasm?v=7");
        assert_eq!(change(&old, &js, "7")["swap"], false);
    }

    #[test]
    fn the_script_stands_in_the_head() {
        let html = String::from_utf8(with_script(b"<head><title>x</title></head><body>")).expect("text");
        assert_eq!(html, "<head><title>x</title><script type=\"module\" src=\"/tova-dev.js\"></script></head><body>");
    }
}
