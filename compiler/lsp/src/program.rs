//! The thread of one program. It keeps the program parsed and checked, says what is wrong with it after every edit, and answers requests in the
//! order in which they came. Edits that wait are taken together, and requests that were cancelled meanwhile are not worked on.

use std::collections::{BTreeMap, HashSet, VecDeque};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::PathBuf;
use std::sync::mpsc::Receiver;
use std::sync::{Arc, Mutex};

use gen_lsp_types as lsp;
use gen_lsp_types::Notification as _;
use lsp_server::{ErrorCode, Message, Notification, Request, RequestId, Response};
use serde_json::Value;

use crate::analysis;
use crate::features;
use crate::files::{Document, Files};
use crate::project::Root;
use crate::snapshot::{Client, Snapshot};

/// Where messages for the editor go.
pub(crate) type Outbox = Arc<dyn Fn(Message) + Send + Sync>;

/// Requests that the editor has cancelled.
pub(crate) type Cancelled = Arc<Mutex<HashSet<RequestId>>>;

/// The stack of a program's thread: expressions nest, and so do the functions that look at them.
pub(crate) const STACK: usize = 64 << 20;

/// Something for a program to do.
pub(crate) enum Job {
    /// The editor has this text now.
    Open(PathBuf, Document),
    /// The editor has closed the file: what is on disk counts.
    Close(PathBuf),
    /// These files changed on disk.
    Disk(Vec<PathBuf>),
    /// A request about a file of the program.
    Request(Request),
    /// A question to all programs.
    Gather(Arc<Gather>),
    /// The program is no longer needed.
    Stop,
}

impl Job {
    fn is_change(&self) -> bool {
        matches!(self, Self::Open(..) | Self::Close(_) | Self::Disk(_))
    }
}

/// A request that every program answers in part; the last one sends the whole.
pub(crate) struct Gather {
    pub(crate) request: Request,
    pub(crate) parts: Mutex<(usize, Vec<Value>)>,
}

impl Gather {
    /// Adds a part; gives the answer when it is complete.
    pub(crate) fn add(&self, part: Value) -> Option<Value> {
        let mut parts = self.parts.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
        parts.0 = parts.0.saturating_sub(1);
        if let Value::Array(items) = part {
            parts.1.extend(items);
        }
        (parts.0 == 0).then(|| Value::Array(std::mem::take(&mut parts.1)))
    }
}

/// A program's thread.
pub(crate) struct Worker {
    pub(crate) root: Root,
    pub(crate) jobs: Receiver<Job>,
    pub(crate) out: Outbox,
    pub(crate) cancelled: Cancelled,
    pub(crate) client: Client,
}

impl Worker {
    /// Works until it is told to stop.
    pub(crate) fn run(self) {
        let mut files = Files::new(self.root.clone());
        let mut queue = VecDeque::new();
        let mut published = Published::default();
        loop {
            if !self.take_changes(&mut files, &mut queue) {
                return published.clear(&self.out);
            }
            files.update();
            let checked = catch_unwind(AssertUnwindSafe(|| analysis::check(&files)));
            match &checked {
                Ok(checked) => {
                    let snapshot = Snapshot::new(&files, checked, self.client);
                    for file in &files.list {
                        published.publish(&self.out, file, analysis::problems(&snapshot, file.id));
                    }
                    published.retain(&self.out, &files);
                    // The next request will ask for it: with nothing else to do it is made now.
                    if queue.is_empty() {
                        let _ = catch_unwind(AssertUnwindSafe(|| snapshot.index().owners.len()));
                    }
                    self.answer_until_change(Some(&snapshot), &mut queue);
                }
                Err(_) => {
                    for file in &files.list {
                        let fault = analysis::fault(&files, file, self.client.encoding);
                        published.publish(&self.out, file, vec![fault]);
                    }
                    self.answer_until_change(None, &mut queue);
                }
            }
        }
    }

