//! Whole sessions: the order of messages, edits, cancelled and malformed requests.

mod client;

use client::Client;
use serde_json::{Value, json};
use tova_lsp::Ended;

const APP: &str = "untitled:app";

fn hover_at(line: u32, character: u32) -> Value {
    json!({ "textDocument": { "uri": APP }, "position": { "line": line, "character": character } })
}

#[test]
fn a_session_ends_properly_only_after_shutdown() {
    let mut client = Client::start();
    assert_eq!(client.request("shutdown", Value::Null), Ok(Value::Null));
    assert_eq!(client.request("textDocument/hover", hover_at(0, 0)), Err(-32600));
    assert_eq!(client.exit(), Ended::Properly);
    assert_eq!(Client::start().exit(), Ended::Abruptly);
}

#[test]
fn nothing_is_answered_before_the_session_is_open() {
    let mut client = Client::raw();
    assert_eq!(client.request("textDocument/hover", hover_at(0, 0)), Err(-32002));
    assert!(client.request("initialize", json!({ "capabilities": {} })).is_ok());
    assert_eq!(client.request("initialize", json!({ "capabilities": {} })), Err(-32600));
    client.exit();
}

#[test]
fn the_editor_chooses_what_columns_count() {
    for (offered, chosen) in
        [(json!(["utf-16", "utf-8"]), "utf-8"), (json!(["utf-16"]), "utf-16"), (Value::Null, "utf-16")]
    {
        let mut client = Client::raw();
        let abilities = json!({ "general": { "positionEncodings": offered } });
        let answer = client.request("initialize", json!({ "capabilities": abilities })).expect("it opens");
        assert_eq!(answer["capabilities"]["positionEncoding"], chosen);
        client.exit();
    }
}

#[test]
fn malformed_requests_are_refused_and_the_next_is_answered() {
    let mut client = Client::start();
    client.open(APP, "x = 1\n");
    assert_eq!(client.request("textDocument/unknown", hover_at(0, 0)), Err(-32601));
    assert_eq!(client.request("textDocument/hover", json!({})), Err(-32602));
    assert_eq!(client.request("textDocument/hover", json!([1, 2])), Err(-32602));
    assert_eq!(client.request("textDocument/hover", json!({ "textDocument": { "uri": APP } })), Err(-32602));
    let unknown =
        json!({ "textDocument": { "uri": "file:///nowhere/x.tova" }, "position": { "line": 0, "character": 0 } });
    assert_eq!(client.request("textDocument/hover", unknown), Ok(Value::Null));
    client.notify("textDocument/didChange", json!({ "nonsense": true }));
    client.notify("textDocument/unknown", Value::Null);
    // A place that is not there is moved into the text.
    assert!(client.request("textDocument/hover", hover_at(999, 999)).is_ok());
    assert!(client.request("textDocument/hover", hover_at(0, 0)).expect("an answer")["contents"]["value"].is_string());
    client.exit();
}

#[test]
fn edits_are_applied_in_their_order_and_problems_follow() {
    let mut client = Client::start();
    client.open(APP, "ü = \"😀\"\nx = 1\n");
    assert!(client.problems(APP, 1).is_empty());
    let place = |line: u32, character: u32| json!({ "line": line, "character": character });
    // After the emoji, in units of UTF-16; then in the text that the first edit made.
    let changes = json!([
        { "range": { "start": place(0, 7), "end": place(0, 8) }, "text": "\"\ny = usres" },
        { "range": { "start": place(1, 4), "end": place(1, 5) }, "text": "U" },
    ]);
    client.change(APP, 2, changes);
    let problems = client.problems(APP, 2);
    assert_eq!(problems.len(), 1, "{problems:?}");
    assert!(problems[0]["message"].as_str().is_some_and(|text| text.starts_with("`Usres` is not defined")));
    client.change(APP, 3, json!([{ "text": "x = 1\n" }]));
    assert!(client.problems(APP, 3).is_empty());
    client.exit();
}

#[test]
fn a_cancelled_request_is_not_worked_on() {
    let mut client = Client::start();
    client.open(APP, "fn f(a) { a + 1 }\n");
    // The cancellation is read before the program's thread comes to the request, or the answer is there already: both are right.
    let id = client.send("textDocument/documentSymbol", json!({ "textDocument": { "uri": APP } }));
    client.notify("$/cancelRequest", json!({ "id": id }));
    let answer = client.answer(&id);
    assert!(answer.is_ok() || answer == Err(-32800), "{answer:?}");
    client.exit();
}

