//! From a request to its response: lookup, checks, body, middleware, handler, headers, log.

use std::convert::Infallible;
use std::future::poll_fn;
use std::net::SocketAddr;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::pin::pin;
use std::sync::{Arc, OnceLock};
use std::task::Poll;
use std::time::Instant;

use bytes::Bytes;
use http::header::{ALLOW, CONNECTION, CONTENT_TYPE, UPGRADE};
use http::{HeaderMap, HeaderName, HeaderValue, Method, StatusCode};
use hyper::body::{Body, Incoming};
use parking_lot::Mutex;

use crate::app::App;
use crate::body::{self, BodyProblem, ReplyBody};
use crate::body_data::{self, BodyKind};
use crate::exchange::{Exchange, Outgoing};
use crate::failure;
use crate::handler::{Answer, Ctx, Flow, Handler, HandlerRun, Middleware, MiddlewareRun, Next};
use crate::id;
use crate::log::{self, RequestLine};
use crate::reply::{Reply, status_of};
use crate::request::Request;
use crate::response::Response;
use crate::router::{Endpoint, EndpointKind, Lookup, Wanted};
use crate::state::{Atomic, atomic};
use crate::value::{Fault, Str};

type HttpRequest = http::Request<Incoming>;
type HttpResponse = http::Response<ReplyBody>;

/// Answers one request.
pub(crate) async fn serve(app: &'static App, peer: SocketAddr, request: HttpRequest) -> Result<HttpResponse, Infallible> {
    let started = Instant::now();
    let id = id::of_request(request.headers());
    let shown = Shown { method: request.method().clone(), uri: request.uri().clone() };
    let (reply, exchange) = match find(app, &request, &id) {
        Target::Reply(reply) => (reply, None),
        Target::Endpoint(endpoint, params) => run(app, peer, request, id.clone(), endpoint, params).await,
    };
    let id = exchange.as_ref().map_or(id, |exchange| exchange.id.lock().clone());
    let response = finish(app, reply, exchange.as_deref(), &id);
    log::request(&RequestLine {
        method: shown.method.as_str(),
        path: shown.uri.path(),
        status: response.status().as_u16(),
        took: started.elapsed(),
        id: &id,
    });
    Ok(response)
}

/// What the log says of a request; cheap copies of shared bytes.
struct Shown {
    method: Method,
    uri: http::Uri,
}

