//! What goes wrong at run time.
//!
//! What a program throws travels as `Err(Fault)`. A run-time fault (an index out of range, an overflow, a failed assertion) can happen
//! anywhere, so it unwinds with the same [`Fault`] as its payload; `try` and the boundary of a request catch both.

use std::any::Any as StdAny;
use std::cell::RefCell;
use std::panic::{self, AssertUnwindSafe, Location};
use std::pin::Pin;
use std::sync::OnceLock;
use std::task::{Context, Poll};

use super::{Any, Str};

/// What went wrong: the record `Error` of the language.
#[derive(Clone, Debug)]
pub struct Fault {
    /// For people.
    pub message: Str,
    /// For programs: `NOT_FOUND`.
    pub code: Option<Str>,
    /// The HTTP status that it means.
    pub status: Option<i64>,
    /// More for the reply to a client.
    pub details: Option<Box<Any>>,
    /// Where a run-time fault happened.
    pub place: Option<Place>,
}

/// A place in the program, or in generated code that no place of the program is known for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Place {
    /// The file.
    pub file: Str,
    /// From 1.
    pub line: u32,
}

impl PartialEq for Fault {
    fn eq(&self, other: &Self) -> bool {
        self.message == other.message && self.code == other.code && self.status == other.status
    }
}

impl Fault {
    /// A record `Error` with these fields.
    #[must_use]
    pub const fn new(message: Str, code: Option<Str>, status: Option<i64>) -> Self {
        Self { message, code, status, details: None, place: None }
    }

    /// An error that has a meaning in HTTP.
    #[must_use]
    pub fn with_status(status: i64, code: &str, message: impl Into<Str>) -> Self {
        Self::new(message.into(), Some(code.into()), Some(status))
    }

    /// Unwinds with this fault.
    pub fn raise(self) -> ! {
        panic::resume_unwind(Box::new(self))
    }

    /// The fault that an unwinding carried, be it ours or a panic of Rust.
    #[must_use]
    pub fn of_panic(payload: Box<dyn StdAny + Send>) -> Self {
        let message = match payload.downcast::<Self>() {
            Ok(fault) => return *fault,
            Err(payload) => match (payload.downcast_ref::<&str>(), payload.downcast_ref::<String>()) {
                (Some(text), _) => message_of_panic(text),
                (None, Some(text)) => message_of_panic(text),
                (None, None) => "unknown fault".into(),
            },
        };
        Self { place: LAST_PANIC.take(), ..Self::new(message, None, None) }
    }
}

/// Generated arithmetic is plain Rust with overflow checks; its panics are the language's faults.
fn message_of_panic(text: &str) -> Str {
    match text {
        "attempt to add with overflow"
        | "attempt to subtract with overflow"
        | "attempt to multiply with overflow"
        | "attempt to negate with overflow" => "integer overflow".into(),
        other => other.into(),
    }
}

thread_local! {
    static LAST_PANIC: RefCell<Option<Place>> = const { RefCell::new(None) };
}

/// Keeps the place of a panic for [`Fault::of_panic`] instead of writing it to standard error; once, at the start of a process.
pub fn quiet_faults() {
    panic::set_hook(Box::new(|info| {
        let place = info.location().map(place_of);
        LAST_PANIC.with(|last| *last.borrow_mut() = place);
    }));
}

/// Where the lines of generated code come from.
static PLACES: OnceLock<&[Lines]> = OnceLock::new();

/// Where the lines of a generated file come from.
#[derive(Clone, Copy, Debug)]
pub struct Lines {
    /// The generated file: `src/app.rs`.
    pub file: &'static str,
    /// The file of the program.
    pub source: &'static str,
    /// From which generated line on it is which line of the program: `12:3 15:4`.
    pub lines: &'static str,
}

/// Tells where the lines of generated code come from; once, at the start of a process.
pub fn set_places(places: &'static [Lines]) {
    let _ = PLACES.set(places);
}

