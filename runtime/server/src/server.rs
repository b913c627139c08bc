//! The table that a generated `main` fills in, and running it.

use std::future::Future;
use std::process::ExitCode;

use http::Method;
use tokio::net::TcpListener;

use crate::app::{App, Life, OnError};
#[cfg(feature = "ws")]
use crate::callback::Touches;
use crate::connection;
use crate::cors::{Cors, Origins};
#[cfg(feature = "sqlite")]
use crate::db;
use crate::handler::{Handler, Middleware, Pending};
use crate::listen;
use crate::log;
use crate::page::{Page, Served};
use crate::router::{Endpoint, EndpointKind, Router};
use crate::settings::{self, Limits};
#[cfg(feature = "ws")]
use crate::socket::{Socket, SocketHandler};
use crate::testing::{self, Purpose, Test};
use crate::value::{Fault, Str, quiet_faults};

/// Code that runs once, at the start or the end.
type Hook = fn() -> Pending<Result<(), Fault>>;

/// The function that gives the database's file, and the tables.
#[cfg(feature = "sqlite")]
type Models = (fn() -> Result<Str, Fault>, &'static [db::Table]);

/// A server: what a generated `main` describes and runs. Middleware counts for the routes that are added after it.
pub struct Server {
    name: &'static str,
    port: u16,
    single: bool,
    page: Option<&'static Page>,
    page_port: Option<(&'static str, u16)>,
    cors: Option<Cors>,
    limits: Limits,
    health: Vec<&'static str>,
    middleware: Vec<Middleware>,
    router: Router,
    has_route: Vec<(&'static str, String)>,
    on_error: Option<OnError>,
    start: Option<Hook>,
    stop: Option<Hook>,
    needs_secret: bool,
    #[cfg(feature = "sqlite")]
    database: Option<Models>,
    /// The first route that could not be added: told when the server starts.
    broken: Option<String>,
}

impl Server {
    /// A server of a program with the port that the program computes for it. The name is empty if it has none.
    #[must_use]
    pub fn new(name: &'static str, port: u16) -> Self {
        Self {
            name,
            port,
            single: false,
            page: None,
            page_port: None,
            cors: None,
            limits: Limits::default(),
            health: Vec::new(),
            middleware: Vec::new(),
            router: Router::default(),
            has_route: Vec::new(),
            on_error: None,
            start: None,
            stop: None,
            needs_secret: false,
            #[cfg(feature = "sqlite")]
            database: None,
            broken: None,
        }
    }

    /// The program has no other server, so `PORT` is this one's.
    #[must_use]
    pub const fn single(mut self) -> Self {
        self.single = true;
        self
    }

    /// Code for the start, after the database is open: the globals, the block's statements, `on_start`.
    #[must_use]
    pub fn start(mut self, start: Hook) -> Self {
        self.start = Some(start);
        self
    }

    /// Code for the end, after the last request.
    #[must_use]
    pub fn stop(mut self, stop: Hook) -> Self {
        self.stop = Some(stop);
        self
    }

    /// The program uses `verify_token` or `sign_jwt`: in production there must be a secret.
    #[must_use]
    pub const fn needs_secret(mut self) -> Self {
        self.needs_secret = true;
        self
    }

    /// The SQLite file and the tables of the models.
    #[cfg(feature = "sqlite")]
    #[must_use]
    pub fn database(mut self, file: fn() -> Result<Str, Fault>, tables: &'static [db::Table]) -> Self {
        self.database = Some((file, tables));
        self
    }

    /// This server serves the page.
    #[must_use]
    pub fn page(mut self, page: &'static Page) -> Self {
        self.page = Some(page);
        self
    }

    /// Another server, with this name and port, serves the page, which may call this one.
    #[must_use]
    pub const fn page_at(mut self, name: &'static str, port: u16) -> Self {
        self.page_port = Some((name, port));
        self
    }

    /// `cors { … }`
    #[must_use]
    pub const fn cors(mut self, cors: Cors) -> Self {
        self.cors = Some(cors);
        self
    }

    /// `max_body`, in bytes.
    #[must_use]
    pub const fn max_body(mut self, bytes: usize) -> Self {
        self.limits.max_body = bytes;
        self
    }

    /// Other deadlines and sizes than the usual ones.
    #[must_use]
    pub const fn limits(mut self, limits: Limits) -> Self {
        self.limits = limits;
        self
    }

    /// `health "/path"`, beside `/health` and `/ready`.
    #[must_use]
    pub fn health(mut self, path: &'static str) -> Self {
        self.health.push(path);
        self
    }

    /// `on_error`
    #[must_use]
    pub const fn on_error(mut self, on_error: OnError) -> Self {
        self.on_error = Some(on_error);
        self
    }

    /// Middleware of all routes that follow.
    #[must_use]
    pub fn middleware(mut self, middleware: Middleware) -> Self {
        self.middleware.push(middleware);
        self
    }

    /// `route METHOD "path" => handler`
    #[must_use]
    pub fn route(self, method: &'static str, path: &str, handler: Handler) -> Self {
        self.guarded(method, path, &[], handler)
    }

    /// A route with middleware of its own.
    #[must_use]
    pub fn guarded(mut self, method: &'static str, path: &str, guards: &[Middleware], handler: Handler) -> Self {
        self.has_route.push((method, path.to_owned()));
        let chain = [&self.middleware, guards].concat();
        match Method::from_bytes(method.as_bytes()) {
            Ok(method) => self.add(&method, path, EndpointKind::Route(handler), chain),
            Err(_) => {
                self.broken.get_or_insert_with(|| format!("route {path}: `{method}` is not a method"));
                self
            }
        }
    }

    /// A function that the client calls: `POST /rpc/name`.
    #[must_use]
    pub fn rpc(self, name: &str, handler: Handler) -> Self {
        self.guarded_rpc(name, &[], handler)
    }

    /// A function that the client calls, with middleware of its own.
    #[must_use]
    pub fn guarded_rpc(self, name: &str, guards: &[Middleware], handler: Handler) -> Self {
        let chain = [&self.middleware, guards].concat();
        self.add(&Method::POST, &format!("/rpc/{name}"), EndpointKind::Rpc(handler), chain)
    }

    /// `route WS "path" => handler`. A stateful handler and the callbacks that it sets hold the server's lock while they run.
    #[cfg(feature = "ws")]
    #[must_use]
    pub fn socket(self, path: &str, run: fn(Socket) -> Pending<Result<(), Fault>>, stateful: bool) -> Self {
        self.guarded_socket(path, &[], run, stateful)
    }

    /// A WebSocket route with middleware of its own.
    #[cfg(feature = "ws")]
    #[must_use]
    pub fn guarded_socket(
        self,
        path: &str,
        guards: &[Middleware],
        run: fn(Socket) -> Pending<Result<(), Fault>>,
        stateful: bool,
    ) -> Self {
        let touches = if stateful { Touches::State } else { Touches::Nothing };
        let chain = [&self.middleware, guards].concat();
        self.add(&Method::GET, path, EndpointKind::Socket(SocketHandler { run, touches }), chain)
    }

    fn add(mut self, method: &Method, path: &str, kind: EndpointKind, chain: Vec<Middleware>) -> Self {
        if let Err(problem) = self.router.add(method, path, kind, chain) {
            self.broken.get_or_insert(problem);
        }
        self
    }

    /// Runs the server until it is told to stop. This is what `main` returns.
    #[must_use]
    pub fn run(self) -> ExitCode {
        quiet_faults();
        let outcome = listen::runtime().and_then(|runtime| {
            let outcome = runtime.block_on(self.run_until_signal());
            runtime.shutdown_background();
            outcome
        });
        log::flush();
        match outcome {
            Ok(()) => ExitCode::SUCCESS,
            Err(problem) => {
                listen::complain(&problem);
                ExitCode::FAILURE
            }
        }
    }

    /// Runs tests within this server instead of serving it, with an empty database in memory. This is what the `main` of a harness
    /// returns.
    #[must_use]
    pub fn run_tests(self, tests: &'static [Test]) -> ExitCode {
        self.run_inside(tests, Purpose::Test)
    }

    /// The same for benchmarks.
    #[must_use]
    pub fn run_benches(self, benches: &'static [Test]) -> ExitCode {
        self.run_inside(benches, Purpose::Bench)
    }

    fn run_inside(mut self, tests: &'static [Test], purpose: Purpose) -> ExitCode {
        if let Some(problem) = self.broken.take() {
            listen::complain(&problem);
            return ExitCode::FAILURE;
        }
        #[cfg(feature = "sqlite")]
        if let Some((file, _)) = &mut self.database {
            *file = || Ok(":memory:".into());
        }
        if testing::is_to_serve() {
            return self.serve_beside_tests();
        }
        let boot = Boot::of(&self);
        let app: &'static App = Box::leak(Box::new(self.into_app()));
        testing::run_in_server(tests, purpose, app, boot.run())
    }

    /// Serves on a port of this machine that is told to the one who started the harness: for tests that run in a page.
    fn serve_beside_tests(self) -> ExitCode {
        quiet_faults();
        let outcome = listen::runtime().and_then(|runtime| {
            runtime.block_on(async {
                let unusable = |problem: std::io::Error| format!("cannot listen on this machine: {problem}");
                let listener = TcpListener::bind(("127.0.0.1", 0)).await.map_err(unusable)?;
                testing::tell_port(listener.local_addr().map_err(unusable)?.port());
                self.serve(listener, std::future::pending()).await
            })
        });
        log::flush();
        match outcome {
            Ok(()) => ExitCode::SUCCESS,
            Err(problem) => {
                listen::complain(&problem);
                ExitCode::FAILURE
            }
        }
    }

    async fn run_until_signal(mut self) -> Result<(), String> {
        if let Some(problem) = self.broken.take() {
            return Err(problem);
        }
        self.limits = self.limits.of_environment()?;
        let port = settings::port(self.name, self.single, self.port)?;
        let (listener, taken_over) = listen::open(port, self.name, self.single).await?;
        let stop = listen::stop_signal()?;
        self.serve_listener(listener, taken_over, stop).await
    }

    /// Serves on a listener until `stop`, which says whether idle connections are left open for a while. For tests.
    ///
    /// # Errors
    /// The server could not start.
    #[doc(hidden)]
    pub async fn serve(
        self,
        listener: TcpListener,
        stop: impl Future<Output = listen::Stop> + Send,
    ) -> Result<(), String> {
        self.serve_listener(listener, listen::TakeOver::No, stop).await
    }

    async fn serve_listener(
        self,
        listener: TcpListener,
        taken_over: listen::TakeOver,
        stop: impl Future<Output = listen::Stop> + Send,
    ) -> Result<(), String> {
        let (name, at_end) = (self.name, self.stop);
        let url = listener.local_addr().map(|address| format!("http://{address}")).unwrap_or_default();
        let boot = Boot::of(&self);
        let app: &'static App = Box::leak(Box::new(self.into_app()));
        let boot = async {
            boot.run().await?;
            app.life.start();
            // Whoever waits at the pipe tells the user in words of its own.
            if !listen::tell_ready() {
                log::ready(name, &url);
            }
            Ok::<(), String>(())
        };
        // A listener of our own is served at once, with 503 until the start is over. One that is taken over still has
        // a server behind it, so it is left alone until then.
        let stopped = if taken_over == listen::TakeOver::Yes {
            boot.await?;
            drain_when(app, listener, stop).await
        } else {
            let serving = drain_when(app, listener, stop);
            tokio::pin!(serving, boot);
            tokio::select! {
                stopped = &mut serving => stopped,
                booted = &mut boot => {
                    booted?;
                    serving.await
                }
            }
        };
        leave(app, stopped).await;
        if let Some(at_end) = at_end {
            at_end().await.map_err(|fault| format!("on_stop failed: {}", fault.message))?;
        }
        #[cfg(feature = "sqlite")]
        db::settle();
        Ok(())
    }

    fn into_app(self) -> App {
        let is_free = |path: &str| !self.has_route.iter().any(|(method, route)| *method == "GET" && route == path);
        let mut live_paths = self.health.clone();
        live_paths.extend(["/health"].into_iter().filter(|path| is_free(path)));
        let ready_paths = ["/ready"].into_iter().filter(|path| is_free(path)).collect();
        let page_port = self.page_port.map(|(name, port)| settings::port(name, false, port).unwrap_or(port));
        App {
            router: self.router,
            page: self.page.map(Served::new),
            origins: Origins { cors: self.cors, page_port },
            limits: self.limits,
            on_error: self.on_error,
            preflight: Box::leak(Box::new(Endpoint::preflight(self.middleware))),
            live_paths,
            ready_paths,
            life: Life::new(),
        }
    }
}

/// Accepts until told to stop, and some more while load balancers notice.
async fn drain_when(
    app: &'static App,
    listener: TcpListener,
    stop: impl Future<Output = listen::Stop>,
) -> listen::Stop {
    let mut stopped = listen::Stop::AtOnce;
    let stop = async {
        stopped = stop.await;
        app.life.drain();
        if let (listen::Stop::Politely, Some(delay)) = (stopped, listen::shutdown_delay()) {
            tokio::time::sleep(delay).await;
        }
    };
    connection::accept(app, listener, stop).await;
    stopped
}

/// Lets running requests finish and sends everyone else away.
async fn leave(app: &'static App, stopped: listen::Stop) {
    app.life.send_sockets_away();
    if stopped == listen::Stop::Politely {
        let _ = tokio::time::timeout(app.limits.idle_grace, app.life.all_left()).await;
    }
    app.life.close_idle();
    let _ = tokio::time::timeout(app.limits.drain, app.life.all_left()).await;
}

/// What happens before the first request.
struct Boot {
    needs_secret: bool,
    start: Option<Hook>,
    #[cfg(feature = "sqlite")]
    database: Option<Models>,
}

impl Boot {
    fn of(server: &Server) -> Self {
        Self {
            needs_secret: server.needs_secret,
            start: server.start,
            #[cfg(feature = "sqlite")]
            database: server.database,
        }
    }

    async fn run(self) -> Result<(), String> {
        #[cfg(feature = "jwt")]
        if self.needs_secret {
            crate::jwt::secret().map_err(Clone::clone)?;
        }
        #[cfg(feature = "sqlite")]
        if let Some((file, tables)) = self.database {
            let file = file().map_err(|fault| format!("the database's name: {}", fault.message))?;
            db::open(&file, tables)?;
        }
        if let Some(start) = self.start {
            crate::chain::caught(start()).await.map_err(|fault| format!("the start failed: {}", fault.message))?;
        }
        Ok(())
    }
}
