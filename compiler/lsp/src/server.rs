//! The session: reads messages, keeps the texts of the editor, and hands each message to the program that it concerns. It never waits for one.

use std::collections::{HashMap, HashSet};
use std::path::{Path, PathBuf};
use std::sync::mpsc::{Sender, channel};
use std::sync::{Arc, Mutex};
use std::thread;

use gen_lsp_types as lsp;
use lsp_server::{Connection, ErrorCode, Message, Notification, Request, RequestId, Response};
use serde_json::{Value, json};
use tova_source::LineIndex;

use crate::features;
use crate::files::Document;
use crate::position::Encoding;
use crate::program::{Cancelled, Gather, Job, Outbox, STACK, Worker};
use crate::project::Root;
use crate::snapshot::Client;
use crate::uri;

/// How a session ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Ended {
    /// The editor said so first.
    Properly,
    /// The editor went away.
    Abruptly,
}

/// Serves an editor until it ends the session. `width` says how long the lines of a file may become when it is formatted.
#[must_use]
pub fn serve(connection: Connection, width: fn(&Path) -> u32) -> Ended {
    let sender = connection.sender.clone();
    let out: Outbox = Arc::new(move |message| {
        // An editor that went away is noticed where messages are read.
        let _ = sender.send(message);
    });
    let mut session = Session {
        out,
        cancelled: Cancelled::default(),
        client: None,
        width,
        documents: HashMap::new(),
        homes: HashMap::new(),
        programs: HashMap::new(),
        state: State::New,
    };
    for message in &connection.receiver {
        match message {
            Message::Notification(note) if note.method == "exit" => {
                session.stop();
                return if session.state == State::Ending { Ended::Properly } else { Ended::Abruptly };
            }
            Message::Notification(note) => session.notification(note),
            Message::Request(request) => session.request(request),
            Message::Response(_) => {}
        }
    }
    session.stop();
    Ended::Abruptly
}

/// How far the session has come.
#[derive(Clone, Copy, PartialEq, Eq)]
enum State {
    /// Before `initialize`.
    New,
    Running,
    /// After `shutdown`.
    Ending,
}

struct Program {
    jobs: Sender<Job>,
    thread: thread::JoinHandle<()>,
}

struct Session {
    out: Outbox,
    cancelled: Cancelled,
    client: Option<Client>,
    width: fn(&Path) -> u32,
    documents: HashMap<PathBuf, Document>,
    /// The program of each open file.
    homes: HashMap<PathBuf, Root>,
    programs: HashMap<Root, Program>,
    state: State,
}

impl Session {
    fn request(&mut self, request: Request) {
        match (self.state, request.method.as_str()) {
            (State::New, "initialize") => self.initialize(request),
            (State::New, _) => {
                self.refuse(request.id, ErrorCode::ServerNotInitialized, "the session begins with `initialize`");
            }
            (State::Ending, _) => self.refuse(request.id, ErrorCode::InvalidRequest, "the session is ending"),
            (State::Running, "shutdown") => {
                self.state = State::Ending;
                self.reply(request.id, Value::Null);
            }
            (State::Running, "initialize") => {
                self.refuse(request.id, ErrorCode::InvalidRequest, "the session has begun already");
            }
            (State::Running, _) => self.forward(request),
        }
    }

    fn initialize(&mut self, request: Request) {
        // What cannot be read of an editor's abilities is taken as not there.
        let abilities = &request.params["capabilities"];
        let offered = &abilities["general"]["positionEncodings"];
        let offered: Vec<lsp::PositionEncodingKind> = serde_json::from_value(offered.clone()).unwrap_or_default();
        let encoding = Encoding::negotiate(&offered);
        let snippets = &abilities["textDocument"]["completion"]["completionItem"]["snippetSupport"];
        self.client = Some(Client { encoding, snippets: snippets.as_bool().unwrap_or(false), width: self.width });
        self.state = State::Running;
        let capabilities = crate::features::capabilities(encoding);
        let about = json!({ "name": "tova", "version": env!("CARGO_PKG_VERSION") });
        self.reply(request.id, json!({ "capabilities": capabilities, "serverInfo": about }));
        let watches = &abilities["workspace"]["didChangeWatchedFiles"]["dynamicRegistration"];
        if watches.as_bool().unwrap_or(false) {
            let watchers = json!([{ "globPattern": "**/*.tova" }, { "globPattern": "**/tova.toml" }]);
            let registration = json!({
                "id": "files", "method": "workspace/didChangeWatchedFiles", "registerOptions": { "watchers": watchers },
            });
            let params = json!({ "registrations": [registration] });
            let id = RequestId::from("files".to_owned());
            (self.out)(Request { id, method: "client/registerCapability".to_owned(), params }.into());
        }
    }

