//! `examples/todo`: functions of the server over a database, called by the page.

use libtest_mimic::Trial;
use serde_json::{Value, json};
use tova_tests::browser;
use tova_tests::http::Request;

use crate::app::{Server, example};
use crate::{holds, same, trial};

pub(crate) fn trials() -> Vec<Trial> {
    vec![
        trial("todo: calls of server functions", calls),
        trial("todo: bad calls are told and lose nothing", bad_calls),
        trial("todo: the list survives a restart", restart),
        trial("todo: add, toggle, filter, delete in the browser", tour),
    ]
}

fn call(server: &Server, function: &str, arguments: &Value) -> Result<Value, String> {
    let answer = server.ask(&Request::rpc(function, arguments))?;
    if answer.status == 200 {
        Ok(answer.json()["result"].clone())
    } else {
        Err(format!("{function}: {} {}", answer.status, answer.text()))
    }
}

fn calls() -> Result<(), String> {
    let server = example("todo")?.start("server", "todo-calls")?;
    same("empty", call(&server, "list_todos", &json!([]))?, json!([]))?;
    let first = json!({ "id": 1, "title": "Write \"it\" — ✓", "done": false });
    same("add", &call(&server, "add_todo", &json!(["Write \"it\" — ✓"]))?, &first)?;
    call(&server, "add_todo", &json!(["Ship"]))?;
    let done = json!({ "id": 2, "title": "Ship", "done": true });
    same("change", &call(&server, "set_done", &json!([2, true]))?, &done)?;
    same("list", call(&server, "list_todos", &json!([]))?, json!([first, done]))?;
    call(&server, "delete_todo", &json!([1]))?;
    same("delete", call(&server, "list_todos", &json!([]))?, json!([done]))
}

fn bad_calls() -> Result<(), String> {
    let server = example("todo")?.start("server", "todo-bad-calls")?;
    call(&server, "add_todo", &json!(["Stay"]))?;
    let large = format!("{{\"__args\":[\"{}\"]}}", "x".repeat(20_000_000));
    let cases = [
        (Request::rpc("add_todo", &json!([5])), 400, "VALIDATION_FAILED"),
        (Request::rpc("add_todo", &json!([])), 400, "VALIDATION_FAILED"),
        (Request::rpc("set_done", &json!([1.5, true])), 400, "VALIDATION_FAILED"),
        (Request::rpc("nope", &json!([])), 404, "NOT_FOUND"),
        (Request::post_json("/rpc/add_todo", "{\"__args\": ["), 400, "INVALID_JSON"),
        (Request::post_json("/rpc/add_todo", &large), 413, ""),
        (Request::new("POST", "/rpc/add_todo").header("content-type", "text/plain").body("{}"), 415, ""),
        (Request::rpc("add_todo", &json!(["x"])).header("origin", "http://elsewhere.example"), 403, ""),
        (Request::rpc("set_done", &json!([99, true])), 404, "NOT_FOUND"),
    ];
    for (request, status, code) in cases {
        let shown: String = String::from_utf8_lossy(&request.bytes()).chars().take(120).collect();
        let answer = server.ask(&request)?;
        same(&shown, answer.status, status)?;
        let found = answer.json()["error"]["code"].clone();
        holds(&format!("{shown}: code {found}"), found.is_string() && (code.is_empty() || found == code))?;
    }
    same("nothing lost, nothing added", call(&server, "list_todos", &json!([]))?.as_array().map(Vec::len), Some(1))
}

fn restart() -> Result<(), String> {
    let app = example("todo")?;
    let server = app.start("server", "todo-restart")?;
    call(&server, "add_todo", &json!(["Stay"]))?;
    let (folder, port) = (server.folder().to_owned(), server.port);
    drop(server);
    let server = app.start_in("server", &folder, port)?;
    let todos = call(&server, "list_todos", &json!([]))?;
    same("after a restart", todos, json!([{ "id": 1, "title": "Stay", "done": false }]))
}

fn tour() -> Result<(), String> {
    let server = example("todo")?.start("server", "todo-tour")?;
    let browser = browser::shared()?;
    browser.run("todo.tour", &json!({ "url": server.url() }))?;
    browser.run("todo.survivesFailure", &json!({})).map(drop)
}
