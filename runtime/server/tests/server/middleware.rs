//! Both middleware styles, `res`, request fields, preflights.

use tova_server::prelude::*;

use crate::support::{Running, get, post, send, short, start};

#[derive(Default)]
struct Fields {
    trail: List<Str>,
}

fn note(ctx: &Ctx, name: &str) {
    ctx.req.with_fields(|fields: &mut Fields| fields.trail.push(name.into()));
}

fn cors(ctx: &Ctx) -> Result<Flow, Fault> {
    note(ctx, "cors");
    ctx.res.set_header("Access-Control-Allow-Origin", "*");
    Ok(Flow::Continue)
}

fn auth(ctx: &Ctx) -> Result<Flow, Fault> {
    note(ctx, "auth");
    match ctx.req.headers().get("authorization").as_deref() {
        None => {
            ctx.res.status(401);
            Ok(Flow::ended_by(Some(&Str::from("Unauthorized"))))
        }
        Some("sent") => {
            ctx.res.status(402).json(&Str::from("sent"));
            Ok(Flow::Continue)
        }
        Some("throw") => Err(Fault::with_status(403, "FORBIDDEN", "go away")),
        Some(_) => Ok(Flow::Continue),
    }
}

fn slow_check(ctx: Ctx) -> Pending<Result<Flow, Fault>> {
    Box::pin(async move {
        tokio::task::yield_now().await;
        note(&ctx, "slow");
        Ok(Flow::Continue)
    })
}

fn wrap(ctx: Ctx, next: Next) -> Pending<Answer> {
    Box::pin(async move {
        if ctx.req.query().contains_key("cut") {
            return Ok(text("cut", 200));
        }
        let reply = next.run(ctx.req).await?;
        Ok(with_headers(reply, &Map::from([("X-Wrapped".into(), "yes".into())])))
    })
}

fn trail(ctx: &Ctx) -> Answer {
    note(ctx, "handler");
    Ok(Reply::json(&ctx.req.with_fields(|fields: &mut Fields| fields.trail.clone())))
}

fn sends(ctx: &Ctx) -> Answer {
    ctx.res.status(202).send("by res");
    Ok(Reply::json(&Str::from("ignored")))
}

fn sets_status(ctx: &Ctx) -> Answer {
    ctx.res.status(201);
    Ok(Reply::json(&1_i64))
}

fn guard(ctx: &Ctx) -> Result<Flow, Fault> {
    note(ctx, "guard");
    Ok(Flow::Continue)
}

async fn server() -> Running {
    let server = Server::new("", 0)
        .limits(short())
        .middleware(Middleware::before(cors))
        .middleware(Middleware::before(auth))
        .middleware(Middleware::before_suspending(slow_check))
        .middleware(Middleware::around(wrap))
        .route("GET", "/trail", Handler::sync(trail))
        .guarded("GET", "/guarded", &[Middleware::before(guard)], Handler::sync(trail))
        .route("GET", "/sends", Handler::sync(sends))
        .route("POST", "/status", Handler::sync(sets_status));
    start(server).await
}

const AUTH: &str = "Authorization: yes\r\n";

