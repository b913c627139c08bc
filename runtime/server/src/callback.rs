//! Function values that the runtime calls later: `ws.on(…)`, `res.on_finish(…)`.

use std::sync::Arc;

use crate::chain::caught;
use crate::handler::Pending;
use crate::log;
use crate::state::Atomic;
use crate::value::{AsyncFn0, AsyncFn1, AsyncFn2, Fault, Fn0, Fn1, Fn2, Str};

/// A program's function of some arguments, which may leave out those that it has no use for.
pub struct Callback<A>(Arc<dyn Fn(A) -> Pending<Result<(), Fault>> + Send + Sync>);

/// Whether code touches `mut` state of its server.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Touches {
    State,
    Nothing,
}

impl<A> Clone for Callback<A> {
    fn clone(&self) -> Self {
        Self(Arc::clone(&self.0))
    }
}

impl<A> Callback<A> {
    /// Calls the function. What it throws is logged as a failure of `what`; gives whether it went well.
    pub(crate) async fn run(&self, what: &str, touches: Touches, arguments: A) -> bool {
        guarded(what, touches, (self.0)(arguments)).await
    }
}

/// Runs code that nobody waits for an answer of.
pub(crate) async fn guarded(what: &str, touches: Touches, run: Pending<Result<(), Fault>>) -> bool {
    let outcome = match touches {
        Touches::State => caught(Atomic(run)).await,
        Touches::Nothing => caught(run).await,
    };
    if let Err(fault) = &outcome {
        log::fault(what, fault, "");
    }
    outcome.is_ok()
}

// Functions are called inside the future, so that the server's lock is held while they run.
macro_rules! callbacks {
    ($($function:ty, $arguments:ty: $f:ident, $pattern:pat => $call:expr;)*) => {$(
        impl<R: Send + 'static> From<$function> for Callback<$arguments> {
            fn from($f: $function) -> Self {
                Self(Arc::new(move |$pattern: $arguments| {
                    let $f = $f.clone();
                    Box::pin(async move { $call.map(drop) })
                }))
            }
        }
    )*};
}

callbacks! {
    Fn0<R>, (): f, () => f.call();
    AsyncFn0<R>, (): f, () => f.call().await;
    Fn0<R>, Str: f, _text => f.call();
    AsyncFn0<R>, Str: f, _text => f.call().await;
    Fn1<Str, R>, Str: f, text => f.call(text);
    AsyncFn1<Str, R>, Str: f, text => f.call(text).await;
    Fn0<R>, Fault: f, _fault => f.call();
    AsyncFn0<R>, Fault: f, _fault => f.call().await;
    Fn1<Str, R>, Fault: f, fault => f.call(fault.message);
    AsyncFn1<Str, R>, Fault: f, fault => f.call(fault.message).await;
    Fn1<Fault, R>, Fault: f, fault => f.call(fault);
    AsyncFn1<Fault, R>, Fault: f, fault => f.call(fault).await;
    Fn0<R>, (i64, Str): f, _end => f.call();
    AsyncFn0<R>, (i64, Str): f, _end => f.call().await;
    Fn1<i64, R>, (i64, Str): f, (code, _) => f.call(code);
    AsyncFn1<i64, R>, (i64, Str): f, (code, _) => f.call(code).await;
    Fn2<i64, Str, R>, (i64, Str): f, (code, reason) => f.call(code, reason);
    AsyncFn2<i64, Str, R>, (i64, Str): f, (code, reason) => f.call(code, reason).await;
}
