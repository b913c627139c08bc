//! `examples/dashboard`: two servers, middleware, a socket, a page.

use libtest_mimic::Trial;
use serde_json::{Value, json};
use std::fs;
use std::time::Duration;

use tova_tests::http::Request;
use tova_tests::process::{Program, free_ports};
use tova_tests::socket::Socket;
use tova_tests::wait::until;
use tova_tests::{browser, paths};

use crate::app::{Server, example, token};
use crate::{holds, same, trial};

pub(crate) fn trials() -> Vec<Trial> {
    vec![
        trial("dashboard: users over HTTP", users),
        trial("dashboard: no user without a token", tokens),
        trial("dashboard: bad input is told and loses nothing", bad_input),
        trial("dashboard: the hundredth request is the last", rate_limit),
        trial("dashboard: what the page does not call is not public", not_public),
        trial("dashboard: the page comes with a strict policy", page_headers),
        trial("dashboard: messages go to all other sockets", broadcast),
        trial("dashboard: an unreadable database is one clear line", unreadable_database),
        trial("dashboard: users and live events in the browser", in_the_browser),
    ]
}

fn api(test: &str) -> Result<Server, String> {
    example("dashboard")?.start("api", &format!("dashboard-{test}"))
}

/// A request with a token, counted under a name of its own by the rate limit.
fn signed(request: Request) -> Result<Request, String> {
    Ok(request.bearer(&token()?))
}