#[test]
fn closing_a_text_takes_its_problems_back() {
    let mut client = Client::start();
    client.open(APP, "x = y\n");
    assert_eq!(client.problems(APP, 1).len(), 1);
    client.notify("textDocument/didClose", json!({ "textDocument": { "uri": APP } }));
    client.request("workspace/symbol", json!({ "query": "" })).expect("an answer");
    client.exit();
}

/// A folder that goes away.
struct Folder(std::path::PathBuf);

impl Folder {
    fn with(name: &str, files: &[(&str, &str)]) -> Self {
        let path = std::env::temp_dir().join(format!("tova-session-{name}-{}", std::process::id()));
        std::fs::create_dir_all(&path).expect("the system has room");
        for (name, text) in files {
            std::fs::write(path.join(name), text).expect("the system has room");
        }
        Self(path)
    }

    fn uri(&self, name: &str) -> String {
        format!("file://{}/{name}", self.0.display())
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        let _ = std::fs::remove_dir_all(&self.0);
    }
}

#[test]
fn a_name_of_a_file_beside_can_be_imported() {
    let folder = Folder::with("import", &[("shapes.tova", "pub fn area(r: Int) -> Int { r * r }\n")]);
    let uri = folder.uri("use.tova");
    let mut client = Client::start();
    client.open(&uri, "x = area(2)\n");
    let place = json!({ "line": 0, "character": 5 });
    let range = json!({ "start": place, "end": place });
    let params = json!({ "textDocument": { "uri": uri }, "range": range, "context": { "diagnostics": [] } });
    let actions = client.request("textDocument/codeAction", params).expect("an answer");
    let import =
        actions.as_array().and_then(|all| all.iter().find(|action| action["title"] == "import `area` from `./shapes`"));
    let edit = &import.unwrap_or_else(|| panic!("{actions}"))["edit"]["changes"][&uri][0];
    assert_eq!(edit["newText"], "import { area } from \"./shapes\"\n");
    client.change(&uri, 2, json!([{ "text": "import { area } from \"./shapes\"\nx = area(2)\n" }]));
    assert!(client.problems(&uri, 2).is_empty());
    client.exit();
}

#[test]
fn what_changes_on_disk_changes_the_program() {
    let folder = Folder::with("disk", &[("app.tova", ""), ("shapes.tova", "pub fn area(r: Int) -> Int { r * r }\n")]);
    let uri = folder.uri("app.tova");
    let mut client = Client::start();
    client.open(&uri, "import { area } from \"./shapes\"\nx = area(2)\n");
    assert!(client.problems(&uri, 1).is_empty());
    std::fs::write(folder.0.join("shapes.tova"), "pub fn size(r: Int) -> Int { r * r }\n").expect("written");
    client.notes.clear();
    let changes = json!({ "changes": [{ "uri": folder.uri("shapes.tova"), "type": 2 }] });
    client.notify("workspace/didChangeWatchedFiles", changes);
    let problems = client.problems(&uri, 1);
    assert_eq!(problems.first().map(|problem| &problem["code"]), Some(&json!("E0201")));
    client.exit();
}

#[test]
fn a_function_of_the_library_leads_to_its_text() {
    let mut client = Client::start();
    client.open(APP, "xs = [1] |> filter(fn(x) x > 1)\n");
    let places = client.request("textDocument/definition", hover_at(0, 14)).expect("an answer");
    let path = places[0]["uri"].as_str().and_then(|uri| uri.strip_prefix("file://")).expect("a file");
    let line =
        places[0]["range"]["start"]["line"].as_u64().and_then(|line| usize::try_from(line).ok()).expect("a line");
    let text = std::fs::read_to_string(path).expect("the file is there");
    assert!(text.lines().nth(line).is_some_and(|line| line.contains("fn filter")), "{places}");
    // It is shown and not checked.
    let uri = format!("file://{path}");
    client.open(&uri, &text);
    let symbols = client.request("textDocument/documentSymbol", json!({ "textDocument": { "uri": uri } }));
    assert_eq!(symbols, Ok(Value::Null));
    client.exit();
}
