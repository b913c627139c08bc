//! `tova lsp` over standard input and output.

use std::io::{BufRead, BufReader, Read, Write};
use std::process::{Child, ChildStdin, ChildStdout, Command, Stdio};

use serde_json::{Value, json};

struct Session {
    child: Child,
    input: Option<ChildStdin>,
    output: BufReader<ChildStdout>,
}

impl Session {
    fn start() -> Self {
        let mut child = Command::new(env!("CARGO_BIN_EXE_tova"))
            .args(["lsp", "--stdio"])
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .expect("started");
        let input = child.stdin.take();
        let output = BufReader::new(child.stdout.take().expect("it is piped"));
        Self { child, input, output }
    }

    fn send(&mut self, text: &str) {
        let input = self.input.as_mut().expect("it is open");
        write!(input, "Content-Length: {}\r\n\r\n{text}", text.len()).expect("it reads");
        input.flush().expect("it reads");
    }

    fn say(&mut self, message: &Value) {
        self.send(&message.to_string());
    }

    /// Reads messages until one fits.
    fn wait(&mut self, fits: impl Fn(&Value) -> bool) -> Value {
        loop {
            let mut length = 0;
            loop {
                let mut line = String::new();
                assert!(self.output.read_line(&mut line).expect("it writes") > 0, "it ended");
                match line.trim().strip_prefix("Content-Length: ") {
                    Some(number) => length = number.parse().expect("a number"),
                    None => break,
                }
            }
            let mut body = vec![0; length];
            self.output.read_exact(&mut body).expect("it writes");
            let message: Value = serde_json::from_slice(&body).expect("it is JSON");
            if fits(&message) {
                return message;
            }
        }
    }

    fn open(&mut self) {
        self.say(&json!({ "jsonrpc": "2.0", "id": 1, "method": "initialize", "params": { "capabilities": {} } }));
        let answer = self.wait(|message| message["id"] == 1);
        assert_eq!(answer["result"]["capabilities"]["hoverProvider"], true);
        self.say(&json!({ "jsonrpc": "2.0", "method": "initialized", "params": {} }));
    }

    fn end(mut self) -> Option<i32> {
        self.input = None;
        self.child.wait().expect("it ends").code()
    }
}

#[test]
fn an_editor_gets_answers_through_broken_messages() {
    let mut session = Session::start();
    session.open();
    let document = json!({ "uri": "untitled:x", "languageId": "tova", "version": 1, "text": "n = 1\nm = q\n" });
    session.say(&json!({ "jsonrpc": "2.0", "method": "textDocument/didOpen", "params": { "textDocument": document } }));
    let problems = session.wait(|message| message["method"] == "textDocument/publishDiagnostics");
    assert_eq!(problems["params"]["diagnostics"][0]["code"], "E0201");
    session.send("{ this is no JSON");
    assert_eq!(session.wait(|message| message["error"].is_object())["error"]["code"], -32700);
    session.send("[]");
    assert_eq!(session.wait(|message| message["error"].is_object())["error"]["code"], -32600);
    let place = json!({ "textDocument": { "uri": "untitled:x" }, "position": { "line": 0, "character": 0 } });
    session.say(&json!({ "jsonrpc": "2.0", "id": "two", "method": "textDocument/hover", "params": place }));
    let hover = session.wait(|message| message["id"] == "two");
    assert!(hover["result"]["contents"]["value"].as_str().is_some_and(|text| text.contains("n: Int")), "{hover}");
    session.say(&json!({ "jsonrpc": "2.0", "id": 3, "method": "shutdown" }));
    session.wait(|message| message["id"] == 3);
    session.say(&json!({ "jsonrpc": "2.0", "method": "exit" }));
    assert_eq!(session.end(), Some(0));
}

#[test]
fn an_editor_that_goes_away_ends_the_server() {
    let mut session = Session::start();
    session.open();
    assert_eq!(session.end(), Some(1));
    let mut session = Session::start();
    session.open();
    session.say(&json!({ "jsonrpc": "2.0", "method": "exit" }));
    assert_eq!(session.end(), Some(1));
}
