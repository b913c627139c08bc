//! What generated code hands to the runtime: handlers and middleware as plain function pointers, so that nothing of the HTTP
//! stack is compiled again for a program.

use std::future::Future;
use std::pin::Pin;

use crate::chain;
use crate::reply::Reply;
use crate::request::Request;
use crate::response::Response;
use crate::router::Endpoint;
use crate::value::Fault;

/// What a handler gives: a reply, or what it threw.
pub type Answer = Result<Reply, Fault>;

/// A suspended computation of generated code.
pub type Pending<T> = Pin<Box<dyn Future<Output = T> + Send + 'static>>;

/// The two handles that one request's code works with.
#[derive(Clone)]
pub struct Ctx {
    /// The request.
    pub req: Request,
    /// The response in the making.
    pub res: Response,
}

/// The code behind a route or an RPC function.
#[derive(Clone, Copy)]
pub struct Handler {
    pub(crate) run: HandlerRun,
    pub(crate) stateful: bool,
}

/// How a handler is called.
#[derive(Clone, Copy)]
pub(crate) enum HandlerRun {
    Sync(fn(&Ctx) -> Answer),
    Async(fn(Ctx) -> Pending<Answer>),
}

impl Handler {
    /// A handler that never suspends.
    #[must_use]
    pub const fn sync(run: fn(&Ctx) -> Answer) -> Self {
        Self { run: HandlerRun::Sync(run), stateful: false }
    }

    /// A handler that may suspend.
    #[must_use]
    pub const fn suspending(run: fn(Ctx) -> Pending<Answer>) -> Self {
        Self { run: HandlerRun::Async(run), stateful: false }
    }

    /// The handler touches `mut` state of its server: every poll of it holds the server's lock.
    #[must_use]
    pub const fn stateful(self) -> Self {
        Self { run: self.run, stateful: true }
    }
}

impl Handler {
    pub(crate) const fn suspends(&self) -> bool {
        matches!(self.run, HandlerRun::Async(_))
    }
}

impl Middleware {
    pub(crate) const fn suspends(&self) -> bool {
        !matches!(self.run, MiddlewareRun::Before(_))
    }
}

/// What `(req, res)` middleware decides.
pub enum Flow {
    /// Go on with the chain, unless the response has been sent by now.
    Continue,
    /// The chain ends with this reply (an explicit `return value`).
    Reply(Reply),
}

/// The code of one middleware.
#[derive(Clone, Copy)]
pub struct Middleware {
    pub(crate) run: MiddlewareRun,
    pub(crate) stateful: bool,
}

/// How middleware is called.
#[derive(Clone, Copy)]
pub(crate) enum MiddlewareRun {
    Before(fn(&Ctx) -> Result<Flow, Fault>),
    BeforeAsync(fn(Ctx) -> Pending<Result<Flow, Fault>>),
    Around(fn(Ctx, Next) -> Pending<Answer>),
}

impl Middleware {
    /// `(req)` and `(req, res)` middleware that never suspends.
    #[must_use]
    pub const fn before(run: fn(&Ctx) -> Result<Flow, Fault>) -> Self {
        Self { run: MiddlewareRun::Before(run), stateful: false }
    }

    /// `(req)` and `(req, res)` middleware that may suspend.
    #[must_use]
    pub const fn before_suspending(run: fn(Ctx) -> Pending<Result<Flow, Fault>>) -> Self {
        Self { run: MiddlewareRun::BeforeAsync(run), stateful: false }
    }

    /// `(req, next)` middleware.
    #[must_use]
    pub const fn around(run: fn(Ctx, Next) -> Pending<Answer>) -> Self {
        Self { run: MiddlewareRun::Around(run), stateful: false }
    }

    /// The middleware touches `mut` state of its server: every poll of it holds the server's lock.
    #[must_use]
    pub const fn stateful(self) -> Self {
        Self { run: self.run, stateful: true }
    }
}

/// The rest of the chain, as `(req, next)` middleware gets it.
#[derive(Clone)]
pub struct Next {
    pub(crate) endpoint: &'static Endpoint,
    pub(crate) at: usize,
    pub(crate) res: Response,
}

impl Next {
    /// Runs the rest of the chain for `req`.
    pub fn run(self, req: Request) -> Pending<Answer> {
        let ctx = Ctx { req, res: self.res };
        Box::pin(async move { chain::run_from(&ctx, self.endpoint, self.at).await })
    }
}