    /// Hands a request to the program of its file.
    fn forward(&mut self, request: Request) {
        if !features::is_known(&request.method) {
            let message = format!("there is no method `{}`", request.method);
            return self.refuse(request.id, ErrorCode::MethodNotFound, &message);
        }
        if request.method == "workspace/symbol" {
            return self.gather(request);
        }
        let params = &request.params;
        let uri = [&params["textDocument"]["uri"], &params["item"]["uri"]].into_iter().find_map(Value::as_str);
        let Some(uri) = uri else {
            return self.refuse(request.id, ErrorCode::InvalidParams, "the request names no file");
        };
        let path = path_of(&lsp::Uri(uri.to_owned()));
        let unknown = !self.documents.contains_key(&path) && !path.is_file();
        if unknown || crate::library::holds(&path) {
            return self.reply(request.id, Value::Null);
        }
        let root = self.homes.get(&path).cloned().unwrap_or_else(|| Root::of(&path));
        self.send(&root, Job::Request(request));
    }

    fn gather(&mut self, request: Request) {
        if self.programs.is_empty() {
            return self.reply(request.id, json!([]));
        }
        let gather = Arc::new(Gather { request, parts: Mutex::new((self.programs.len(), Vec::new())) });
        for root in self.programs.keys().cloned().collect::<Vec<_>>() {
            self.send(&root, Job::Gather(Arc::clone(&gather)));
        }
    }

    fn notification(&mut self, note: Notification) {
        if self.state != State::Running && note.method != "$/cancelRequest" {
            return;
        }
        // A notification that cannot be read is as good as none: there is nobody to tell.
        let params = note.params;
        match note.method.as_str() {
            "$/cancelRequest" => {
                if let Ok(id) = serde_json::from_value(params["id"].clone()) {
                    lock(&self.cancelled).insert(id);
                }
            }
            "textDocument/didOpen" => {
                read::<lsp::DidOpenTextDocumentNotification>(params, |params| self.did_open(params))
            }
            "textDocument/didChange" => {
                read::<lsp::DidChangeTextDocumentNotification>(params, |params| self.did_change(params))
            }
            "textDocument/didClose" => {
                read::<lsp::DidCloseTextDocumentNotification>(params, |params| self.did_close(&params))
            }
            "textDocument/didSave" => read::<lsp::DidSaveTextDocumentNotification>(params, |params| {
                self.changed_on_disk(vec![path_of(&params.text_document.uri)]);
            }),
            "workspace/didChangeWatchedFiles" => read::<lsp::DidChangeWatchedFilesNotification>(params, |params| {
                self.changed_on_disk(params.changes.iter().map(|change| path_of(&change.uri)).collect());
            }),
            _ => {}
        }
    }

    fn did_open(&mut self, params: lsp::DidOpenTextDocumentParams) {
        let item = params.text_document;
        let path = path_of(&item.uri);
        if crate::library::holds(&path) {
            return;
        }
        let document = Document { uri: item.uri, version: item.version, text: item.text.into() };
        self.documents.insert(path.clone(), document.clone());
        let root = Root::of(&path);
        self.homes.insert(path.clone(), root.clone());
        self.send(&root, Job::Open(path, document));
    }

