//! Tests of a program: a generated harness lists them, the one who starts it says which to run.
//!
//! The numbers of the tests are the arguments of the process. Before and after each test a line goes to standard output that
//! begins with the mark in `TOVA_TEST_MARK`, which nothing else that is written contains: `{"start":3}`, then
//! `{"end":3,"micros":120}` with what went wrong, if something did. What stands between the two the test has written.

use std::io::Write as _;
use std::process::ExitCode;
use std::sync::OnceLock;
use std::time::Instant;

use bytes::Bytes;
use http::{HeaderName, HeaderValue, Method, Uri};

use crate::app::App;
use crate::dispatch;
use crate::handler::Pending;
use crate::log;
use crate::settings;
use crate::value::{Fault, JsonWriter, Map, Str, attempt, fault, quiet_faults, throw};

/// A test as the harness lists it.
#[derive(Clone, Copy)]
pub struct Test {
    run: Run,
}

#[derive(Clone, Copy)]
enum Run {
    Sync(fn() -> Result<(), Fault>),
    Async(fn() -> Pending<Result<(), Fault>>),
}

impl Test {
    /// A test that never suspends.
    #[must_use]
    pub const fn sync(run: fn() -> Result<(), Fault>) -> Self {
        Self { run: Run::Sync(run) }
    }

    /// A test that may suspend.
    #[must_use]
    pub const fn suspending(run: fn() -> Pending<Result<(), Fault>>) -> Self {
        Self { run: Run::Async(run) }
    }
}

/// As much room for recursion as scripts have.
const STACK: usize = 256 << 20;

/// Runs tests that need no server, one after another. This is what the `main` of a harness returns.
#[must_use]
pub fn run_tests(tests: &'static [Test]) -> ExitCode {
    run_wanted(tests, |test| match test.run {
        Run::Sync(run) => attempt(run),
        Run::Async(run) => attempt(|| runtime()?.block_on(run())),
    })
}

/// Runs tests within a server that `boot` starts. What a test leaves behind in the server's variables and its database the next one
/// finds: whoever wants each to start afresh starts a process for each.
pub(crate) fn run_server_tests<B>(tests: &'static [Test], app: &'static App, boot: B) -> ExitCode
where
    B: Future<Output = Result<(), String>> + Send + 'static,
{
    let _ = SERVER.set(app);
    let mut boot = Some(boot);
    run_wanted(tests, move |test| {
        let runtime = runtime()?;
        let starting = boot.take();
        attempt(|| {
            runtime.block_on(async {
                if let Some(starting) = starting {
                    starting.await.map_err(|problem| throw(problem.into()))?;
                    app.life.start();
                }
                match test.run {
                    Run::Sync(run) => run(),
                    Run::Async(run) => run().await,
                }
            })
        })
    })
}

/// The server that the tests of this process ask.
static SERVER: OnceLock<&'static App> = OnceLock::new();

/// Asks the server under test, without a connection: the request takes the way that one from the network takes, middleware included. Gives the
/// status, the headers by lower-case name, and the body as text.
pub async fn request(
    method: &str,
    path: &str,
    headers: Map<Str, Str>,
    body: &str,
) -> (i64, Map<Str, Str>, Str) {
    let Some(app) = SERVER.get() else { fault("there is no server to ask") };
    let Ok(uri) = path.parse::<Uri>() else { fault(format!("`{path}` is not the path of a request").as_str()) };
    let Ok(method) = Method::from_bytes(method.as_bytes()) else { fault(format!("`{method}` is not a method").as_str()) };
    let mut request = http::Request::new(Bytes::copy_from_slice(body.as_bytes()));
    (*request.method_mut(), *request.uri_mut()) = (method, uri);
    for (name, value) in headers.iter() {
        match (HeaderName::from_bytes(name.as_bytes()), HeaderValue::from_str(value)) {
            (Ok(name), Ok(value)) => drop(request.headers_mut().append(name, value)),
            _ => fault(format!("HTTP cannot carry the header `{name}: {value}`").as_str()),
        }
    }
    let (head, body) = dispatch::answer(app, request).await.into_parts();
    let text = |value: &HeaderValue| Str::from(String::from_utf8_lossy(value.as_bytes()).as_ref());
    let headers = head.headers.iter().map(|(name, value)| (Str::from(name.as_str()), text(value))).collect();
    (i64::from(head.status.as_u16()), headers, String::from_utf8_lossy(&body.into_data()).as_ref().into())
}

/// Runs the tests that the arguments name, each by `run`.
fn run_wanted(tests: &'static [Test], mut run: impl FnMut(&Test) -> Result<(), Fault> + Send + 'static) -> ExitCode {
    quiet_faults();
    let mark = settings::variable("TOVA_TEST_MARK").unwrap_or_default();
    let wanted: Vec<usize> = std::env::args().skip(1).filter_map(|number| number.parse().ok()).collect();
    let all = move || {
        for index in wanted {
            let Some(test) = tests.get(index) else { continue };
            tell(&mark, &format!("{{\"start\":{index}}}"));
            let started = Instant::now();
            let outcome = run(test);
            let micros = started.elapsed().as_micros();
            log::flush();
            tell(&mark, &ended(index, micros, outcome.err().as_ref()));
        }
    };
    let thread = std::thread::Builder::new().stack_size(STACK).spawn(all);
    match thread.map(std::thread::JoinHandle::join) {
        Ok(Ok(())) => ExitCode::SUCCESS,
        Ok(Err(_)) | Err(_) => ExitCode::FAILURE,
    }
}

/// What is known of a test that has ended.
fn ended(index: usize, micros: u128, fault: Option<&Fault>) -> String {
    let Some(fault) = fault else { return format!("{{\"end\":{index},\"micros\":{micros}}}") };
    let mut out = JsonWriter::default();
    out.raw(&format!("{{\"end\":{index},\"micros\":{micros},\"message\":"));
    out.string(&fault.message);
    if let Some(place) = &fault.place {
        out.raw(",\"file\":");
        out.string(&place.file);
        out.raw(&format!(",\"line\":{}", place.line));
    }
    out.raw("}");
    out.into_text().to_string()
}

/// Writes a line with the mark. If nobody listens any more there is nobody to tell.
fn tell(mark: &str, line: &str) {
    let mut out = std::io::stdout().lock();
    let _ = writeln!(out, "{mark}{line}");
    let _ = out.flush();
}

/// What a test that suspends runs on.
fn runtime() -> Result<tokio::runtime::Runtime, Fault> {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build();
    runtime.map_err(|problem| throw(problem.to_string().into()))
}
