//! JSON lines on standard output, written in batches by a thread of their own so that a request does not pay for a system call.
//!
//! `LOG_LEVEL` is `debug`, `info` (requests are logged), `warn`, `error` or `off`.

use std::io::Write;
use std::sync::OnceLock;
use std::time::{Duration, Instant, SystemTime, UNIX_EPOCH};

use parking_lot::{Condvar, Mutex};

use crate::settings;
use crate::value::Fault;

/// How much a line matters.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Level {
    Info,
    Warn,
    Error,
}

/// The lowest level that is written; nothing if logging is off.
static LOWEST: OnceLock<Option<Level>> = OnceLock::new();

/// Whether lines of this level are written.
pub(crate) fn is_on(level: Level) -> bool {
    let lowest = LOWEST.get_or_init(|| match settings::variable("LOG_LEVEL").as_deref() {
        Some("off") => None,
        Some("error") => Some(Level::Error),
        Some("warn") => Some(Level::Warn),
        _ => Some(Level::Info),
    });
    lowest.is_some_and(|lowest| level >= lowest)
}

/// Turns logging off, as `LOG_LEVEL=off` does; for tests that run servers in their own process.
pub fn silence_log() {
    // It is off already, or something has been written by now.
    let _ = LOWEST.set(None);
}

/// Lines on their way to standard output.
#[derive(Default)]
struct Sink {
    pending: Mutex<Pending>,
    wake: Condvar,
}

#[derive(Default)]
struct Pending {
    lines: Vec<u8>,
    /// Whether the writer sleeps until it is woken.
    writer_idle: bool,
}

/// More than this and the one who logs writes itself: standard output is slower than the program.
const FULL: usize = 1 << 20;
/// The writer collects lines for this long.
const BATCH: Duration = Duration::from_millis(4);

fn sink() -> &'static Sink {
    static SINK: OnceLock<&'static Sink> = OnceLock::new();
    SINK.get_or_init(|| {
        let sink: &'static Sink = Box::leak(Box::default());
        let writer = std::thread::Builder::new().name("log".into()).stack_size(128 * 1024);
        // Without a thread, lines are written when the buffer is full and at the end.
        let _ = writer.spawn(move || write_forever(sink));
        sink
    })
}

fn write_forever(sink: &Sink) {
    let mut batch = Vec::new();
    loop {
        {
            let mut pending = sink.pending.lock();
            while pending.lines.is_empty() {
                pending.writer_idle = true;
                sink.wake.wait(&mut pending);
            }
            pending.writer_idle = false;
            std::mem::swap(&mut batch, &mut pending.lines);
        }
        write_out(&batch);
        batch.clear();
        std::thread::sleep(BATCH);
    }
}

fn write_out(bytes: &[u8]) {
    let mut out = std::io::stdout().lock();
    // Nobody is left to tell if standard output is closed.
    let _ = out.write_all(bytes).and_then(|()| out.flush());
}

/// Adds one line.
pub(crate) fn line(write: impl FnOnce(&mut Vec<u8>)) {
    let sink = sink();
    let mut pending = sink.pending.lock();
    write(&mut pending.lines);
    pending.lines.push(b'\n');
    if pending.lines.len() > FULL {
        write_out(&pending.lines);
        pending.lines.clear();
    } else if pending.writer_idle {
        pending.writer_idle = false;
        sink.wake.notify_one();
    }
}

/// Writes what is pending. To be called before the process ends.
pub(crate) fn flush() {
    let mut pending = sink().pending.lock();
    write_out(&pending.lines);
    pending.lines.clear();
}

/// An event of the server with further members, each a name and a text.
pub(crate) fn event(level: Level, event: &str, members: &[(&str, &str)]) {
    if is_on(level) {
        write_event(level, event, members);
    }
}

/// The line that says that a server is ready.
pub(crate) fn ready(server: &str, url: &str) {
    event(Level::Info, "ready", &[("server", server), ("url", url)]);
}

/// What was thrown, with the place of a run-time fault.
pub(crate) fn fault(what: &str, fault: &Fault, request_id: &str) {
    let place = fault.place.as_ref().map(|place| format!("{}:{}", place.file, place.line));
    let members = [
        ("message", fault.message.as_str()),
        ("place", place.as_deref().unwrap_or_default()),
        ("request_id", request_id),
    ];
    let known: Vec<_> = members.into_iter().filter(|(_, text)| !text.is_empty()).collect();
    event(Level::Error, what, &known);
}

fn write_event(level: Level, event: &str, members: &[(&str, &str)]) {
    line(|out| {
        let level = match level {
            Level::Info => "info",
            Level::Warn => "warn",
            Level::Error => "error",
        };
        head(out, level, event);
        for (name, value) in members {
            out.push(b',');
            string(out, name);
            out.push(b':');
            string(out, value);
        }
        out.push(b'}');
    });
}