    /// Applies the changes that come before the next request. False if there is nothing more to do.
    fn take_changes(&self, files: &mut Files, queue: &mut VecDeque<Job>) -> bool {
        loop {
            queue.extend(self.jobs.try_iter());
            match queue.front() {
                Some(Job::Stop) => return false,
                Some(job) if job.is_change() => {}
                Some(Job::Request(request)) if self.is_cancelled(&request.id) => {
                    if let Some(Job::Request(request)) = queue.pop_front() {
                        self.send_cancelled(request.id);
                    }
                    continue;
                }
                _ => return true,
            }
            match queue.pop_front() {
                Some(Job::Open(path, document)) => files.open(path, document),
                Some(Job::Close(path)) => files.close(&path),
                Some(Job::Disk(paths)) => {
                    for path in paths.iter().filter(|path| files.concerns(path)).cloned().collect::<Vec<_>>() {
                        files.changed_on_disk(&path);
                    }
                }
                _ => {}
            }
        }
    }

    /// Answers requests until something changes. Without a snapshot, because the checker failed, every answer is an error.
    fn answer_until_change(&self, snapshot: Option<&Snapshot<'_>>, queue: &mut VecDeque<Job>) {
        loop {
            let job = match queue.pop_front() {
                Some(job) => job,
                None => match self.jobs.recv() {
                    Ok(job) => job,
                    Err(_) => Job::Stop,
                },
            };
            match job {
                Job::Request(request) => self.answer(snapshot, request),
                Job::Gather(gather) => {
                    let part = snapshot.and_then(|snapshot| features::answer(snapshot, &gather.request).ok());
                    if let Some(whole) = gather.add(part.unwrap_or_default()) {
                        (self.out)(Response::new_ok(gather.request.id.clone(), whole).into());
                    }
                }
                job => return queue.push_front(job),
            }
        }
    }

    fn answer(&self, snapshot: Option<&Snapshot<'_>>, request: Request) {
        if self.is_cancelled(&request.id) {
            return self.send_cancelled(request.id);
        }
        let failed = || Err((ErrorCode::InternalError, "the request could not be answered".to_owned()));
        let answered = snapshot.map_or_else(failed, |snapshot| {
            catch_unwind(AssertUnwindSafe(|| features::answer(snapshot, &request))).unwrap_or_else(|_| failed())
        });
        let response = match answered {
            Ok(value) => Response::new_ok(request.id, value),
            Err((code, message)) => Response::new_err(request.id, code as i32, message),
        };
        (self.out)(response.into());
    }

    fn is_cancelled(&self, id: &RequestId) -> bool {
        self.cancelled.lock().unwrap_or_else(std::sync::PoisonError::into_inner).remove(id)
    }

    fn send_cancelled(&self, id: RequestId) {
        let message = "the request was cancelled".to_owned();
        (self.out)(Response::new_err(id, ErrorCode::RequestCanceled as i32, message).into());
    }
}

/// The problems that the editor shows, so that only changes are sent.
#[derive(Default)]
struct Published(BTreeMap<String, (Option<i32>, Vec<lsp::Diagnostic>)>);

impl Published {
    fn publish(&mut self, out: &Outbox, file: &crate::files::File, problems: Vec<lsp::Diagnostic>) {
        let now = (file.version, problems);
        let before = self.0.get(&file.uri.0);
        // A file that is not open and has no problems is not worth a message.
        let news = match before {
            Some(before) => *before != now,
            None => now.0.is_some() || !now.1.is_empty(),
        };
        if news {
            send(out, file.uri.clone(), now.0, now.1.clone());
            self.0.insert(file.uri.0.clone(), now);
        }
    }

    /// Takes back what was said about files that the program no longer has.
    fn retain(&mut self, out: &Outbox, files: &Files) {
        self.0.retain(|uri, _| {
            let keep = files.list.iter().any(|file| file.uri.0 == *uri);
            if !keep {
                send(out, lsp::Uri(uri.clone()), None, Vec::new());
            }
            keep
        });
    }

    fn clear(self, out: &Outbox) {
        for (uri, (_, problems)) in self.0 {
            if !problems.is_empty() {
                send(out, lsp::Uri(uri), None, Vec::new());
            }
        }
    }
}

fn send(out: &Outbox, uri: lsp::Uri, version: Option<i32>, diagnostics: Vec<lsp::Diagnostic>) {
    let params = lsp::PublishDiagnosticsParams { uri, version, diagnostics };
    let method = String::from(lsp::PublishDiagnosticsNotification::METHOD);
    out(Message::Notification(Notification::new(method, params)));
}
