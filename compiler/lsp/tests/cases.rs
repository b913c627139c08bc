//! Requests at a mark, each with its answer beside it: `cases/REQUEST/NAME.tova` and `.snap`.
//!
//! `$0` is the cursor, `$0 … $1` a selection. A line `//- name.tova` begins another file of the program.
//! `BLESS=1` accepts the answers.

mod client;

use std::fmt::Write as _;
use std::fs;
use std::path::{Path, PathBuf};

use client::Client;
use libtest_mimic::{Arguments, Failed, Trial};
use serde_json::{Value, json};

fn main() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/cases");
    let mut trials = Vec::new();
    for request in sorted(&folder) {
        let method = request.file_name().expect("a folder has a name").to_string_lossy().into_owned();
        for case in sorted(&request).into_iter().filter(|path| path.extension().is_some_and(|e| e == "tova")) {
            let name = format!("{method}::{}", case.file_stem().expect("a file has a name").to_string_lossy());
            let method = method.clone();
            trials.push(Trial::test(name, move || run(&method, &case)));
        }
    }
    libtest_mimic::run(&Arguments::from_args(), trials).exit();
}

fn sorted(folder: &Path) -> Vec<PathBuf> {
    let mut paths: Vec<PathBuf> =
        fs::read_dir(folder).expect("the folder is there").flatten().map(|entry| entry.path()).collect();
    paths.sort();
    paths
}

fn run(method: &str, case: &Path) -> Result<(), Failed> {
    let text = fs::read_to_string(case)?;
    let actual = answer(method, &text);
    let expected = case.with_extension("snap");
    if std::env::var_os("BLESS").is_some() {
        fs::write(&expected, &actual)?;
        return Ok(());
    }
    let wanted = fs::read_to_string(&expected).unwrap_or_default();
    if wanted == actual { Ok(()) } else { Err(format!("--- expected\n{wanted}\n+++ actual\n{actual}").into()) }
}

/// A file of a case, its marks taken out.
struct File {
    uri: String,
    text: String,
    marks: Vec<Value>,
}

fn files(text: &str) -> Vec<File> {
    let mut files: Vec<(String, String)> = Vec::new();
    for line in text.split_inclusive('\n') {
        match line.strip_prefix("//- ") {
            Some(name) => files.push((name.trim().to_owned(), String::new())),
            None if files.is_empty() => files.push(("app.tova".to_owned(), line.to_owned())),
            None => files.last_mut().expect("there is one").1.push_str(line),
        }
    }
    files.into_iter().map(|(name, text)| file(&name, &text)).collect()
}

fn file(name: &str, text: &str) -> File {
    let mut clean = text.to_owned();
    let mut marks = Vec::new();
    for mark in ["$0", "$1"] {
        if let Some(at) = clean.find(mark) {
            clean.replace_range(at..at + mark.len(), "");
            let before = &clean[..at];
            let line = before.matches('\n').count();
            let column: usize = before.rsplit('\n').next().unwrap_or("").chars().map(char::len_utf16).sum();
            marks.push(json!({ "line": line, "character": column }));
        }
    }
    // The folder does not exist: nothing on disk takes part.
    File { uri: format!("untitled:/case/{name}"), text: clean, marks }
}

fn answer(method: &str, text: &str) -> String {
    let files = files(text);
    let folder = tempfolder(&files);
    let mut client = Client::start();
    for file in &files {
        client.open(&at(&folder, &file.uri), &file.text);
    }
    let marked = files.iter().find(|file| !file.marks.is_empty()).unwrap_or(&files[0]);
    let uri = at(&folder, &marked.uri);
    let out = ask(&mut client, method, &uri, &marked.marks);
    client.exit();
    let _ = fs::remove_dir_all(&folder);
    let mut shown = String::new();
    show(&out, 0, &mut shown);
    shown.replace(&format!("file://{}/", folder.display()), "").replace(&format!("{}/", folder.display()), "")
}

/// A folder of its own for each case, so that its files are one program.
fn tempfolder(files: &[File]) -> PathBuf {
    use std::sync::atomic::{AtomicU32, Ordering};
    static NEXT: AtomicU32 = AtomicU32::new(0);
    let number = NEXT.fetch_add(1, Ordering::Relaxed);
    let folder = std::env::temp_dir().join(format!("tova-lsp-{}-{number}", std::process::id()));
    fs::create_dir_all(&folder).expect("the system has room");
    for file in files {
        let name = file.uri.rsplit('/').next().expect("a name");
        fs::write(folder.join(name), &file.text).expect("the system has room");
    }
    fs::write(folder.join("tova.toml"), "").expect("the system has room");
    folder
}

fn at(folder: &Path, uri: &str) -> String {
    format!("file://{}/{}", folder.display(), uri.rsplit('/').next().expect("a name"))
}