    fn did_change(&mut self, params: lsp::DidChangeTextDocumentParams) {
        let path = path_of(&params.text_document.text_document_identifier.uri);
        let (Some(document), Some(client)) = (self.documents.get_mut(&path), self.client) else { return };
        let mut text = document.text.to_string();
        for change in params.content_changes {
            apply(client.encoding, &mut text, change);
        }
        document.text = text.into();
        document.version = params.text_document.version;
        let document = document.clone();
        if let Some(root) = self.homes.get(&path).cloned() {
            self.send(&root, Job::Open(path, document));
        }
    }

    fn did_close(&mut self, params: &lsp::DidCloseTextDocumentParams) {
        let path = path_of(&params.text_document.uri);
        self.documents.remove(&path);
        let Some(root) = self.homes.remove(&path) else { return };
        if self.homes.values().any(|home| *home == root) {
            self.send(&root, Job::Close(path));
        } else if let Some(program) = self.programs.remove(&root) {
            let _ = program.jobs.send(Job::Stop);
        }
    }

    /// Files on disk changed; a new one may make a program of what were single files.
    fn changed_on_disk(&mut self, paths: Vec<PathBuf>) {
        for (path, document) in self.documents.clone() {
            let root = Root::of(&path);
            let before = self.homes.insert(path.clone(), root.clone());
            if let Some(before) = before.filter(|before| *before != root) {
                if self.homes.values().any(|home| *home == before) {
                    self.send(&before, Job::Close(path.clone()));
                } else if let Some(program) = self.programs.remove(&before) {
                    let _ = program.jobs.send(Job::Stop);
                }
                self.send(&root, Job::Open(path, document));
            }
        }
        for program in self.programs.values() {
            let _ = program.jobs.send(Job::Disk(paths.clone()));
        }
    }

    /// Gives a program something to do; starts its thread if there is none.
    fn send(&mut self, root: &Root, job: Job) {
        let Some(client) = self.client else { return };
        let program = self.programs.entry(root.clone()).or_insert_with(|| {
            let (jobs, receiver) = channel();
            let worker = Worker {
                root: root.clone(),
                jobs: receiver,
                out: Arc::clone(&self.out),
                cancelled: Arc::clone(&self.cancelled),
                client,
            };
            let thread = thread::Builder::new().name("program".to_owned()).stack_size(STACK);
            let thread = thread.spawn(move || worker.run()).expect("the system gives us a thread");
            Program { jobs, thread }
        });
        let _ = program.jobs.send(job);
    }

    fn stop(&mut self) {
        for (_, program) in self.programs.drain() {
            let _ = program.jobs.send(Job::Stop);
            let _ = program.thread.join();
        }
    }

    fn reply(&self, id: RequestId, value: Value) {
        (self.out)(Response::new_ok(id, value).into());
    }

    fn refuse(&self, id: RequestId, code: ErrorCode, message: &str) {
        (self.out)(Response::new_err(id, code as i32, message.to_owned()).into());
    }
}

fn lock(cancelled: &Cancelled) -> std::sync::MutexGuard<'_, HashSet<RequestId>> {
    cancelled.lock().unwrap_or_else(std::sync::PoisonError::into_inner)
}

fn read<N: lsp::Notification>(params: Value, run: impl FnOnce(N::Params)) {
    if let Ok(params) = serde_json::from_value(params) {
        run(params);
    }
}

/// The path of a text; one that was never saved has a name that no file has.
fn path_of(uri: &lsp::Uri) -> PathBuf {
    uri::to_path(uri).unwrap_or_else(|| Path::new(&uri.0).to_path_buf())
}

/// Applies a change; places outside of the text are moved into it.
fn apply(encoding: Encoding, text: &mut String, change: lsp::TextDocumentContentChangeEvent) {
    match change {
        lsp::TextDocumentContentChangeEvent::TextDocumentContentChangeWholeDocument(whole) => *text = whole.text,
        lsp::TextDocumentContentChangeEvent::TextDocumentContentChangePartial(part) => {
            let lines = LineIndex::new(text);
            let start = encoding.offset(text, &lines, part.range.start) as usize;
            let end = encoding.offset(text, &lines, part.range.end) as usize;
            text.replace_range(start.min(end)..end.max(start), &part.text);
        }
    }
}