#[tokio::test]
async fn middleware_runs_in_order_around_the_handler() {
    let server = server().await;
    let reply = send(&server, "GET /trail", AUTH, "").await;
    assert_eq!((reply.status, reply.body.as_str()), (200, r#"["cors","auth","slow","handler"]"#));
    assert_eq!((reply.header("x-wrapped"), reply.header("access-control-allow-origin")), ("yes", "*"));
    let guarded = send(&server, "GET /guarded", AUTH, "").await;
    assert_eq!(guarded.body, r#"["cors","auth","slow","guard","handler"]"#);
}

#[tokio::test]
async fn a_returned_value_a_sent_response_and_a_throw_end_the_chain() {
    let server = server().await;
    let returned = get(&server, "/trail").await;
    assert_eq!((returned.status, returned.body.as_str()), (401, "\"Unauthorized\""));
    assert_eq!((returned.header("x-wrapped"), returned.header("access-control-allow-origin")), ("", "*"));
    let sent = send(&server, "GET /trail", "Authorization: sent\r\n", "").await;
    assert_eq!((sent.status, sent.body.as_str()), (402, "\"sent\""));
    let thrown = send(&server, "GET /trail", "Authorization: throw\r\n", "").await;
    assert_eq!((thrown.status, thrown.header("access-control-allow-origin")), (403, "*"));
    let cut = send(&server, "GET /trail?cut=1", AUTH, "").await;
    assert_eq!((cut.status, cut.body.as_str()), (200, "cut"));
}

#[tokio::test]
async fn what_res_sends_beats_what_the_handler_returns() {
    let server = server().await;
    let sent = send(&server, "GET /sends", AUTH, "").await;
    assert_eq!(
        (sent.status, sent.body.as_str(), sent.header("content-type")),
        (202, "by res", "text/plain; charset=utf-8")
    );
    let status = send(&server, "POST /status", AUTH, "").await;
    assert_eq!((status.status, status.body.as_str()), (201, "1"));
}

#[tokio::test]
async fn a_preflight_is_204_with_the_headers_that_the_chain_set() {
    let server = server().await;
    let headers = "Origin: https://elsewhere.example\r\nAccess-Control-Request-Method: GET\r\n";
    let reply = send(&server, "OPTIONS /trail", headers, "").await;
    assert_eq!((reply.status, reply.body.as_str()), (204, ""));
    assert_eq!((reply.header("access-control-allow-origin"), reply.header("allow")), ("*", "GET, HEAD, OPTIONS"));
    assert_eq!(send(&server, "OPTIONS /nope", headers, "").await.status, 404);
}

#[tokio::test]
async fn the_cors_block_answers_for_the_origins_that_it_names() {
    const CORS: Cors =
        Cors { origins: &["https://a.example"], methods: &["GET"], headers: &[], credentials: true, max_age: Some(60) };
    let server =
        start(Server::new("", 0).limits(short()).cors(CORS).route("POST", "/x", Handler::sync(sets_status))).await;
    let named = send(&server, "OPTIONS /x", "Origin: https://a.example\r\n", "").await;
    assert_eq!(named.status, 204);
    assert_eq!(named.header("access-control-allow-origin"), "https://a.example");
    assert_eq!(named.header("access-control-allow-methods"), "GET");
    assert_eq!(named.header("access-control-max-age"), "60");
    let reply = send(&server, "POST /x", "Origin: https://a.example\r\n", "").await;
    assert_eq!((reply.status, reply.header("access-control-allow-credentials")), (201, "true"));
    let other = send(&server, "OPTIONS /x", "Origin: https://b.example\r\n", "").await;
    assert_eq!(other.header("access-control-allow-origin"), "");
}

#[tokio::test]
async fn on_finish_runs_after_the_reply_and_on_error_makes_one() {
    use std::sync::atomic::{AtomicI64, Ordering};
    static FINISHED: AtomicI64 = AtomicI64::new(0);

    fn finishing(ctx: &Ctx) -> Answer {
        let res = ctx.res.clone();
        ctx.res.on_finish(Fn0::new(move || {
            FINISHED.store(res.get_status(), Ordering::SeqCst);
            Ok(())
        }));
        Err(throw("oops".into()))
    }
    fn on_error(ctx: Ctx, fault: Fault) -> Pending<Answer> {
        Box::pin(async move {
            ctx.res.set_header("X-Seen", "1");
            Ok(Reply::json(&fault.message))
        })
    }
    let server =
        start(Server::new("", 0).limits(short()).on_error(on_error).route("POST", "/x", Handler::sync(finishing)))
            .await;
    let reply = post(&server, "/x", "{}").await;
    assert_eq!((reply.status, reply.body.as_str(), reply.header("x-seen")), (500, "\"oops\"", "1"));
    tokio::time::sleep(std::time::Duration::from_millis(30)).await;
    assert_eq!(FINISHED.load(Ordering::SeqCst), 500);
}
