//! What an editor waits for: `tova lsp` over standard input and output, on programs of 1,000 and 5,000 lines.

use std::fs;
use std::io::{BufRead, BufReader, Read, Write};
use std::process::{Child, ChildStdin, ChildStdout, Stdio};
use std::time::Instant;

use serde_json::{Value, json};

use super::table::Figure;
use super::{Tova, generate};

const ROUNDS: usize = 60;
const URI: &str = "untitled:bench";

/// Times from an edit to its problems and of three requests, and the server's memory.
pub(crate) fn measure(tova: &Tova) -> Result<Vec<Figure>, String> {
    let mut short = Session::start(tova, 1_000)?;
    let mut figures = vec![Figure::at_most("edit → problems, 1,000 lines, p95", short.edits()?, 15.0, "ms")];
    short.end();
    let mut long = Session::start(tova, 5_000)?;
    figures.push(Figure::at_most("edit → problems, 5,000 lines, p95", long.edits()?, 50.0, "ms"));
    // Before a statement everything in scope is offered; hover and definition look at a name.
    for (name, column) in [("completion", 2), ("hover", 6), ("definition", 6)] {
        let time = long.requests(&format!("textDocument/{name}"), column)?;
        figures.push(Figure::at_most(format!("{name}, 5,000 lines, p95"), time, 10.0, "ms"));
    }
    figures.push(Figure::at_most("memory of the language server, 5,000 lines", long.memory()?, 60.0, "MiB"));
    long.end();
    Ok(figures)
}

struct Session {
    child: Child,
    input: ChildStdin,
    output: BufReader<ChildStdout>,
    text: String,
    version: i32,
    next: i32,
}

impl Session {
    fn start(tova: &Tova, lines: usize) -> Result<Self, String> {
        let mut command = tova.command(["lsp"]);
        let mut child =
            command.stdin(Stdio::piped()).stdout(Stdio::piped()).spawn().map_err(|error| error.to_string())?;
        let input = child.stdin.take().ok_or("no input")?;
        let output = BufReader::new(child.stdout.take().ok_or("no output")?);
        let text = generate::long_program(lines);
        let mut session = Self { child, input, output, text, version: 1, next: 0 };
        session.request("initialize", json!({ "capabilities": {} }))?;
        let document = json!({ "uri": URI, "languageId": "tova", "version": 1, "text": session.text });
        session.say(&json!({ "method": "textDocument/didOpen", "params": { "textDocument": document } }))?;
        session.wait(|message| message["params"]["version"] == 1)?;
        Ok(session)
    }

    fn say(&mut self, message: &Value) -> Result<(), String> {
        let mut message = message.clone();
        message["jsonrpc"] = json!("2.0");
        let text = message.to_string();
        write!(self.input, "Content-Length: {}\r\n\r\n{text}", text.len()).map_err(|error| error.to_string())?;
        self.input.flush().map_err(|error| error.to_string())
    }

    fn request(&mut self, method: &str, params: Value) -> Result<Value, String> {
        self.next += 1;
        let id = self.next;
        self.say(&json!({ "id": id, "method": method, "params": params }))?;
        self.wait(|message| message["id"] == id)
    }

    fn wait(&mut self, fits: impl Fn(&Value) -> bool) -> Result<Value, String> {
        loop {
            let mut length = 0;
            let mut line = String::new();
            while self.output.read_line(&mut line).map_err(|error| error.to_string())? > 2 {
                if let Some(number) = line.trim().strip_prefix("Content-Length: ") {
                    length = number.parse().map_err(|_| "no length")?;
                }
                line.clear();
            }
            let mut body = vec![0; length];
            self.output.read_exact(&mut body).map_err(|error| error.to_string())?;
            let message: Value = serde_json::from_slice(&body).map_err(|error| error.to_string())?;
            if fits(&message) {
                return Ok(message);
            }
        }
    }

    /// Lines in the middle of functions, spread over the program.
    fn lines(&self) -> Vec<usize> {
        let calls = self.text.lines().enumerate().filter(|(_, line)| line.contains("  \"{order.customer}: {total"));
        let all: Vec<usize> = calls.map(|(line, _)| line).collect();
        (0..ROUNDS).filter_map(|round| all.get(round * all.len() / ROUNDS).copied()).collect()
    }

    /// Types a statement in the middle of a function and takes it away again.
    fn edits(&mut self) -> Result<f64, String> {
        let mut times = Vec::new();
        for line in self.lines() {
            let start = json!({ "line": line, "character": 0 });
            for (end, text) in
                [(start.clone(), "  x = order.custmer\n"), (json!({ "line": line + 1, "character": 0 }), "")]
            {
                self.version += 1;
                let version = self.version;
                let change = json!({ "range": { "start": start, "end": end }, "text": text });
                let document = json!({ "uri": URI, "version": version });
                let params = json!({ "textDocument": document, "contentChanges": [change] });
                let begin = Instant::now();
                self.say(&json!({ "method": "textDocument/didChange", "params": params }))?;
                self.wait(|message| message["params"]["version"] == version)?;
                times.push(begin.elapsed().as_secs_f64() * 1000.0);
            }
        }
        Ok(p95(&mut times))
    }

    /// Asks at names inside of functions, each time after an edit, as an editor does.
    fn requests(&mut self, method: &str, column: u32) -> Result<f64, String> {
        let mut times = Vec::new();
        for line in self.lines() {
            self.version += 1;
            let place = json!({ "line": line, "character": 0 });
            let change = json!({ "range": { "start": place, "end": place }, "text": " " });
            let document = json!({ "uri": URI, "version": self.version });
            let params = json!({ "textDocument": document, "contentChanges": [change] });
            self.say(&json!({ "method": "textDocument/didChange", "params": params }))?;
            let version = self.version;
            self.wait(|message| message["params"]["version"] == version)?;
            let params = json!({ "textDocument": { "uri": URI }, "position": { "line": line, "character": column } });
            let begin = Instant::now();
            self.request(method, params)?;
            times.push(begin.elapsed().as_secs_f64() * 1000.0);
        }
        Ok(p95(&mut times))
    }

    fn memory(&self) -> Result<f64, String> {
        let status =
            fs::read_to_string(format!("/proc/{}/status", self.child.id())).map_err(|error| error.to_string())?;
        let kilobytes =
            status.lines().find_map(|line| line.strip_prefix("VmRSS:")?.trim().split(' ').next()?.parse::<f64>().ok());
        Ok(kilobytes.ok_or("no VmRSS")? / 1024.0)
    }

    fn end(mut self) {
        drop(self.input);
        let _ = self.child.wait();
    }
}

fn p95(times: &mut [f64]) -> f64 {
    times.sort_by(f64::total_cmp);
    times.get(times.len() * 95 / 100).copied().unwrap_or(f64::NAN)
}
