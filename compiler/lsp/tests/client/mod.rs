//! An editor for the tests: talks to the server in this process.

use std::thread::{self, JoinHandle};
use std::time::Duration;

use lsp_server::{Connection, Message, Notification, Request, RequestId, Response};
use serde_json::{Value, json};
use tova_lsp::Ended;

/// How long an answer may take before the test fails.
const PATIENCE: Duration = Duration::from_secs(60);

/// A session.
pub(crate) struct Client {
    connection: Connection,
    server: Option<JoinHandle<Ended>>,
    next: i32,
    /// What the server said by itself.
    pub(crate) notes: Vec<Notification>,
}

impl Client {
    /// Starts a server and opens the session.
    pub(crate) fn start() -> Self {
        let mut client = Self::raw();
        let abilities = json!({
            "general": { "positionEncodings": ["utf-16"] },
            "textDocument": { "completion": { "completionItem": { "snippetSupport": true } } },
        });
        client.request("initialize", json!({ "capabilities": abilities })).expect("the session opens");
        client.notify("initialized", json!({}));
        client
    }

    /// Starts a server and says nothing.
    pub(crate) fn raw() -> Self {
        let (server, connection) = Connection::memory();
        let server = thread::spawn(move || tova_lsp::serve(server, |_| 100));
        Self { connection, server: Some(server), next: 0, notes: Vec::new() }
    }

    /// Sends a request and waits for its answer.
    pub(crate) fn request(&mut self, method: &str, params: Value) -> Result<Value, i32> {
        let id = self.send(method, params);
        self.answer(&id)
    }

    /// Sends a request.
    pub(crate) fn send(&mut self, method: &str, params: Value) -> RequestId {
        self.next += 1;
        let id = RequestId::from(self.next);
        let request = Request { id: id.clone(), method: method.to_owned(), params };
        self.connection.sender.send(request.into()).expect("the server listens");
        id
    }

    /// Waits for the answer of a request.
    pub(crate) fn answer(&mut self, wanted: &RequestId) -> Result<Value, i32> {
        loop {
            match self.receive() {
                Message::Response(Response { id, response_result }) if id == *wanted => {
                    return response_result.map_err(|error| error.code);
                }
                Message::Notification(note) => self.notes.push(note),
                Message::Response(_) | Message::Request(_) => {}
            }
        }
    }

    fn receive(&self) -> Message {
        self.connection.receiver.recv_timeout(PATIENCE).expect("the server answers in time")
    }

    /// Sends a notification.
    pub(crate) fn notify(&mut self, method: &str, params: Value) {
        let note = Notification { method: method.to_owned(), params };
        self.connection.sender.send(note.into()).expect("the server listens");
    }

    /// Opens a text.
    pub(crate) fn open(&mut self, uri: &str, text: &str) {
        let item = json!({ "uri": uri, "languageId": "tova", "version": 1, "text": text });
        self.notify("textDocument/didOpen", json!({ "textDocument": item }));
    }

    /// Replaces a text.
    #[allow(dead_code, reason = "not every test edits")]
    pub(crate) fn change(&mut self, uri: &str, version: i32, changes: Value) {
        let document = json!({ "uri": uri, "version": version });
        self.notify("textDocument/didChange", json!({ "textDocument": document, "contentChanges": changes }));
    }

    /// Waits for the problems of a version of a text.
    #[allow(dead_code, reason = "not every test looks at problems")]
    pub(crate) fn problems(&mut self, uri: &str, version: i32) -> Vec<Value> {
        loop {
            let known = self.notes.iter().rev().find(|note| {
                note.method == "textDocument/publishDiagnostics"
                    && note.params["uri"] == uri
                    && note.params["version"] == version
            });
            if let Some(note) = known {
                return note.params["diagnostics"].as_array().cloned().unwrap_or_default();
            }
            if let Message::Notification(note) = self.receive() {
                self.notes.push(note);
            }
        }
    }

    /// Ends the session and says how it ended.
    pub(crate) fn exit(mut self) -> Ended {
        self.notify("exit", Value::Null);
        self.server.take().expect("the server runs").join().expect("the server does not panic")
    }
}