/// What answers a request.
enum Target {
    Reply(Reply),
    Endpoint(&'static Endpoint, Vec<(Str, Str)>),
}

/// Looks a request up. What is outside of the program's middleware is answered here.
fn find(app: &'static App, request: &HttpRequest, id: &str) -> Target {
    let (method, path, headers) = (request.method(), request.uri().path(), request.headers());
    if let Some(reply) = app.health(method, path) {
        return Target::Reply(reply);
    }
    if !app.is_started() {
        return Target::Reply(failure::plain(503, "the server is starting", id));
    }
    let wanted = if asks_for_socket(headers) { Wanted::Socket } else { Wanted::Reply };
    match app.router.find(method, path, wanted) {
        Lookup::Found(endpoint, params) => match check(app, endpoint, headers, id) {
            Some(refusal) => Target::Reply(refusal),
            None => Target::Endpoint(endpoint, params),
        },
        Lookup::WrongMethod(allow) if method == Method::OPTIONS => Target::Endpoint(app.preflight(), vec![("allow".into(), allow.into())]),
        Lookup::WrongMethod(allow) => page(app, request).unwrap_or_else(|| {
            let mut reply = failure::plain(405, "this path does not have that method", id);
            insert(&mut reply.headers, ALLOW, &allow);
            Target::Reply(reply)
        }),
        Lookup::Nothing => page(app, request).unwrap_or_else(|| Target::Reply(failure::plain(404, "not found", id))),
    }
}

fn page(app: &'static App, request: &HttpRequest) -> Option<Target> {
    if request.method() != Method::GET && request.method() != Method::HEAD {
        return None;
    }
    let (page, path, headers) = (app.page.as_ref()?, request.uri().path(), request.headers());
    let reply = page.file(path, headers).or_else(|| if path.starts_with("/rpc/") { None } else { page.fallback(path, headers) });
    reply.map(Target::Reply)
}

/// The checks that come before the program's code sees a request.
fn check(app: &App, endpoint: &Endpoint, headers: &HeaderMap, id: &str) -> Option<Reply> {
    match endpoint.kind {
        EndpointKind::Route(_) | EndpointKind::Preflight => None,
        EndpointKind::Rpc(_) => {
            if !app.origins.allows_rpc(headers) {
                return Some(failure::plain(403, "this origin may not call the server", id));
            }
            let is_json = headers.contains_key(CONTENT_TYPE) && body_data::kind(headers) == BodyKind::Json;
            (!is_json).then(|| failure::plain(415, "the content type must be application/json", id))
        }
        #[cfg(feature = "ws")]
        EndpointKind::Socket(_) => {
            if !app.origins.allows_socket(headers) {
                return Some(failure::plain(403, "this origin may not open a socket", id));
            }
            (!asks_for_socket(headers)).then(|| {
                let mut reply = failure::plain(426, "this path is a WebSocket", id);
                reply.headers.insert(UPGRADE, HeaderValue::from_static("websocket"));
                reply
            })
        }
    }
}

fn asks_for_socket(headers: &HeaderMap) -> bool {
    headers.get(UPGRADE).is_some_and(|value| value.as_bytes().eq_ignore_ascii_case(b"websocket"))
}

/// Reads the body and runs the chain.
async fn run(
    app: &'static App,
    peer: SocketAddr,
    mut request: HttpRequest,
    id: Str,
    endpoint: &'static Endpoint,
    params: Vec<(Str, Str)>,
) -> (Reply, Option<Arc<Exchange>>) {
    let upgrade = matches!(endpoint.kind, EndpointKind::Socket(_)).then(|| hyper::upgrade::on(&mut request));
    let (head, incoming) = request.into_parts();
    let body = if incoming.is_end_stream() { Ok(Bytes::new()) } else { body::read(incoming, &app.limits).await };
    let body = match body {
        Ok(body) => body,
        Err(problem) => return (refuse_body(problem, &id), None),
    };
    let exchange = Arc::new(Exchange {
        app,
        method: head.method,
        uri: head.uri,
        headers: head.headers,
        peer,
        body,
        params,
        id: Mutex::new(id),
        parsed: OnceLock::new(),
        fields: Mutex::new(None),
        upgrade: Mutex::new(upgrade),
        out: Mutex::new(Outgoing::default()),
    });
    let ctx = Ctx { req: Request(Arc::clone(&exchange)), res: Response(Arc::clone(&exchange)) };
    let reply = match caught(run_from(&ctx, endpoint, 0)).await {
        Ok(reply) => reply,
        Err(fault) => failed(app, ctx, fault).await,
    };
    let reply = if matches!(endpoint.kind, EndpointKind::Preflight) { preflight_reply(app, &exchange, reply) } else { reply };
    if let Some(origin_headers) = app.exposed(&exchange, matches!(endpoint.kind, EndpointKind::Rpc(_))) {
        return (with_missing(reply, origin_headers), Some(exchange));
    }
    (reply, Some(exchange))
}

fn refuse_body(problem: BodyProblem, id: &str) -> Reply {
    let mut reply = match problem {
        BodyProblem::TooLarge => failure::plain(413, "the body is too large", id),
        BodyProblem::Stalled => failure::plain(408, "the body did not arrive in time", id),
        BodyProblem::Broken => failure::plain(400, "the body is malformed", id),
    };
    reply.headers.insert(CONNECTION, HeaderValue::from_static("close"));
    reply
}

/// What is thrown, through the program's `on_error` if it has one.
async fn failed(app: &'static App, ctx: Ctx, fault: Fault) -> Reply {
    let id = ctx.req.id();
    let Some(on_error) = app.on_error else { return failure::reply(&fault, &id) };
    ctx.res.0.out.lock().status.get_or_insert(fault.status.map_or(500, status_of));
    match caught(on_error(ctx, fault)).await {
        Ok(reply) => reply,
        Err(fault) => failure::reply(&fault, &id),
    }
}

/// Runs the chain of an endpoint from one middleware on.
pub(crate) async fn run_from(ctx: &Ctx, endpoint: &'static Endpoint, from: usize) -> Answer {
    for (at, middleware) in endpoint.chain.iter().enumerate().skip(from) {
        if let MiddlewareRun::Around(run) = middleware.run {
            let next = Next { endpoint, at: at + 1, res: ctx.res.clone() };
            let pending = run(ctx.clone(), next);
            return if middleware.stateful { Atomic(pending).await } else { pending.await };
        }
        if let Flow::Reply(reply) = before(ctx, middleware).await? {
            return Ok(reply);
        }
        if ctx.res.is_sent() {
            return Ok(Reply::empty());
        }
    }
    match &endpoint.kind {
        EndpointKind::Route(handler) | EndpointKind::Rpc(handler) => handle(ctx, handler).await,
        EndpointKind::Preflight => Ok(Reply::no_content()),
        #[cfg(feature = "ws")]
        EndpointKind::Socket(handler) => crate::socket::accept(ctx, handler),
    }
}

async fn before(ctx: &Ctx, middleware: &Middleware) -> Result<Flow, Fault> {
    match (middleware.run, middleware.stateful) {
        (MiddlewareRun::Before(run), false) => run(ctx),
        (MiddlewareRun::Before(run), true) => atomic(|| run(ctx)),
        (MiddlewareRun::BeforeAsync(run), false) => run(ctx.clone()).await,
        (MiddlewareRun::BeforeAsync(run), true) => Atomic(run(ctx.clone())).await,
        // The caller has taken these out.
        (MiddlewareRun::Around(_), _) => Ok(Flow::Continue),
    }
}

async fn handle(ctx: &Ctx, handler: &Handler) -> Answer {
    match (handler.run, handler.stateful) {
        (HandlerRun::Sync(run), false) => run(ctx),
        (HandlerRun::Sync(run), true) => atomic(|| run(ctx)),
        (HandlerRun::Async(run), false) => run(ctx.clone()).await,
        (HandlerRun::Async(run), true) => Atomic(run(ctx.clone())).await,
    }
}

/// A panic becomes a fault: the request fails, the server stays.
pub(crate) async fn caught<T>(future: impl Future<Output = Result<T, Fault>>) -> Result<T, Fault> {
    let mut future = pin!(future);
    poll_fn(|cx| match catch_unwind(AssertUnwindSafe(|| future.as_mut().poll(cx))) {
        Ok(poll) => poll,
        Err(payload) => Poll::Ready(Err(Fault::of_panic(payload))),
    })
    .await
}

/// The answer to a preflight: 204 with the headers set so far, whatever ended the chain.
fn preflight_reply(app: &App, exchange: &Exchange, ended: Reply) -> Reply {
    let mut reply = Reply { headers: ended.headers, ..Reply::no_content() };
    if let Some((_, allow)) = exchange.params.iter().find(|(name, _)| name == "allow") {
        insert(&mut reply.headers, ALLOW, allow);
    }
    let is_rpc = exchange.uri.path().starts_with("/rpc/");
    let mut set = exchange.out.lock();
    set.status = None;
    set.sent = None;
    app.origins.preflight(&exchange.headers, &mut set.headers, is_rpc);
    reply
}

/// Adds headers where the program has not set them.
fn with_missing(mut reply: Reply, headers: HeaderMap) -> Reply {
    for (name, value) in &headers {
        reply.headers.entry(name).or_insert_with(|| value.clone());
    }
    reply
}

/// Headers of every response.
const ALWAYS: [(HeaderName, HeaderValue); 4] = [
    (http::header::X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff")),
    (http::header::X_FRAME_OPTIONS, HeaderValue::from_static("DENY")),
    (http::header::X_XSS_PROTECTION, HeaderValue::from_static("0")),
    (http::header::REFERRER_POLICY, HeaderValue::from_static("strict-origin-when-cross-origin")),
];
const REQUEST_ID: HeaderName = HeaderName::from_static("x-request-id");

/// Puts a reply and what `res` has together.
fn finish(app: &App, reply: Reply, exchange: Option<&Exchange>, id: &str) -> HttpResponse {
    let out = exchange.map(|exchange| std::mem::take(&mut *exchange.out.lock())).unwrap_or_default();
    let reply = out.sent.unwrap_or(reply);
    let status = reply.status.or(out.status).and_then(|code| StatusCode::from_u16(code).ok()).unwrap_or(StatusCode::OK);
    if let (false, Some(exchange)) = (out.on_finish.is_empty(), exchange) {
        // The callbacks read the status of what was sent.
        exchange.out.lock().status = Some(status.as_u16());
    }
    let mut headers = out.headers;
    headers.reserve(8 + reply.headers.len());
    for (name, value) in ALWAYS {
        headers.entry(name).or_insert(value);
    }
    if let Some(content_type) = reply.content_type {
        headers.entry(CONTENT_TYPE).or_insert(content_type);
    }
    headers.extend(reply.headers);
    insert(&mut headers, REQUEST_ID, id);
    if app.is_draining() {
        headers.insert(CONNECTION, HeaderValue::from_static("close"));
    }
    let mut response = http::Response::new(ReplyBody::new(reply.body, out.on_finish));
    *response.status_mut() = status;
    *response.headers_mut() = headers;
    response
}

fn insert(headers: &mut HeaderMap, name: HeaderName, value: &str) {
    if let Ok(value) = HeaderValue::from_str(value) {
        headers.insert(name, value);
    }
}
