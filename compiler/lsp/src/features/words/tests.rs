//! Every declaration has its completion, its hover and its entry in the outline.

use std::path::PathBuf;
use std::sync::Arc;

use lsp_server::{Request, RequestId};
use serde_json::{Value, json};

use super::{CLIENT_WORDS, SERVER_WORDS, SETTINGS, WORDS};
use crate::analysis::check;
use crate::features::{answer, completion};
use crate::files::{Document, Files};
use crate::position::Encoding;
use crate::project::Root;
use crate::snapshot::{Client, Snapshot};

const NAME: &str = "untitled:words";

/// Asks about the place of `$` in a text, which is taken out.
fn ask(method: &str, text: &str) -> Value {
    let at = text.find('$').unwrap_or(0);
    let before = text.get(..at).unwrap_or("");
    let position =
        json!({ "line": before.matches('\n').count(), "character": before.rsplit('\n').next().map_or(0, str::len) });
    let path = PathBuf::from(NAME);
    let uri = gen_lsp_types::Uri(NAME.to_owned());
    let mut files = Files::new(Root::File(path.clone()));
    files.open(path, Document { uri, version: 1, text: Arc::from(text.replacen('$', "", 1)) });
    files.update();
    let checked = check(&files);
    let client = Client { encoding: Encoding::Utf16, snippets: true, width: |_| 100 };
    let snapshot = Snapshot::new(&files, &checked, client);
    let params = json!({ "textDocument": { "uri": NAME }, "position": position });
    let request = Request { id: RequestId::from(1), method: format!("textDocument/{method}"), params };
    answer(&snapshot, &request).expect("an answer")
}

fn labels(list: &Value) -> Vec<String> {
    let items = list["items"].as_array().cloned().unwrap_or_default();
    items.iter().filter_map(|item| Some(item["label"].as_str()?.to_owned())).collect()
}

fn declarations() -> impl Iterator<Item = (&'static str, &'static str)> {
    let server = SERVER_WORDS.iter().map(|word| ("server", *word));
    server.chain(CLIENT_WORDS.iter().map(|word| ("client", *word)))
}

#[test]
fn every_declaration_is_offered_where_it_may_stand() {
    for (block, word) in declarations() {
        let offered = labels(&ask("completion", &format!("{block} {{\n  $\n}}\n")));
        assert!(offered.iter().any(|label| label == word), "`{word}` is not offered in `{block}`: {offered:?}");
    }
}

#[test]
fn every_declaration_says_what_it_is_for() {
    for (block, word) in declarations() {
        let snippet = WORDS.iter().find(|entry| entry.word == word).map_or(word, |entry| entry.snippet);
        let text = completion::without_places(snippet).replacen(word, &format!("$ {word}"), 1).replacen("$ ", "$", 1);
        let hover = ask("hover", &format!("{block} {{\n  {text}\n}}\n"));
        let docs = hover["contents"]["value"].as_str().unwrap_or("");
        assert!(docs.contains(super::docs(word).expect("the word has its text")), "`{word}`: {hover}");
    }
}

#[test]
fn every_declaration_has_an_entry_in_the_outline() {
    for (block, word) in declarations() {
        let snippet = WORDS.iter().find(|entry| entry.word == word).map_or(word, |entry| entry.snippet);
        // A value where the snippet leaves the place open.
        let text = completion::without_places(snippet).replace("= ", "= 1").replace("[\"\"]", "[]");
        let outline = ask("documentSymbol", &format!("{block} {{\n  {text}\n}}\n"));
        let children = outline[0]["children"].as_array().map_or(0, Vec::len);
        assert_eq!(children, 1, "`{word}` in {text}: {outline}");
    }
}

#[test]
fn settings_are_those_that_the_checker_knows() {
    let of_blocks = tova_check::SETTINGS.iter().flat_map(|(block, keys)| keys.iter().map(move |key| (*block, *key)));
    let known: Vec<_> = of_blocks.chain(tova_check::MODEL_SETTINGS.iter().map(|key| ("model", *key))).collect();
    let described: Vec<_> = SETTINGS.iter().map(|(block, key, _)| (*block, *key)).collect();
    assert_eq!(described, known);
    for (block, key) in known.iter().filter(|(block, _)| *block != "model") {
        let offered = labels(&ask("completion", &format!("server {{\n  {block} {{\n    $\n  }}\n}}\n")));
        assert!(offered.iter().any(|label| label == key), "`{key}` is not offered in `{block}`");
    }
}
