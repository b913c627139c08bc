//! `POST /rpc/name`

use tova_server::prelude::*;

use crate::support::{Running, get, post, send, short, start};

fn add(ctx: &Ctx) -> Answer {
    let mut args = Args::of_rpc(ctx)?;
    let (a, b) = (args.get::<i64>("a"), args.get::<Option<i64>>("b"));
    let (Some(a), Some(b)) = (a, b) else { return args.refuse() };
    Ok(Reply::result(&(a + b.unwrap_or(100))))
}

fn nothing(_ctx: &Ctx) -> Answer {
    Ok(Reply::result(&()))
}

fn forbidden(_ctx: &Ctx) -> Answer {
    Err(Fault::with_status(403, "FORBIDDEN", "not you"))
}

fn auth(ctx: &Ctx) -> Result<Flow, Fault> {
    if ctx.req.headers().get("x-block").is_some() {
        Err(Fault::with_status(401, "UNAUTHORIZED", "who?"))
    } else {
        Ok(Flow::Continue)
    }
}

async fn server() -> Running {
    let server = Server::new("events", 0)
        .limits(short())
        .page_at("api", 3000)
        .middleware(Middleware::before(auth))
        .rpc("add", Handler::sync(add))
        .rpc("nothing", Handler::sync(nothing))
        .rpc("forbidden", Handler::sync(forbidden));
    start(server).await
}

#[tokio::test]
async fn calls_take_arguments_by_place_or_name() {
    let server = server().await;
    for (body, reply) in [
        (r#"{"__args":[1,2]}"#, r#"{"result":3}"#),
        (r#"{"__args":[1]}"#, r#"{"result":101}"#),
        (r#"{"b":2,"a":1}"#, r#"{"result":3}"#),
    ] {
        assert_eq!(post(&server, "/rpc/add", body).await.body, reply, "{body}");
    }
    assert_eq!(post(&server, "/rpc/nothing", r#"{"__args":[]}"#).await.body, r#"{"result":null}"#);
}

#[tokio::test]
async fn bad_calls_are_refused_by_name() {
    let server = server().await;
    for (path, body, status, part) in [
        ("/rpc/nope", "{}", 404, "NOT_FOUND"),
        ("/rpc/add", "{", 400, "INVALID_JSON"),
        ("/rpc/add", "[1]", 400, "the body must be an object"),
        ("/rpc/add", r#"{"__args":1}"#, 400, "__args must be a list"),
        ("/rpc/add", r#"{"__args":["x"]}"#, 400, "a must be an integer"),
        ("/rpc/add", r#"{"__args":[]}"#, 400, "a is required"),
        ("/rpc/forbidden", r#"{"__args":[]}"#, 403, r#""code":"FORBIDDEN","message":"not you""#),
    ] {
        let reply = post(&server, path, body).await;
        assert_eq!(reply.status, status, "{path} {body}");
        assert!(reply.body.contains(part), "{path} {body}: {}", reply.body);
    }
    assert_eq!(get(&server, "/rpc/add").await.status, 405);
}

#[tokio::test]
async fn middleware_covers_calls() {
    let server = server().await;
    let reply = send(&server, "POST /rpc/add", "Content-Type: application/json\r\nX-Block: 1\r\n", "{}").await;
    assert_eq!(reply.status, 401);
}

#[tokio::test]
async fn only_json_is_taken() {
    let server = server().await;
    for headers in ["", "Content-Type: text/plain\r\n", "Content-Type: application/x-www-form-urlencoded\r\n"] {
        assert_eq!(send(&server, "POST /rpc/add", headers, "{}").await.status, 415, "{headers}");
    }
    let reply = send(&server, "POST /rpc/nothing", "content-type: application/json; charset=utf-8\r\n", "{}").await;
    assert_eq!(reply.status, 200);
}

#[tokio::test]
async fn foreign_origins_are_refused() {
    let server = server().await;
    for (origin, status) in [
        ("http://localhost:3000", 200),
        ("http://127.0.0.1:3000", 200),
        ("http://localhost:4000", 403),
        ("https://evil.example", 403),
        ("https://evil.example:3000", 403),
        ("null", 403),
    ] {
        let headers = format!("Content-Type: application/json\r\nOrigin: {origin}\r\n");
        let reply = send(&server, "POST /rpc/nothing", &headers, "{}").await;
        assert_eq!(reply.status, status, "{origin}");
        let allowed = if status == 200 { origin } else { "" };
        assert_eq!(reply.header("access-control-allow-origin"), allowed, "{origin}");
    }
    let preflight = send(&server, "OPTIONS /rpc/nothing", "Origin: http://localhost:3000\r\n", "").await;
    assert_eq!(
        (preflight.status, preflight.header("access-control-allow-headers")),
        (204, "Content-Type, Authorization")
    );
}
