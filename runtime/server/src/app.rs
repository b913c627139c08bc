//! A server as it runs: its tables and where it stands in its life.

use std::collections::HashMap;
use std::net::IpAddr;
use std::sync::atomic::{AtomicBool, AtomicU8, AtomicUsize, Ordering};
use std::time::Instant;

use http::Method;
use parking_lot::Mutex;
use tokio::sync::Notify;

use crate::cors::{self, Origins};
use crate::exchange::Exchange;
use crate::handler::{Answer, Ctx, Pending};
use crate::page::Served;
use crate::reply::Reply;
use crate::router::{Endpoint, Router};
use crate::settings::Limits;
use crate::value::Fault;

/// `on_error`
pub(crate) type OnError = fn(Ctx, Fault) -> Pending<Answer>;

/// A server as it runs. It lives as long as the process.
pub(crate) struct App {
    pub(crate) router: Router,
    pub(crate) page: Option<Served>,
    pub(crate) origins: Origins,
    pub(crate) limits: Limits,
    pub(crate) on_error: Option<OnError>,
    /// What answers preflights.
    pub(crate) preflight: &'static Endpoint,
    /// Paths that say that the process lives, and those that say whether it takes requests.
    pub(crate) live_paths: Vec<&'static str>,
    pub(crate) ready_paths: Vec<&'static str>,
    pub(crate) life: Life,
}

impl App {
    /// The answer of the health paths: outside of middleware, never 503 on the live ones.
    pub(crate) fn health(&self, method: &Method, path: &str) -> Option<Reply> {
        if method != Method::GET && method != Method::HEAD {
            return None;
        }
        if self.live_paths.contains(&path) {
            return Some(self.health_reply("ok", 200));
        }
        if self.ready_paths.contains(&path) {
            let (status, code) = match (self.is_started(), self.is_draining()) {
                (true, false) => ("ready", 200),
                (true, true) => ("stopping", 503),
                (false, _) => ("starting", 503),
            };
            return Some(self.health_reply(status, code));
        }
        None
    }

    fn health_reply(&self, status: &str, code: i64) -> Reply {
        let uptime = self.life.since.elapsed().as_secs();
        let reply = Reply::json_from(|out| out.raw(&format!("{{\"status\":\"{status}\",\"uptime\":{uptime}}}")));
        reply.with_status(code)
    }

    pub(crate) fn is_started(&self) -> bool {
        self.life.started.load(Ordering::Acquire)
    }

    pub(crate) fn is_draining(&self) -> bool {
        self.life.stage.load(Ordering::Acquire) >= DRAINING
    }

    /// Lets a foreign page read the reply, if its origin is allowed.
    pub(crate) fn expose(&self, exchange: &Exchange, is_rpc: bool) {
        if cors::of(&exchange.headers).is_some() {
            self.origins.expose(&exchange.headers, &mut exchange.out.lock().headers, is_rpc);
        }
    }
}

/// Where a server stands in its life, and how many connections it has.
pub(crate) struct Life {
    since: Instant,
    started: AtomicBool,
    stage: AtomicU8,
    connections: AtomicUsize,
    /// Connections by address.
    addresses: Mutex<HashMap<IpAddr, usize>>,
    /// Sockets are to be closed.
    pub(crate) going_away: Notify,
    /// Idle connections are to be closed.
    pub(crate) closing: Notify,
    last_one_left: Notify,
}

const RUNNING: u8 = 0;
const DRAINING: u8 = 1;
const CLOSING: u8 = 2;

impl Life {
    pub(crate) fn new() -> Self {
        Self {
            since: Instant::now(),
            started: AtomicBool::new(false),
            stage: AtomicU8::new(RUNNING),
            connections: AtomicUsize::new(0),
            addresses: Mutex::default(),
            going_away: Notify::new(),
            closing: Notify::new(),
            last_one_left: Notify::new(),
        }
    }

    /// The start is over.
    pub(crate) fn start(&self) {
        self.started.store(true, Ordering::Release);
    }

    /// From now on every reply says `connection: close`.
    pub(crate) fn drain(&self) {
        self.stage.store(DRAINING, Ordering::Release);
    }

    /// Sockets are told to leave.
    pub(crate) fn send_sockets_away(&self) {
        self.going_away.notify_waiters();
    }

    /// Idle connections are closed.
    pub(crate) fn close_idle(&self) {
        self.stage.store(CLOSING, Ordering::Release);
        self.closing.notify_waiters();
    }

    pub(crate) fn is_closing(&self) -> bool {
        self.stage.load(Ordering::Acquire) >= CLOSING
    }

    pub(crate) fn is_draining(&self) -> bool {
        self.stage.load(Ordering::Acquire) >= DRAINING
    }

    /// Waits until no connection is left.
    pub(crate) async fn all_left(&self) {
        loop {
            let left = self.last_one_left.notified();
            if self.connections.load(Ordering::Acquire) == 0 {
                return;
            }
            left.await;
        }
    }
}

/// Counts a connection or a socket while it lives.
pub(crate) struct Counted(&'static App);

impl Counted {
    pub(crate) fn new(app: &'static App) -> Self {
        app.life.connections.fetch_add(1, Ordering::AcqRel);
        Self(app)
    }
}

impl Drop for Counted {
    fn drop(&mut self) {
        if self.0.life.connections.fetch_sub(1, Ordering::AcqRel) == 1 {
            self.0.life.last_one_left.notify_waiters();
        }
    }
}

/// The place that an address takes with a connection.
pub(crate) struct Seat {
    counted: Counted,
    address: IpAddr,
}

impl Seat {
    /// A place for one more connection, unless there are too many.
    pub(crate) fn take(app: &'static App, address: IpAddr) -> Option<Self> {
        if app.life.connections.load(Ordering::Acquire) >= app.limits.max_connections {
            return None;
        }
        let mut addresses = app.life.addresses.lock();
        let taken = addresses.entry(address).or_default();
        if *taken >= app.limits.max_connections_per_ip {
            return None;
        }
        *taken += 1;
        Some(Self { counted: Counted::new(app), address })
    }
}

impl Drop for Seat {
    fn drop(&mut self) {
        let mut addresses = self.counted.0.life.addresses.lock();
        if let Some(taken) = addresses.get_mut(&self.address) {
            *taken -= 1;
            if *taken == 0 {
                addresses.remove(&self.address);
            }
        }
    }
}