fn ask(client: &mut Client, method: &str, uri: &str, marks: &[Value]) -> Value {
    let start = marks.first().cloned().unwrap_or_else(|| json!({ "line": 0, "character": 0 }));
    let end = marks.get(1).cloned().unwrap_or_else(|| start.clone());
    let all = json!({ "start": { "line": 0, "character": 0 }, "end": { "line": 9999, "character": 0 } });
    let mut params = json!({ "textDocument": { "uri": uri }, "position": start });
    let mut request = |method: &str, params: Value| match client.request(method, params) {
        Ok(value) => value,
        Err(code) => json!({ "error": code }),
    };
    match method {
        "diagnostics" => json!(client.problems(uri, 1)),
        "references" => {
            params["context"] = json!({ "includeDeclaration": true });
            request("textDocument/references", params)
        }
        "rename" => {
            let prepared = request("textDocument/prepareRename", params.clone());
            params["newName"] = json!("renamed");
            if prepared["placeholder"].as_str().is_some_and(|name| name.starts_with(char::is_uppercase)) {
                params["newName"] = json!("Renamed");
            }
            json!({ "prepared": prepared, "edit": request("textDocument/rename", params) })
        }
        "inlayHint" => request("textDocument/inlayHint", json!({ "textDocument": { "uri": uri }, "range": all })),
        "codeAction" => {
            let range = json!({ "start": start, "end": end });
            let context = json!({ "diagnostics": [] });
            request(
                "textDocument/codeAction",
                json!({ "textDocument": { "uri": uri }, "range": range, "context": context }),
            )
        }
        "selectionRange" => {
            request("textDocument/selectionRange", json!({ "textDocument": { "uri": uri }, "positions": [start] }))
        }
        "semanticTokens" => request("textDocument/semanticTokens/full", params),
        "formatting" => {
            let options = json!({ "tabSize": 2, "insertSpaces": true });
            request("textDocument/formatting", json!({ "textDocument": { "uri": uri }, "options": options }))
        }
        "rangeFormatting" => {
            let options = json!({ "tabSize": 2, "insertSpaces": true });
            let range = json!({ "start": start, "end": end });
            request(
                "textDocument/rangeFormatting",
                json!({ "textDocument": { "uri": uri }, "range": range, "options": options }),
            )
        }
        "workspaceSymbol" => request("workspace/symbol", json!({ "query": "us" })),
        "callHierarchy" => {
            let items = request("textDocument/prepareCallHierarchy", params);
            let item = json!({ "item": items[0] });
            json!({
                "incoming": request("callHierarchy/incomingCalls", item.clone()),
                "outgoing": request("callHierarchy/outgoingCalls", item),
            })
        }
        other => request(&format!("textDocument/{other}"), params),
    }
}

/// An answer for people: ranges as `line:column-line:column`, one entry a line, completions of the library left out.
fn show(value: &Value, depth: usize, out: &mut String) {
    let indent = "  ".repeat(depth);
    match value {
        Value::Array(items) => {
            for item in items {
                match inline(item) {
                    Some(text) => {
                        let _ = writeln!(out, "{indent}- {text}");
                    }
                    None => {
                        let _ = writeln!(out, "{indent}-");
                        show(item, depth + 1, out);
                    }
                }
            }
        }
        Value::Object(fields) if fields.contains_key("isIncomplete") => completions(value, out),
        Value::Object(fields) => {
            let mut fields: Vec<_> = fields.iter().collect();
            // The files of an edit have no order of their own.
            if fields.iter().all(|(name, _)| name.contains(".tova")) {
                fields.sort_by_key(|(name, _)| *name);
            }
            for (name, value) in fields {
                match inline(value) {
                    Some(text) if text.contains('\n') => {
                        let text = text.replace('\n', &format!("\n{indent}  | "));
                        let _ = writeln!(out, "{indent}{name}:\n{indent}  | {text}");
                    }
                    Some(text) => {
                        let _ = writeln!(out, "{indent}{name}: {text}");
                    }
                    None => {
                        let _ = writeln!(out, "{indent}{name}:");
                        show(value, depth + 1, out);
                    }
                }
            }
        }
        other => {
            let _ = writeln!(out, "{indent}{}", inline(other).unwrap_or_default());
        }
    }
}

fn inline(value: &Value) -> Option<String> {
    match value {
        Value::String(text) => Some(text.clone()),
        Value::Array(items) if items.is_empty() => Some("[]".to_owned()),
        Value::Array(items) if items.iter().all(Value::is_number) => Some(value.to_string()),
        Value::Array(_) => None,
        Value::Object(fields) => {
            let place =
                |value: &Value| Some(format!("{}:{}", value["line"].as_u64()? + 1, value["character"].as_u64()? + 1));
            if fields.contains_key("line") {
                return place(value);
            }
            match (fields.get("start"), fields.get("end")) {
                (Some(start), Some(end)) => Some(format!("{}-{}", place(start)?, place(end)?)),
                _ => match (fields.get("uri"), fields.get("range"), fields.len()) {
                    (Some(uri), Some(range), 2) => Some(format!("{} {}", uri.as_str()?, inline(range)?)),
                    _ => match (fields.get("range"), fields.get("newText"), fields.len()) {
                        (Some(range), Some(text), 2) => Some(format!("{} {text}", inline(range)?)),
                        _ => None,
                    },
                },
            }
        }
        other => Some(other.to_string()),
    }
}

fn completions(list: &Value, out: &mut String) {
    let items = list["items"].as_array().cloned().unwrap_or_default();
    let near = |item: &Value| item["sortText"].as_str().is_some_and(|text| text.starts_with(['0', '1', '2']));
    let some_near = items.iter().any(near);
    for item in items.iter().filter(|item| near(item) || !some_near) {
        let text = item["textEdit"]["newText"].as_str().unwrap_or("").replace('\n', "⏎");
        let detail = item["detail"].as_str().unwrap_or("").replace('\n', " ");
        let _ = writeln!(out, "{} | {text} | {detail}", item["label"].as_str().unwrap_or(""));
    }
    let rest = items.iter().filter(|item| some_near && !near(item)).count();
    if rest > 0 {
        let _ = writeln!(out, "({} more)", if rest > 20 { "many".to_owned() } else { rest.to_string() });
    }
}