/// What the line of a request says.
pub(crate) struct RequestLine<'a> {
    pub(crate) method: &'a str,
    pub(crate) path: &'a str,
    pub(crate) status: u16,
    pub(crate) started: Instant,
    pub(crate) id: &'a str,
}

/// The line of a request.
pub(crate) fn request(entry: &RequestLine<'_>) {
    if !is_on(Level::Info) {
        return;
    }
    let took = entry.started.elapsed();
    line(|out| {
        head(out, "info", "request");
        out.extend_from_slice(b",\"method\":");
        string(out, entry.method);
        out.extend_from_slice(b",\"path\":");
        string(out, entry.path);
        out.extend_from_slice(b",\"status\":");
        number(out, u64::from(entry.status), 1);
        out.extend_from_slice(b",\"duration_ms\":");
        number(out, took.as_secs() * 1000 + u64::from(took.subsec_millis()), 1);
        out.push(b'.');
        number(out, u64::from(took.subsec_micros() % 1000), 3);
        out.extend_from_slice(b",\"request_id\":");
        string(out, entry.id);
        out.push(b'}');
    });
}

/// `{"time":"…","level":"…","event":"…"`
fn head(out: &mut Vec<u8>, level: &str, event: &str) {
    let now = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
    let (year, month, day) = date(now.as_secs() / 86_400);
    let second = now.as_secs() % 86_400;
    let parts = [
        ("{\"time\":\"", year, 4),
        ("-", month, 2),
        ("-", day, 2),
        ("T", second / 3600, 2),
        (":", second / 60 % 60, 2),
        (":", second % 60, 2),
        (".", u64::from(now.subsec_millis()), 3),
    ];
    for (before, value, width) in parts {
        out.extend_from_slice(before.as_bytes());
        number(out, value, width);
    }
    for text in ["Z\",\"level\":\"", level, "\",\"event\":\"", event, "\""] {
        out.extend_from_slice(text.as_bytes());
    }
}

/// Digits, with zeros in front up to the width. Formatting machinery would cost more than the rest of the line.
fn number(out: &mut Vec<u8>, mut value: u64, width: usize) {
    let mut digits = [b'0'; 20];
    let mut at = digits.len();
    while value > 0 {
        at -= 1;
        digits[at] = b'0' + (value % 10) as u8;
        value /= 10;
    }
    out.extend_from_slice(&digits[at.min(digits.len() - width)..]);
}

/// The date of a day since 1970-01-01 (Howard Hinnant's `civil_from_days`).
fn date(days: u64) -> (u64, u64, u64) {
    let days = days + 719_468;
    let era = days / 146_097;
    let day_of_era = days % 146_097;
    let year_of_era = (day_of_era - day_of_era / 1460 + day_of_era / 36_524 - day_of_era / 146_096) / 365;
    let day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    let shifted_month = (5 * day_of_year + 2) / 153;
    let day = day_of_year - (153 * shifted_month + 2) / 5 + 1;
    let month = if shifted_month < 10 { shifted_month + 3 } else { shifted_month - 9 };
    (year_of_era + era * 400 + u64::from(month <= 2), month, day)
}

/// A JSON string.
fn string(out: &mut Vec<u8>, text: &str) {
    out.push(b'"');
    if text.bytes().all(|byte| byte >= b' ' && byte != b'"' && byte != b'\\') {
        out.extend_from_slice(text.as_bytes());
    } else {
        for c in text.chars() {
            match c {
                '"' => out.extend_from_slice(b"\\\""),
                '\\' => out.extend_from_slice(b"\\\\"),
                '\n' => out.extend_from_slice(b"\\n"),
                c if c < ' ' => out.extend_from_slice(format!("\\u{:04x}", u32::from(c)).as_bytes()),
                c => out.extend_from_slice(c.encode_utf8(&mut [0; 4]).as_bytes()),
            }
        }
    }
    out.push(b'"');
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn dates_follow_the_calendar() {
        assert_eq!(date(0), (1970, 1, 1));
        assert_eq!(date(19_782), (2024, 2, 29));
        assert_eq!(date(20_778), (2026, 11, 21));
    }

    #[test]
    fn numbers_and_texts_are_json() {
        let mut out = Vec::new();
        for (value, width) in [(0, 1), (7, 3), (1234, 2), (u64::MAX, 1)] {
            number(&mut out, value, width);
            out.push(b' ');
        }
        string(&mut out, "a \"b\"\n\u{1}é");
        assert_eq!(String::from_utf8(out).unwrap(), "0 007 1234 18446744073709551615 \"a \\\"b\\\"\\n\\u0001é\"");
    }
}
