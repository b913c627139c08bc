//! Random edits of the examples, in one session each: nothing panics, every request is answered, and after each edit the problems are those that
//! a fresh check of the same text finds.

mod client;

use std::fs;
use std::path::Path;

use client::Client;
use serde_json::{Value, json};
use tova_check::Library;
use tova_source::SourceMap;

/// A simple generator of random numbers (xorshift): the same seed gives the same edits.
struct Random(u64);

impl Random {
    fn below(&mut self, limit: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        usize::try_from(self.0 % limit.max(1) as u64).unwrap_or(0)
    }
}

const PIECES: &[&str] = &[
    "{",
    "}",
    "(",
    ")",
    "\"",
    "'",
    "x",
    ".",
    "= 1\n",
    "fn f() {\n",
    "<div>",
    "</",
    "match x {",
    "=>",
    "|>",
    "server {",
    "\n",
    "/*",
    "//",
    "ü😀",
    "route ",
    "[",
    "]",
    "state s = ",
    ",",
    ":",
    "@",
    "type T { ",
    "0",
    "$",
];

const REQUESTS: &[&str] = &[
    "hover",
    "definition",
    "typeDefinition",
    "implementation",
    "documentHighlight",
    "completion",
    "signatureHelp",
    "prepareRename",
    "documentSymbol",
    "foldingRange",
    "codeLens",
    "semanticTokens/full",
    "prepareCallHierarchy",
];

fn example(name: &str) -> String {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../examples").join(name).join("app.tova");
    fs::read_to_string(path).expect("the example is there")
}

/// Changes the text at a random place; gives the edit as the editor sends it.
fn edit(random: &mut Random, text: &mut String) -> Value {
    let boundaries: Vec<usize> = text.char_indices().map(|(at, _)| at).chain([text.len()]).collect();
    let from = random.below(boundaries.len());
    let cut = if random.below(2) == 0 { 0 } else { random.below(12) };
    let to = (from + cut).min(boundaries.len() - 1);
    let piece = if random.below(3) == 0 { "" } else { PIECES[random.below(PIECES.len())] };
    let range = json!({ "start": place(text, boundaries[from]), "end": place(text, boundaries[to]) });
    text.replace_range(boundaries[from]..boundaries[to], piece);
    json!({ "range": range, "text": piece })
}

fn place(text: &str, at: usize) -> Value {
    let before = &text[..at];
    let column: usize = before.rsplit('\n').next().unwrap_or("").chars().map(char::len_utf16).sum();
    json!({ "line": before.matches('\n').count(), "character": column })
}

fn fresh(text: &str) -> Vec<String> {
    let mut sources = SourceMap::default();
    let library = Library::load(&mut sources);
    let file = sources.add("app.tova", text);
    let parsed = tova_syntax::parse(file, text, library.end());
    let modules = [parsed.module];
    let checked = tova_check::check(&library, &modules, parsed.next);
    let mut all: Vec<_> =
        checked.diagnostics.into_iter().chain(parsed.diagnostics).filter(|d| d.span.file == file).collect();
    all.sort_by_key(|diagnostic| (diagnostic.span.file, diagnostic.span.start));
    let mut shown: Vec<String> = all.iter().map(|d| format!("{} {}", d.code, d.message)).collect();
    shown.sort();
    shown
}

fn replay(name: &str, seed: u64, rounds: i32) {
    let uri = "untitled:app";
    let mut random = Random(seed);
    let mut text = example(name);
    let mut client = Client::start();
    client.open(uri, &text);
    for version in 2..rounds {
        // Broken beyond recognition is not what editors hold: begin again now and then.
        let change = if version % 12 == 0 {
            text = example(name);
            json!({ "text": text })
        } else {
            edit(&mut random, &mut text)
        };
        client.change(uri, version, json!([change]));
        let at = random.below(text.len() + 1);
        let at = (0..=at).rev().find(|at| text.is_char_boundary(*at)).unwrap_or(0);
        let params = json!({ "textDocument": { "uri": uri }, "position": place(&text, at) });
        let request = format!("textDocument/{}", REQUESTS[random.below(REQUESTS.len())]);
        let answer = client.request(&request, params);
        assert!(answer.is_ok(), "seed {seed}, version {version}, {request}: {answer:?}\n{text}");
        let problems = client.problems(uri, version);
        let mut shown: Vec<String> = problems
            .iter()
            .map(|p| {
                let message = p["message"].as_str().unwrap_or("").to_owned();
                format!("{} {message}", p["code"].as_str().unwrap_or(""))
            })
            .collect();
        shown.sort();
        let wanted = fresh(&text);
        let alike = shown.len() == wanted.len() && shown.iter().zip(&wanted).all(|(a, b)| a.starts_with(b.as_str()));
        assert!(alike, "seed {seed}, version {version}:\n{shown:#?}\n{wanted:#?}\n{text}");
        client.notes.clear();
    }
    client.exit();
}

#[test]
fn edits_of_the_dashboard_give_what_a_fresh_check_gives() {
    (1..=3).for_each(|seed| replay("dashboard", seed, 40));
}

#[test]
fn edits_of_the_todo_list_give_what_a_fresh_check_gives() {
    (11..=13).for_each(|seed| replay("todo", seed, 40));
}

#[test]
fn edits_of_the_counter_give_what_a_fresh_check_gives() {
    (21..=23).for_each(|seed| replay("counter", seed, 40));
}
