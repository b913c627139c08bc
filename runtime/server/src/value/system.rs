//! What programs ask of the machine: time, environment, random identifiers; and how a script runs.

use std::process::ExitCode;
use std::time::{SystemTime, UNIX_EPOCH};

use super::fault::attempt;
use super::{Duration, Fault, Str, float, quiet_faults, show};

/// Milliseconds since 1970-01-01 UTC.
#[must_use]
pub fn now() -> i64 {
    let elapsed = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
    i64::try_from(elapsed.as_millis()).unwrap_or(i64::MAX)
}

/// The value of an environment variable.
#[must_use]
pub fn env(name: &str) -> Option<Str> {
    std::env::var(name).ok().map(Str::from)
}

/// A random identifier (UUID version 4).
#[must_use]
pub fn uuid() -> Str {
    let (high, low) = (float::random_bits(), float::random_bits());
    let high = (high & !0xf000) | 0x4000;
    let low = (low & (u64::MAX >> 2)) | (1 << 63);
    let (a, b, c) = (high >> 32, (high >> 16) & 0xffff, high & 0xffff);
    format!("{a:08x}-{b:04x}-{c:04x}-{:04x}-{:012x}", low >> 48, low & 0xffff_ffff_ffff).into()
}

/// Waits.
pub async fn sleep(time: Duration) {
    tokio::time::sleep(std::time::Duration::from_millis(u64::try_from(time.0).unwrap_or(0))).await;
}

/// Deep recursion is a way to write loops: scripts get more room for it than the system's usual.
const SCRIPT_STACK: usize = 256 << 20;

/// Runs a script that never suspends. This is what its `main` returns.
#[must_use]
pub fn run_script(script: fn() -> Result<(), Fault>) -> ExitCode {
    run(move || attempt(script))
}

/// Runs a script that may suspend.
#[must_use]
pub fn run_script_async(script: fn() -> crate::handler::Pending<Result<(), Fault>>) -> ExitCode {
    run(move || {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build();
        let runtime = runtime.map_err(|problem| super::throw(show(&problem.to_string().as_str())))?;
        attempt(|| runtime.block_on(script()))
    })
}

fn run(script: impl FnOnce() -> Result<(), Fault> + Send + 'static) -> ExitCode {
    quiet_faults();
    let thread = std::thread::Builder::new().stack_size(SCRIPT_STACK).spawn(script);
    let outcome = match thread.map(std::thread::JoinHandle::join) {
        Ok(Ok(outcome)) => outcome,
        Ok(Err(payload)) => Err(Fault::of_panic(payload)),
        Err(problem) => Err(super::throw(show(&problem.to_string().as_str()))),
    };
    let Err(fault) = outcome else { return ExitCode::SUCCESS };
    report(&fault);
    ExitCode::FAILURE
}

/// Tells on standard error what stopped a script.
fn report(fault: &Fault) {
    use std::io::Write as _;

    let mut text = format!("error: {}\n", fault.message);
    if let Some(place) = &fault.place {
        text.push_str(&format!("  at {}:{}\n", place.file, place.line));
    }
    // Nobody is left to tell if this fails.
    let _ = std::io::stderr().write_all(text.as_bytes());
}

#[cfg(test)]
mod tests {
    use super::uuid;

    #[test]
    fn identifiers_have_the_form_of_version_4() {
        let (a, b) = (uuid(), uuid());
        assert_ne!(a, b);
        assert_eq!(a.len(), 36);
        assert_eq!(a.as_bytes().get(14), Some(&b'4'));
        assert!(matches!(a.as_bytes().get(19), Some(b'8' | b'9' | b'a' | b'b')));
    }
}
