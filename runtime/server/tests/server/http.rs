//! Routes, arguments, errors.

use tova_server::prelude::*;

use crate::support::{get, post, send, short, start, start_unready};

fn hello(_ctx: &Ctx) -> Answer {
    Ok(Reply::json(&Str::from("hello")))
}

fn add(ctx: &Ctx) -> Answer {
    let mut args = Args::of_request(ctx)?;
    let (a, b) = (args.get::<i64>("a"), args.get_or::<f64>("b", || Some(0.5)));
    let (Some(a), Some(b)) = (a, b) else { return args.refuse() };
    Ok(Reply::json(&(a as f64 + b)))
}

fn item(ctx: &Ctx) -> Answer {
    let mut args = Args::of_path(ctx);
    let (id, page) = (args.get::<i64>("id"), args.get::<Option<i64>>("page"));
    let (Some(id), Some(page)) = (id, page) else { return args.refuse() };
    Reply::found(if id == 1 { Some(List::from([id, page.unwrap_or(0)])) } else { None }.as_ref())
}

fn rest(ctx: &Ctx) -> Answer {
    let mut args = Args::of_path(ctx);
    let Some(path) = args.get::<Str>("path") else { return args.refuse() };
    Ok(respond(201, &path))
}

fn quiet(_ctx: &Ctx) -> Answer {
    Ok(Reply::no_content())
}

fn broken(_ctx: &Ctx) -> Answer {
    let nothing: List<i64> = List::new();
    Ok(Reply::json(nothing.item(3)))
}