/// A place in generated code as one in the program, if it is known.
fn place_of(at: &Location<'_>) -> Place {
    let known = PLACES.get().into_iter().copied().flatten().find(|lines| at.file().ends_with(lines.file));
    let line = known.and_then(|lines| {
        let pairs = lines.lines.split(' ').filter_map(|pair| pair.split_once(':'));
        let numbers = pairs.filter_map(|(from, line)| Some((from.parse::<u32>().ok()?, line.parse::<u32>().ok()?)));
        numbers.take_while(|(from, _)| *from <= at.line()).last()
    });
    match (known, line) {
        (Some(known), Some((_, line))) => Place { file: known.source.into(), line },
        _ => Place { file: at.file().into(), line: at.line() },
    }
}

/// Stops with a run-time fault.
#[track_caller]
pub fn fault(message: impl Into<Str>) -> ! {
    let place = place_of(Location::caller());
    Fault { place: Some(place), ..Fault::new(message.into(), None, None) }.raise()
}

/// The place of the value of an option that has to be present, to update it.
#[track_caller]
pub fn present_mut<T>(option: &mut Option<T>) -> &mut T {
    match option {
        Some(value) => value,
        None => fault("unwrap of nil"),
    }
}

/// The error that `throw` of a text makes.
#[must_use]
pub fn throw(message: Str) -> Fault {
    Fault::new(message, None, None)
}

/// The value of what is not expected to throw here; if it did, that unwinds.
pub fn settled<T>(outcome: Result<T, Fault>) -> T {
    outcome.unwrap_or_else(|error| error.raise())
}

/// The value of an option that has to be present.
#[track_caller]
pub fn unwrap<T>(value: Option<T>) -> T {
    match value {
        Some(value) => value,
        None => fault("unwrap of nil"),
    }
}

/// The value of an option that has to be present, with the program's message if it is not.
#[track_caller]
pub fn expect<T>(value: Option<T>, message: Str) -> T {
    match value {
        Some(value) => value,
        None => fault(message),
    }
}

/// How the body of a `try` ended when it did not throw.
pub enum Exit<T, R> {
    /// With its value.
    Value(T),
    /// By `return`.
    Return(R),
    /// By `break` or `continue`: the number of the jump.
    Jump(u32),
}

/// Runs the body of a `try`: what it throws and what unwinds from it comes as the error.
///
/// # Errors
/// What the body threw, or the fault that stopped it.
pub fn attempt<T>(body: impl FnOnce() -> Result<T, Fault>) -> Result<T, Fault> {
    // The locals that the body leaves half updated are those that the program itself sees as such.
    panic::catch_unwind(AssertUnwindSafe(body)).unwrap_or_else(|payload| Err(Fault::of_panic(payload)))
}

/// The same for a body that suspends.
///
/// # Errors
/// What the body threw, or the fault that stopped it.
pub async fn attempt_async<T, F: Future<Output = Result<T, Fault>> + Send>(body: F) -> Result<T, Fault> {
    Attempt(Box::pin(body)).await
}

struct Attempt<F>(Pin<Box<F>>);

impl<T, F: Future<Output = Result<T, Fault>>> Future for Attempt<F> {
    type Output = Result<T, Fault>;

    fn poll(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Self::Output> {
        let polled = panic::catch_unwind(AssertUnwindSafe(|| self.0.as_mut().poll(cx)));
        polled.unwrap_or_else(|payload| Poll::Ready(Err(Fault::of_panic(payload))))
    }
}

#[cfg(test)]
mod tests {
    use super::{attempt, fault, throw};

    #[test]
    fn attempt_catches_faults_and_throws() {
        let caught = attempt(|| -> Result<(), _> { fault("index 3 is out of range") }).unwrap_err();
        assert_eq!(caught.message, "index 3 is out of range");
        assert!(caught.place.is_some_and(|place| place.file.ends_with("fault.rs")));
        assert_eq!(attempt(|| Err::<(), _>(throw("no".into()))).unwrap_err().message, "no");
        assert_eq!(attempt(|| Ok(1)), Ok(1));
    }

    #[test]
    fn native_overflow_is_a_fault() {
        let big = std::hint::black_box(i64::MAX);
        assert_eq!(attempt(|| Ok(big + 1)).unwrap_err().message, "integer overflow");
    }
}
