//! The lines of servers in short, for somebody who reads along.

use serde_json::Value;

use crate::report::{Level, ServerLine};

/// What a line says: one of the server's log in short, anything else as it is. `None` if it says nothing that was not said.
pub(crate) fn short(server: Option<&str>, line: &str) -> Option<ServerLine> {
    let entry = if line.starts_with('{') { serde_json::from_str::<Value>(line).ok() } else { None };
    let (level, text) =
        match entry.as_ref().and_then(|entry| Some((entry, entry["event"].as_str()?, entry["level"].as_str()?))) {
            // The summary of the start says where the servers are.
            Some((_, "ready" | "stopping" | "stopped", "info")) => return None,
            Some((entry, "request", _)) => request(entry),
            Some((entry, event, level)) => {
                let level = match level {
                    "error" => Level::Error,
                    "warn" => Level::Warning,
                    _ => Level::Info,
                };
                (level, event_text(entry, event))
            }
            None => return Some(ServerLine { server: None, level: Level::Plain, text: line.to_owned() }),
        };
    Some(ServerLine { server: server.map(str::to_owned), level, text })
}

/// `GET /api/users 200 1.4 ms`
fn request(entry: &Value) -> (Level, String) {
    let status = entry["status"].as_u64().unwrap_or_default();
    let level = match status {
        500.. => Level::Error,
        400.. => Level::Warning,
        _ => Level::Info,
    };
    let (method, path) = (entry["method"].as_str().unwrap_or("?"), entry["path"].as_str().unwrap_or("?"));
    let took = entry["duration_ms"].as_f64().unwrap_or_default();
    let took = if took < 10.0 { format!("{took:.1}") } else { format!("{took:.0}") };
    (level, format!("{method} {path} {status} {took} ms"))
}

/// The event's own words, then what else is known of it: `failed: the user is nil (app.tova:12)`.
fn event_text(entry: &Value, event: &str) -> String {
    let mut text = event.replace('_', " ");
    if let Some(message) = entry["message"].as_str() {
        text.push_str(": ");
        text.push_str(message);
    }
    if let Some(place) = entry["place"].as_str() {
        text.push_str(&format!(" ({place})"));
    }
    let known = ["time", "level", "event", "message", "place", "request_id", "server"];
    for (name, value) in entry.as_object().into_iter().flatten().filter(|(name, _)| !known.contains(&name.as_str())) {
        match value.as_str() {
            Some(value) => text.push_str(&format!(" {name}={value}")),
            None => text.push_str(&format!(" {name}={value}")),
        }
    }
    text
}

#[cfg(test)]
mod tests {
    use super::short;
    use crate::report::Level;

    fn of(line: &str) -> Option<(Level, String)> {
        short(Some("api"), line).map(|line| (line.level, line.text))
    }

    #[test]
    fn requests_are_short() {
        let line = r#"{"time":"2026-11-25T04:50:00.123Z","level":"info","event":"request","method":"GET","path":"/api/users","status":401,"duration_ms":0.412,"request_id":"7f"}"#;
        assert_eq!(of(line), Some((Level::Warning, "GET /api/users 401 0.4 ms".to_owned())));
    }

    #[test]
    fn faults_keep_their_words_and_places() {
        let line = r#"{"time":"…","level":"error","event":"fault","message":"division by zero","place":"app.tova:12","request_id":"7f"}"#;
        assert_eq!(of(line), Some((Level::Error, "fault: division by zero (app.tova:12)".to_owned())));
    }

    #[test]
    fn what_the_program_prints_stays() {
        for line in ["hello", "{\"a\":1}", "{ not json", ""] {
            assert_eq!(of(line), Some((Level::Plain, line.to_owned())));
        }
    }

    #[test]
    fn a_start_is_told_once() {
        assert_eq!(of(r#"{"level":"info","event":"ready","server":"api","url":"http://localhost:3000"}"#), None);
    }
}