fn outcome(ctx: &Ctx) -> Answer {
    let mut args = Args::of_path(ctx);
    let Some(kind) = args.get::<Str>("kind") else { return args.refuse() };
    let outcome: Result<i64, Any> = match kind.as_str() {
        "fine" => Ok(5),
        "text" => Err(Any::Str("too short".into())),
        _ => Err(json::parse(r#"{"status": 409, "message": "taken", "name": "x"}"#)?),
    };
    Reply::outcome(&outcome)
}

fn refused(_ctx: &Ctx) -> Answer {
    Err(Fault::with_status(418, "TEAPOT", "short and stout"))
}

fn late_panic(_ctx: Ctx) -> Pending<Answer> {
    Box::pin(async {
        tokio::task::yield_now().await;
        panic!("no luck")
    })
}

fn document(_ctx: &Ctx) -> Answer {
    Ok(Reply::html("<h1>Hello</h1>"))
}

fn server() -> Server {
    Server::new("", 0)
        .limits(short())
        .route("GET", "/hello", Handler::sync(hello))
        .route("GET", "/document", Handler::sync(document))
        .route("POST", "/add", Handler::sync(add))
        .route("GET", "/items/:id", Handler::sync(item))
        .route("DELETE", "/items/:name", Handler::sync(quiet))
        .route("GET", "/items/new", Handler::sync(hello))
        .route("GET", "/files/*path", Handler::sync(rest))
        .route("GET", "/broken", Handler::sync(broken))
        .route("GET", "/refused", Handler::sync(refused))
        .route("GET", "/outcome/:kind", Handler::sync(outcome))
        .route("GET", "/late", Handler::suspending(late_panic))
}

#[tokio::test]
async fn routes_are_found_by_method_and_path() {
    let server = start(server()).await;
    for (line, status, body) in [
        ("GET /hello", 200, "\"hello\""),
        ("GET /hello/", 200, "\"hello\""),
        ("HEAD /hello", 200, ""),
        ("GET /items/1?page=7", 200, "[1,7]"),
        ("GET /items/1", 200, "[1,0]"),
        ("GET /items/new", 200, "\"hello\""),
        ("DELETE /items/1", 204, ""),
        ("GET /files/a/b%20c", 201, "\"a/b c\""),
    ] {
        let reply = send(&server, line, "", "").await;
        assert_eq!((reply.status, reply.body.as_str()), (status, body), "{line}");
    }
    let head = send(&server, "HEAD /hello", "", "").await;
    assert_eq!(head.header("content-length"), "7");
}

#[tokio::test]
async fn what_is_not_there_is_told_in_the_envelope() {
    let server = start(server()).await;
    let missing = get(&server, "/nope").await;
    assert_eq!((missing.status, missing.header("content-type")), (404, "application/json"));
    let id = missing.header("x-request-id");
    let expected = format!(r#"{{"error":{{"code":"NOT_FOUND","message":"not found","request_id":"{id}"}}}}"#);
    assert_eq!(missing.body, expected);
    let wrong = post(&server, "/hello", "{}").await;
    assert_eq!((wrong.status, wrong.header("allow")), (405, "GET, HEAD, OPTIONS"));
    assert_eq!(get(&server, "/items/2").await.status, 404);
}

#[tokio::test]
async fn arguments_are_converted_or_named() {
    let server = start(server()).await;
    assert_eq!(post(&server, "/add", r#"{"a": 1, "b": 2}"#).await.body, "3");
    assert_eq!(post(&server, "/add?a=4", "{}").await.body, "4.5");
    let form = send(&server, "POST /add", "Content-Type: application/x-www-form-urlencoded\r\n", "a=5&b=1.25").await;
    assert_eq!(form.body, "6.25");
    for (body, status, part) in [
        (r#"{"a": "x", "b": []}"#, 400, r#""details":["a must be an integer","b must be a number"]"#),
        (r#"{"a": 1.5}"#, 400, r#""details":["a must be an integer"]"#),
        ("{}", 400, r#""details":["a is required"]"#),
        ("{\"a\": ", 400, r#""code":"INVALID_JSON""#),
        ("\u{1}", 400, r#""code":"INVALID_JSON""#),
    ] {
        let reply = post(&server, "/add", body).await;
        assert_eq!(reply.status, status, "{body}");
        assert!(reply.body.contains(part), "{body}: {}", reply.body);
    }
    let path = get(&server, "/items/abc").await;
    assert_eq!(path.status, 400);
    assert!(
        path.body.contains(r#""code":"VALIDATION_FAILED""#) && path.body.contains("id must be an integer"),
        "{}",
        path.body
    );
    let other = send(&server, "POST /add", "Content-Type: image/png\r\n", "x").await;
    assert_eq!(other.status, 415);
}

#[tokio::test]
async fn large_bodies_are_refused_however_they_come() {
    let server = start(server()).await;
    let large = "x".repeat(5000);
    let reply = post(&server, "/add", &large).await;
    assert_eq!((reply.status, reply.header("connection")), (413, "close"));
    let chunked = format!("{:x}\r\n{large}\r\n0\r\n\r\n", large.len());
    let mut client = server.connect().await;
    client.write("POST /add HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n").await;
    client.write(&chunked).await;
    assert_eq!(client.read(false).await.unwrap().status, 413);
}

#[tokio::test]
async fn faults_and_panics_are_500_and_leave_the_server_alive() {
    let server = start(server()).await;
    for path in ["/broken", "/late"] {
        let reply = get(&server, path).await;
        assert_eq!(reply.status, 500, "{path}");
        assert!(reply.body.contains(r#""code":"INTERNAL_ERROR","message":"Internal server error""#), "{}", reply.body);
    }
    let teapot = get(&server, "/refused").await;
    assert_eq!(teapot.status, 418);
    assert!(teapot.body.contains(r#""code":"TEAPOT","message":"short and stout""#), "{}", teapot.body);
    assert_eq!(get(&server, "/hello").await.status, 200);
}

#[tokio::test]
async fn an_err_from_a_route_is_an_error_status() {
    let server = start(server()).await;
    for (kind, status, part) in [
        ("fine", 200, "5"),
        ("text", 400, r#""code":"BAD_REQUEST","message":"too short","request_id""#),
        ("record", 409, r#""code":"CONFLICT","message":"taken","details":{"status":409,"message":"taken","name":"x"}"#),
    ] {
        let reply = get(&server, &format!("/outcome/{kind}")).await;
        assert_eq!(reply.status, status, "{kind}");
        assert!(reply.body.contains(part), "{kind}: {}", reply.body);
    }
}

#[tokio::test]
async fn every_reply_has_an_id_and_the_safe_headers() {
    let server = start(server()).await;
    let own = send(&server, "GET /hello", "X-Request-Id: abc-1\r\n", "").await;
    assert_eq!(own.header("x-request-id"), "abc-1");
    let bad = send(&server, "GET /hello", "X-Request-Id: a b\"\r\n", "").await;
    assert_eq!(bad.header("x-request-id").len(), 13);
    assert_eq!(bad.header("x-content-type-options"), "nosniff");
    assert_eq!(get(&server, "/document").await.header("x-frame-options"), "DENY");
    assert_ne!(get(&server, "/hello").await.header("x-request-id"), bad.header("x-request-id"));
}

#[tokio::test]
async fn a_server_that_starts_says_so() {
    fn slow() -> Pending<Result<(), Fault>> {
        Box::pin(async {
            tokio::time::sleep(std::time::Duration::from_millis(150)).await;
            Ok(())
        })
    }
    let server = start_unready(server().start(slow)).await;
    assert_eq!(get(&server, "/health").await.status, 200);
    assert_eq!(get(&server, "/ready").await.status, 503);
    assert_eq!(get(&server, "/hello").await.status, 503);
    tokio::time::sleep(std::time::Duration::from_millis(200)).await;
    assert_eq!(get(&server, "/ready").await.status, 200);
    assert_eq!(get(&server, "/hello").await.status, 200);
}

#[tokio::test]
async fn a_start_that_fails_ends_the_server() {
    fn fails() -> Pending<Result<(), Fault>> {
        Box::pin(async { Err(value_fault()) })
    }
    fn value_fault() -> Fault {
        throw("no file".into())
    }
    let server = start_unready(server().start(fails)).await;
    let ended = server.ended().await;
    assert_eq!(ended, Err("the start failed: no file".into()));
}
