//! The code of a program around one request: middleware, then the handler.

use std::future::poll_fn;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::pin::pin;
use std::task::Poll;

use crate::handler::{Answer, Ctx, Flow, Handler, HandlerRun, Middleware, MiddlewareRun, Next};
use crate::reply::Reply;
use crate::router::{Endpoint, EndpointKind};
use crate::state::{Atomic, atomic};
use crate::value::Fault;

/// Runs the chain of an endpoint of which nothing suspends. Other code than that is left out.
pub(crate) fn run_sync(ctx: &Ctx, endpoint: &'static Endpoint) -> Answer {
    catch_unwind(AssertUnwindSafe(|| {
        for middleware in &endpoint.chain {
            let MiddlewareRun::Before(run) = middleware.run else { continue };
            let flow = if middleware.stateful { atomic(|| run(ctx)) } else { run(ctx) };
            if let Some(end) = ended(ctx, flow?) {
                return Ok(end);
            }
        }
        match &endpoint.kind {
            EndpointKind::Route(handler) | EndpointKind::Rpc(handler) => match handler.run {
                HandlerRun::Sync(run) if handler.stateful => atomic(|| run(ctx)),
                HandlerRun::Sync(run) => run(ctx),
                HandlerRun::Async(_) => Ok(Reply::empty()),
            },
            EndpointKind::Preflight => Ok(Reply::no_content()),
            #[cfg(feature = "ws")]
            EndpointKind::Socket(handler) => crate::socket::accept(ctx, handler),
        }
    }))
    .unwrap_or_else(|payload| Err(Fault::of_panic(payload)))
}

/// Runs the chain of an endpoint from one middleware on.
pub(crate) async fn run_from(ctx: &Ctx, endpoint: &'static Endpoint, from: usize) -> Answer {
    for (at, middleware) in endpoint.chain.iter().enumerate().skip(from) {
        if let MiddlewareRun::Around(run) = middleware.run {
            let next = Next { endpoint, at: at + 1, res: ctx.res.clone() };
            let pending = run(ctx.clone(), next);
            return if middleware.stateful { Atomic(pending).await } else { pending.await };
        }
        if let Some(end) = ended(ctx, before(ctx, middleware).await?) {
            return Ok(end);
        }
    }
    match &endpoint.kind {
        EndpointKind::Route(handler) | EndpointKind::Rpc(handler) => handle(ctx, handler).await,
        EndpointKind::Preflight => Ok(Reply::no_content()),
        #[cfg(feature = "ws")]
        EndpointKind::Socket(handler) => crate::socket::accept(ctx, handler),
    }
}

/// The reply with which `(req, res)` middleware has ended the chain.
fn ended(ctx: &Ctx, flow: Flow) -> Option<Reply> {
    match flow {
        Flow::Reply(reply) => Some(reply),
        Flow::Continue => ctx.res.is_sent().then(Reply::empty),
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
