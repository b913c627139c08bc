//! The page and its files.

use tova_server::prelude::*;

use crate::support::{Running, get, send, short, start};

static PAGE: Page = Page {
    assets: &[
        Asset {
            path: "/index.html",
            content_type: "text/html; charset=utf-8",
            identity: b"<!doctype html>",
            brotli: None,
            gzip: None,
        },
        Asset {
            path: "/app.js",
            content_type: "text/javascript",
            identity: b"let long = 1",
            brotli: Some(b"BR"),
            gzip: Some(b"GZ"),
        },
    ],
    connect: &["ws://localhost:3001"],
};

fn refuse(_ctx: &Ctx) -> Result<Flow, Fault> {
    Err(Fault::with_status(401, "UNAUTHORIZED", "no"))
}

fn api(_ctx: &Ctx) -> Answer {
    Ok(Reply::text("api"))
}

async fn server() -> Running {
    let server = Server::new("", 0).limits(short()).page(&PAGE).middleware(Middleware::before(refuse)).route(
        "GET",
        "/api",
        Handler::sync(api),
    );
    start(server).await
}

#[tokio::test]
async fn the_page_is_outside_of_middleware_with_its_policy() {
    let server = server().await;
    let page = get(&server, "/").await;
    assert_eq!((page.status, page.body.as_str()), (200, "<!doctype html>"));
    let policy = page.header("content-security-policy");
    assert!(policy.contains("script-src 'self' 'wasm-unsafe-eval';"), "{policy}");
    assert!(policy.contains("connect-src 'self' ws://localhost:3001;"), "{policy}");
    assert_eq!(get(&server, "/api").await.status, 401);
}

#[tokio::test]
async fn files_are_compressed_and_cached() {
    let server = server().await;
    for (accepted, body, encoding) in
        [("br, gzip", "BR", "br"), ("gzip;q=0.5, br;q=0", "GZ", "gzip"), ("", "let long = 1", "")]
    {
        let reply = send(&server, "GET /app.js", &format!("Accept-Encoding: {accepted}\r\n"), "").await;
        assert_eq!((reply.body.as_str(), reply.header("content-encoding")), (body, encoding), "{accepted}");
        let again = format!("Accept-Encoding: {accepted}\r\nIf-None-Match: {}\r\n", reply.header("etag"));
        assert_eq!(send(&server, "GET /app.js", &again, "").await.status, 304, "{accepted}");
    }
}

#[tokio::test]
async fn a_person_who_navigates_gets_the_page_and_a_program_gets_404() {
    let server = server().await;
    let navigates = "Accept: text/html,application/xhtml+xml,*/*;q=0.8\r\n";
    assert_eq!(send(&server, "GET /users/5", navigates, "").await.body, "<!doctype html>");
    assert_eq!(send(&server, "GET /users/5", "Accept: */*\r\n", "").await.status, 404);
    assert_eq!(send(&server, "GET /missing.js", navigates, "").await.status, 404);
    assert_eq!(send(&server, "GET /rpc/nope", navigates, "").await.status, 404);
    assert_eq!(send(&server, "GET /../../etc/passwd", "", "").await.status, 404);
    assert_eq!(send(&server, "POST /", "", "").await.status, 404);
}
