//! From a request to its response: lookup, checks, body, the program's chain.
//!
//! A request whose code never suspends is answered in the call itself; only others pay for a future.

use std::convert::Infallible;
use std::net::SocketAddr;
use std::pin::Pin;
use std::sync::{Arc, OnceLock};
use std::task::{Context, Poll};
use std::time::Instant;

use bytes::Bytes;
use http::header::{ALLOW, CONNECTION, CONTENT_TYPE, UPGRADE};
use http::{HeaderMap, HeaderValue, Method};
use hyper::body::{Body, Incoming};
use parking_lot::Mutex;

use crate::app::App;
use crate::body::{self, BodyProblem};
use crate::body_data::{self, BodyKind};
use crate::chain::{self, caught};
use crate::connection::Turn;
use crate::exchange::{Exchange, Outgoing};
use crate::failure;
use crate::finish::{HttpResponse, complete, insert, refuse};
use crate::handler::{Answer, Ctx};
use crate::id;
use crate::reply::{Reply, status_of};
use crate::request::Request;
use crate::response::Response;
use crate::router::{Endpoint, EndpointKind, Lookup, Wanted};
use crate::value::{Fault, Str};

type HttpRequest = http::Request<Incoming>;

/// Answers the requests of one connection.
pub(crate) struct Conversation {
    pub(crate) app: &'static App,
    pub(crate) peer: SocketAddr,
    pub(crate) turn: Arc<Turn>,
}

/// The response to one request: there, or on its way.
pub(crate) enum Serving {
    Now(Option<HttpResponse>),
    Later(Pin<Box<dyn Future<Output = HttpResponse> + Send>>, Arc<Turn>),
}

impl Future for Serving {
    type Output = Result<HttpResponse, Infallible>;

    fn poll(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Self::Output> {
        match &mut *self {
            // A future is not polled again after its end.
            Self::Now(response) => response.take().map_or(Poll::Pending, |response| Poll::Ready(Ok(response))),
            Self::Later(future, turn) => future.as_mut().poll(cx).map(|response| {
                turn.give(Instant::now());
                Ok(response)
            }),
        }
    }
}

impl hyper::service::Service<HttpRequest> for Conversation {
    type Response = HttpResponse;
    type Error = Infallible;
    type Future = Serving;

    fn call(&self, request: HttpRequest) -> Serving {
        let (app, started) = (self.app, Instant::now());
        // Most answers are there at once, and then this is when the next request is waited for.
        self.turn.give(started);
        let id = id::of_request(request.headers());
        let (endpoint, params) = match find(app, &request, &id) {
            Target::Reply(reply) => return Serving::Now(Some(refuse(app, reply, &request, &id, started))),
            Target::Endpoint(endpoint, params) => (endpoint, params),
        };
        let call = Call { app, peer: self.peer, endpoint, params, id, started };
        if !request.body().is_end_stream() {
            return self.later(call.with_body(request));
        }
        let ctx = call.begin(request);
        if !endpoint.suspends {
            match chain::run_sync(&ctx, endpoint) {
                Err(fault) if app.on_error.is_some() => {
                    return self.later(end_with_fault(ctx, endpoint, fault, started));
                }
                answer => return Serving::Now(Some(end(&ctx, endpoint, answer, started))),
            }
        }
        self.later(run(ctx, endpoint, started))
    }
}

impl Conversation {
    /// An answer that takes its time, which is not the client's.
    fn later(&self, answer: impl Future<Output = HttpResponse> + Send + 'static) -> Serving {
        self.turn.take();
        Serving::Later(Box::pin(answer), Arc::clone(&self.turn))
    }
}

/// Answers a request that came by no connection, with the body that it has.
pub(crate) async fn answer(app: &'static App, request: http::Request<Bytes>) -> HttpResponse {
    let (id, started) = (id::of_request(request.headers()), Instant::now());
    let (endpoint, params) = match find(app, &request, &id) {
        Target::Reply(reply) => return refuse(app, reply, &request, &id, started),
        Target::Endpoint(endpoint, params) => (endpoint, params),
    };
    if request.body().len() > app.limits.max_body {
        return refuse(app, refuse_body(BodyProblem::TooLarge, &id), &request, &id, started);
    }
    let peer = SocketAddr::from(([127, 0, 0, 1], 0));
    let body = request.body().clone();
    run(Call { app, peer, endpoint, params, id, started }.exchange(request, body), endpoint, started).await
}

/// What is known of a request before its body is there.
struct Call {
    app: &'static App,
    peer: SocketAddr,
    endpoint: &'static Endpoint,
    params: Vec<(Str, Str)>,
    id: Str,
    started: Instant,
}

impl Call {
    /// Reads the body first.
    async fn with_body(self, request: HttpRequest) -> HttpResponse {
        let (app, endpoint, started) = (self.app, self.endpoint, self.started);
        let (head, incoming) = request.into_parts();
        match body::read(incoming, &app.limits).await {
            Ok(body) => run(self.exchange(http::Request::from_parts(head, ()), body), endpoint, started).await,
            Err(problem) => {
                let reply = refuse_body(problem, &self.id);
                refuse(app, reply, &http::Request::from_parts(head, ()), &self.id, started)
            }
        }
    }