fn ada() -> Request {
    Request::post_json("/api/users", r#"{"name": "Ada", "email": "ada@example.org"}"#)
}

fn users() -> Result<(), String> {
    let server = api("users")?;
    let created = server.ask(&signed(ada())?)?;
    let user = json!({ "id": 1, "name": "Ada", "email": "ada@example.org" });
    same("create", (created.status, created.json()), (200, user.clone()))?;
    same("cors", created.header("access-control-allow-origin"), Some("*"))?;
    let list = server.ask(&signed(Request::get("/api/users"))?)?;
    same("list", (list.status, list.json()), (200, json!([user])))?;
    let one = server.ask(&signed(Request::get("/api/users/1"))?)?;
    same("one", (one.status, one.json()), (200, user.clone()))?;
    let missing = server.ask(&signed(Request::get("/api/users/99"))?)?;
    same("missing", (missing.status, code(&missing.json())), (404, Some("NOT_FOUND".into())))?;
    let rpc = server.ask(&signed(Request::rpc("list_users", &json!([])))?)?;
    same("over RPC", (rpc.status, rpc.json()), (200, json!({ "result": [user] })))
}

fn code(answer: &Value) -> Option<String> {
    Some(answer["error"]["code"].as_str()?.to_owned())
}

fn tokens() -> Result<(), String> {
    let server = api("tokens")?;
    let bare = server.ask(&Request::get("/api/users"))?;
    same("no token", (bare.status, bare.json()), (401, json!({ "error": "Unauthorized" })))?;
    same("cors ran before", bare.header("access-control-allow-origin"), Some("*"))?;
    same("no token over RPC", server.ask(&Request::rpc("list_users", &json!([])))?.status, 401)?;
    let mut forged = token()?;
    let last = forged.pop();
    forged.push(if last == Some('A') { 'Q' } else { 'A' });
    for token in [forged.as_str(), "x.y.z", ""] {
        same(token, server.ask(&Request::get("/api/users").bearer(token))?.status, 401)?;
    }
    let preflight = Request::new("OPTIONS", "/api/users")
        .header("origin", "http://elsewhere.example")
        .header("access-control-request-method", "POST");
    let preflight = server.ask(&preflight)?;
    same("preflight", (preflight.status, preflight.header("access-control-allow-origin")), (204, Some("*")))?;
    let allowed = preflight.header("access-control-allow-headers").unwrap_or_default();
    holds("allowed headers", allowed.contains("Authorization"))
}

fn bad_input() -> Result<(), String> {
    let server = api("bad-input")?;
    server.ask(&signed(ada())?)?;
    let cases = [
        ("{\"name\": ", 400, "INVALID_JSON"),
        (r#"{"name": 5, "email": "a"}"#, 400, "VALIDATION_FAILED"),
        (r#"{"name": "Ada"}"#, 400, "VALIDATION_FAILED"),
        (r#"["Ada", "a"]"#, 400, ""),
    ];
    for (body, status, wanted) in cases {
        let answer = server.ask(&signed(Request::post_json("/api/users", body))?)?;
        same(body, answer.status, status)?;
        let found = code(&answer.json()).unwrap_or_default();
        holds(&format!("{body}: {found}"), wanted.is_empty() || found == wanted)?;
    }
    let number = server.ask(&signed(Request::get("/api/users/abc"))?)?;
    same("a word for a number", number.status, 400)?;
    holds("it names the parameter", number.text().contains("id"))?;
    let large = server.ask(&signed(Request::post_json("/api/users", &"x".repeat(20_000_000)))?)?;
    same("too large", large.status, 413)?;
    let list = server.ask(&signed(Request::get("/api/users"))?)?;
    same("nothing lost, nothing added", list.json().as_array().map(Vec::len), Some(1))
}

fn rate_limit() -> Result<(), String> {
    let server = api("rate-limit")?;
    let request = signed(Request::get("/api/users"))?;
    let busy = request.clone().header("x-forwarded-for", "10.1.1.1");
    for number in 1..=100 {
        same(&format!("request {number}"), server.ask(&busy)?.status, 200)?;
    }
    let late = server.ask(&busy)?;
    same("the next one", (late.status, late.json()), (429, json!({ "error": "Too many requests" })))?;
    same("another client", server.ask(&request.header("x-forwarded-for", "10.1.1.2"))?.status, 200)
}

fn not_public() -> Result<(), String> {
    let server = api("not-public")?;
    for function in ["create_user", "get_user", "cors", "auth", "broadcast", "nope"] {
        let answer = server.ask(&signed(Request::rpc(function, &json!([1, 2])))?)?;
        same(function, answer.status, 404)?;
    }
    Ok(())
}

fn page_headers() -> Result<(), String> {
    let server = api("page")?;
    let page = server.ask(&Request::get("/"))?;
    same("page", page.status, 200)?;
    holds("html", page.header("content-type").is_some_and(|kind| kind.starts_with("text/html")))?;
    let policy = page.header("content-security-policy").unwrap_or_default();
    holds(policy, policy.contains("'wasm-unsafe-eval'") && policy.contains("ws://localhost:3001"))?;
    let scripts = policy.split(';').find(|part| part.trim().starts_with("script-src")).unwrap_or_default();
    same("scripts", scripts.trim(), "script-src 'self' 'wasm-unsafe-eval'")?;
    holds(policy, !policy.contains('*'))?;
    let deep = server.ask(&Request::get("/settings/profile").header("accept", "text/html"))?;
    same("a path of the page's own", (deep.status, deep.text()), (200, page.text()))?;
    for asset in page.text().split('"').filter(|part| part.starts_with('/') && part.contains('.')) {
        same(asset, server.ask(&Request::get(asset))?.status, 200)?;
    }
    Ok(())
}

fn broadcast() -> Result<(), String> {
    let server = example("dashboard")?.start("events", "dashboard-broadcast")?;
    let mut first = Socket::open(server.port, "/ws")?;
    let mut second = Socket::open(server.port, "/ws")?;
    let third = Socket::open(server.port, "/ws")?;
    let event = r#"{"type":"info","payload":"it is \"on\"","timestamp":"now"}"#;
    first.send(event)?;
    same("the other one", second.receive()?.as_str(), event)?;
    holds("not the sender", first.is_silent_for(Duration::from_millis(200)))?;
    third.close();
    first.send("no JSON at all")?;
    second.send(event)?;
    same("after a message that is no JSON", first.receive()?.as_str(), event)?;
    let plain = server.ask(&Request::get("/ws"))?;
    holds(&format!("a plain request is refused: {}", plain.status), (400..500).contains(&plain.status))
}

fn unreadable_database() -> Result<(), String> {
    let app = example("dashboard")?;
    let folder = paths::scratch("run-dashboard-unreadable");
    fs::write(folder.join("app.db"), "this is no database ".repeat(100)).map_err(|error| error.to_string())?;
    let mut command = app.command("api", &folder, free_ports(1))?;
    let mut server = Program::start(&mut command).map_err(|error| error.to_string())?;
    let status = server.wait(Duration::from_secs(10)).ok_or("still running with an unreadable database")?;
    holds("the start fails", !status.success())?;
    // What it printed last may still be on its way.
    until(Duration::from_secs(5), || server.printed().contains("app.db").then_some(()));
    let printed = server.printed();
    holds(&format!("names the file: {printed}"), printed.contains("app.db") && !printed.contains("panicked"))
}

/// The program's text names port 3001, so the events server must have it.
const EVENTS_PORT: u16 = 3001;

fn in_the_browser() -> Result<(), String> {
    let api = api("browser")?;
    let events = example("dashboard")?.start_on("events", "dashboard-browser", EVENTS_PORT)?;
    let browser = browser::shared()?;
    browser.run("dashboard.withoutToken", &json!({ "url": api.url() }))?;

    api.ask(&signed(ada())?)?;
    let users = ["Ada (ada@example.org)"];
    browser.run("dashboard.withToken", &json!({ "token": token()?, "users": users }))?;

    let mut other = Socket::open(EVENTS_PORT, "/ws")?;
    other.send(r#"{"type":"info","payload":"first","timestamp":"1"}"#)?;
    browser.run("dashboard.feedShows", &json!({ "events": ["[info] first"] }))?;
    browser.run("dashboard.remember", &json!({}))?;
    other.send(r#"{"type":"warn","payload":"second","timestamp":"2"}"#)?;
    browser.run("dashboard.feedShows", &json!({ "events": ["[warn] second", "[info] first"] }))?;

    drop(events);
    browser.run("dashboard.disconnected", &json!({}))?;
    browser.run("page.close", &json!({ "page": "dashboard" })).map(drop)
}
