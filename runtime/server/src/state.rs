//! The `mut` state of a server, and the lock that makes code between two suspensions atomic.
//!
//! One process is one server, so there is one lock. The future of code that touches state is wrapped: each poll takes the lock and
//! gives it back on return, so nothing is held while suspended. The access to [`State`] inside re-enters cheaply.

use std::cell::RefCell;
use std::pin::Pin;
use std::task::{Context, Poll};

use parking_lot::ReentrantMutex;

/// The lock of the server.
static SERVER_LOCK: ReentrantMutex<()> = ReentrantMutex::new(());

/// The `mut` globals of a server; `G` is the generated struct of them.
pub struct State<G> {
    cell: ReentrantMutex<RefCell<Option<G>>>,
}

impl<G: Send> State<G> {
    /// State without values yet.
    #[must_use]
    pub const fn new() -> Self {
        Self { cell: ReentrantMutex::new(RefCell::new(None)) }
    }

    /// Gives the globals their first values.
    pub fn set(&self, globals: G) {
        *self.cell.lock().borrow_mut() = Some(globals);
    }

    /// Reads. `with` must not update state.
    ///
    /// # Panics
    /// Before [`State::set`].
    pub fn read<R>(&self, with: impl FnOnce(&G) -> R) -> R {
        with(self.cell.lock().borrow().as_ref().expect("state is set before it is read"))
    }

    /// A copy of the values.
    ///
    /// # Panics
    /// Before [`State::set`].
    pub fn get(&self) -> G
    where
        G: Clone,
    {
        self.read(G::clone)
    }

    /// Updates. `with` must be short and must not use state by other ways: evaluate what is to be stored before.
    ///
    /// # Panics
    /// Before [`State::set`].
    pub fn write<R>(&self, with: impl FnOnce(&mut G) -> R) -> R {
        with(self.cell.lock().borrow_mut().as_mut().expect("state is set before it is updated"))
    }
}

impl<G: Send> Default for State<G> {
    fn default() -> Self {
        Self::new()
    }
}

/// Runs code that touches state and never suspends.
pub(crate) fn atomic<R>(run: impl FnOnce() -> R) -> R {
    let _held = SERVER_LOCK.lock();
    run()
}

/// A future whose every poll holds the server's lock.
pub(crate) struct Atomic<F>(pub(crate) F);

impl<F: Future + Unpin> Future for Atomic<F> {
    type Output = F::Output;

    fn poll(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<F::Output> {
        let _held = SERVER_LOCK.lock();
        Pin::new(&mut self.0).poll(cx)
    }
}