    /// A request without a body.
    fn begin(self, request: HttpRequest) -> Ctx {
        self.exchange(request, Bytes::new())
    }

    fn exchange<B>(self, mut request: http::Request<B>, body: Bytes) -> Ctx {
        let upgrade = self.endpoint.is_socket().then(|| hyper::upgrade::on(&mut request));
        let (head, _) = request.into_parts();
        let exchange = Arc::new(Exchange {
            app: self.app,
            method: head.method,
            uri: head.uri,
            headers: head.headers,
            peer: self.peer,
            body,
            params: self.params,
            id: Mutex::new(self.id),
            parsed: OnceLock::new(),
            fields: Mutex::new(None),
            upgrade: Mutex::new(upgrade),
            out: Mutex::new(Outgoing::default()),
        });
        Ctx { req: Request(Arc::clone(&exchange)), res: Response(exchange) }
    }
}

/// Runs a chain that may suspend.
async fn run(ctx: Ctx, endpoint: &'static Endpoint, started: Instant) -> HttpResponse {
    match caught(chain::run_from(&ctx, endpoint, 0)).await {
        Err(fault) if ctx.req.0.app.on_error.is_some() => end_with_fault(ctx, endpoint, fault, started).await,
        answer => end(&ctx, endpoint, answer, started),
    }
}

/// What is thrown, through the program's `on_error`.
async fn end_with_fault(ctx: Ctx, endpoint: &'static Endpoint, fault: Fault, started: Instant) -> HttpResponse {
    let Some(on_error) = ctx.req.0.app.on_error else { return end(&ctx, endpoint, Err(fault), started) };
    ctx.res.0.out.lock().status.get_or_insert(fault.status.map_or(500, status_of));
    let answer = caught(on_error(ctx.clone(), fault)).await;
    end(&ctx, endpoint, answer, started)
}

/// The response to what the chain gave.
fn end(ctx: &Ctx, endpoint: &'static Endpoint, answer: Answer, started: Instant) -> HttpResponse {
    let exchange = &*ctx.req.0;
    let mut reply = answer.unwrap_or_else(|fault| failure::reply(&fault, &exchange.id.lock()));
    if matches!(endpoint.kind, EndpointKind::Preflight) {
        reply = preflight_reply(exchange, reply);
    }
    exchange.app.expose(exchange, matches!(endpoint.kind, EndpointKind::Rpc(_)));
    complete(exchange, reply, started)
}

/// The answer to a preflight: 204 with the headers set so far, whatever ended the chain.
fn preflight_reply(exchange: &Exchange, ended: Reply) -> Reply {
    let mut reply = Reply { headers: ended.headers, ..Reply::no_content() };
    if let Some((_, allow)) = exchange.params.iter().find(|(name, _)| name == "allow") {
        insert(reply.headers_mut(), ALLOW, allow);
    }
    let is_rpc = exchange.uri.path().starts_with("/rpc/");
    let mut set = exchange.out.lock();
    set.status = None;
    set.sent = None;
    exchange.app.origins.preflight(&exchange.headers, &mut set.headers, is_rpc);
    reply
}

/// What answers a request.
enum Target {
    Reply(Reply),
    Endpoint(&'static Endpoint, Vec<(Str, Str)>),
}

/// Looks a request up. What is outside of the program's middleware is answered here.
fn find<B>(app: &'static App, request: &http::Request<B>, id: &str) -> Target {
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
        Lookup::WrongMethod(allow) if method == Method::OPTIONS => {
            Target::Endpoint(app.preflight, vec![("allow".into(), allow.into())])
        }
        Lookup::WrongMethod(allow) => page(app, request).unwrap_or_else(|| {
            let mut reply = failure::plain(405, "this path does not have that method", id);
            insert(reply.headers_mut(), ALLOW, &allow);
            Target::Reply(reply)
        }),
        Lookup::Nothing => page(app, request).unwrap_or_else(|| Target::Reply(failure::plain(404, "not found", id))),
    }
}

fn page<B>(app: &'static App, request: &http::Request<B>) -> Option<Target> {
    if request.method() != Method::GET && request.method() != Method::HEAD {
        return None;
    }
    let (page, path, headers) = (app.page.as_ref()?, request.uri().path(), request.headers());
    let reply = page
        .file(path, headers)
        .or_else(|| if path.starts_with("/rpc/") { None } else { page.fallback(path, headers) });
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
                reply.headers_mut().insert(UPGRADE, HeaderValue::from_static("websocket"));
                reply
            })
        }
    }
}

fn asks_for_socket(headers: &HeaderMap) -> bool {
    headers.get(UPGRADE).is_some_and(|value| value.as_bytes().eq_ignore_ascii_case(b"websocket"))
}

fn refuse_body(problem: BodyProblem, id: &str) -> Reply {
    let mut reply = match problem {
        BodyProblem::TooLarge => failure::plain(413, "the body is too large", id),
        BodyProblem::Stalled => failure::plain(408, "the body did not arrive in time", id),
        BodyProblem::Broken => failure::plain(400, "the body is malformed", id),
    };
    reply.headers_mut().insert(CONNECTION, HeaderValue::from_static("close"));
    reply
}
