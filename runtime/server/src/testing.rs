//! Tests and benchmarks of a program: a generated harness lists them, the one who starts it says which to run.
//!
//! The numbers of those are the arguments of the process. Before and after each test a line goes to standard output that
//! begins with the mark in `TOVA_TEST_MARK`, which nothing else that is written contains: `{"start":3}`, then
//! `{"end":3,"micros":120}` with what went wrong, if something did; of a benchmark with how many rounds a sample has and how many
//! nanoseconds each sample took. What stands between the two the test has written.

use std::io::Write as _;
use std::process::ExitCode;
use std::sync::OnceLock;
use std::time::{Duration, Instant};

use bytes::Bytes;
use http::{HeaderName, HeaderValue, Method, Uri};
use tokio::runtime::Runtime;

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
    run_alone(tests, Purpose::Test)
}

/// The same for benchmarks.
#[must_use]
pub fn run_benches(benches: &'static [Test]) -> ExitCode {
    run_alone(benches, Purpose::Bench)
}

/// What is done with what a harness lists.
#[derive(Clone, Copy)]
pub(crate) enum Purpose {
    /// Each runs once.
    Test,
    /// Each runs many times and is measured.
    Bench,
}

fn run_alone(tests: &'static [Test], purpose: Purpose) -> ExitCode {
    run_wanted(tests, move |test| attempt(|| once_or_often(test, purpose, &runtime()?)))
}

/// Runs tests within a server that `boot` starts. What a test leaves behind in the server's variables and its database the next one
/// finds: whoever wants each to start afresh starts a process for each.
pub(crate) fn run_in_server<B>(tests: &'static [Test], purpose: Purpose, app: &'static App, boot: B) -> ExitCode
where
    B: Future<Output = Result<(), String>> + Send + 'static,
{
    let _ = SERVER.set(app);
    let mut boot = Some(boot);
    run_wanted(tests, move |test| {
        let runtime = runtime()?;
        let starting = boot.take();
        attempt(|| {
            if let Some(starting) = starting {
                runtime.block_on(starting).map_err(|problem| throw(problem.into()))?;
                app.life.start();
            }
            once_or_often(test, purpose, &runtime)
        })
    })
}

fn once_or_often(test: &Test, purpose: Purpose, runtime: &Runtime) -> Result<Option<Measured>, Fault> {
    match (purpose, test.run) {
        (Purpose::Test, Run::Sync(run)) => runtime.block_on(async { run() }).map(|()| None),
        (Purpose::Test, Run::Async(run)) => runtime.block_on(run()).map(|()| None),
        (Purpose::Bench, Run::Sync(run)) => {
            let _inside = runtime.enter();
            measure(&mut |rounds| (0..rounds).try_for_each(|_| run())).map(Some)
        }
        (Purpose::Bench, Run::Async(run)) => measure(&mut |rounds| {
            runtime.block_on(async {
                for _ in 0..rounds {
                    run().await?;
                }
                Ok(())
            })
        })
        .map(Some),
    }
}

/// What a benchmark took.
struct Measured {
    /// How many rounds a sample has.
    rounds: u64,
    /// How many nanoseconds each sample took.
    samples: Vec<u128>,
}

/// How long a sample should take at least: long against what the clock itself takes.
const SAMPLE: Duration = Duration::from_millis(5);
/// How long all samples take together, if there are enough of them by then.
const ALL_SAMPLES: Duration = Duration::from_secs(1);
/// What is enough.
const ENOUGH: usize = 11;

/// Finds out how many rounds make a sample, and takes samples.
fn measure(run: &mut dyn FnMut(u64) -> Result<(), Fault>) -> Result<Measured, Fault> {
    let mut timed = |rounds: u64| {
        let started = Instant::now();
        run(rounds)?;
        Ok::<Duration, Fault>(started.elapsed())
    };
    let mut rounds = 1;
    loop {
        let took = timed(rounds)?;
        if took >= SAMPLE || rounds >= 1 << 32 {
            break;
        }
        // At most tenfold at once: the first rounds are the slow ones.
        let wanted = SAMPLE.as_nanos() * u128::from(rounds) / took.as_nanos().max(1) + 1;
        rounds = u64::try_from(wanted).unwrap_or(u64::MAX).clamp(rounds + 1, rounds * 10);
    }
    let (started, mut samples) = (Instant::now(), Vec::new());
    while samples.len() < ENOUGH || started.elapsed() < ALL_SAMPLES {
        samples.push(timed(rounds)?.as_nanos());
    }
    Ok(Measured { rounds, samples })
}

/// The server that the tests of this process ask.
static SERVER: OnceLock<&'static App> = OnceLock::new();

/// Asks the server under test, without a connection: the request takes the way that one from the network takes, middleware included. Gives the
/// status, the headers by lower-case name, and the body as text.
pub async fn request(method: &str, path: &str, headers: Map<Str, Str>, body: &str) -> (i64, Map<Str, Str>, Str) {
    let Some(app) = SERVER.get() else { fault("there is no server to ask") };
    let Ok(uri) = path.parse::<Uri>() else { fault(format!("`{path}` is not the path of a request").as_str()) };
    let Ok(method) = Method::from_bytes(method.as_bytes()) else {
        fault(format!("`{method}` is not a method").as_str())
    };
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

/// Whether the harness is not to run tests but to serve, for tests that run elsewhere: its only argument is `serve`.
pub(crate) fn is_to_serve() -> bool {
    std::env::args().nth(1).is_some_and(|word| word == "serve")
}

/// Says where it serves.
pub(crate) fn tell_port(port: u16) {
    tell(&settings::variable("TOVA_TEST_MARK").unwrap_or_default(), &format!("{{\"port\":{port}}}"));
}

/// Runs the tests that the arguments name, each by `run`.
fn run_wanted(
    tests: &'static [Test],
    mut run: impl FnMut(&Test) -> Result<Option<Measured>, Fault> + Send + 'static,
) -> ExitCode {
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
            tell(&mark, &format!("{{\"end\":{index},\"micros\":{micros}{}}}", details(&outcome)));
        }
    };
    let thread = std::thread::Builder::new().stack_size(STACK).spawn(all);
    match thread.map(std::thread::JoinHandle::join) {
        Ok(Ok(())) => ExitCode::SUCCESS,
        Ok(Err(_)) | Err(_) => ExitCode::FAILURE,
    }
}

/// What there is to say of the end of a test, as fields of an object.
fn details(outcome: &Result<Option<Measured>, Fault>) -> String {
    let mut out = JsonWriter::default();
    match outcome {
        Ok(None) => {}
        Ok(Some(measured)) => {
            let samples: Vec<String> = measured.samples.iter().map(u128::to_string).collect();
            out.raw(&format!(",\"rounds\":{},\"samples\":[{}]", measured.rounds, samples.join(",")));
        }
        Err(fault) => {
            out.raw(",\"message\":");
            out.string(&fault.message);
            if let Some(place) = &fault.place {
                out.raw(",\"file\":");
                out.string(&place.file);
                out.raw(&format!(",\"line\":{}", place.line));
            }
        }
    }
    out.into_text().to_string()
}

/// Writes a line with the mark. If nobody listens any more there is nobody to tell.
fn tell(mark: &str, line: &str) {
    let mut out = std::io::stdout().lock();
    let _ = writeln!(out, "{mark}{line}");
    let _ = out.flush();
}

/// What a test that suspends runs on.
fn runtime() -> Result<Runtime, Fault> {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build();
    runtime.map_err(|problem| throw(problem.to_string().into()))
}
