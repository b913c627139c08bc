//! Requests without a pause, counted.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread::{self, JoinHandle};
use std::time::{Duration, Instant};

use crate::http::{Connection, Request, Response};

/// What became of the requests.
#[derive(Clone, Debug, Default)]
pub struct Tally {
    /// Requests with the wanted answer.
    pub answered: usize,
    /// What went wrong with the others.
    pub failures: Vec<String>,
}

/// Requests that go on in the background until they are stopped, or for two minutes.
pub struct Load {
    stop: Arc<AtomicBool>,
    workers: Vec<JoinHandle<Tally>>,
}

impl Load {
    /// Starts `connections` clients that ask again and again; an answer that is not 200 is a failure.
    #[must_use]
    pub fn start(port: u16, request: &Request, connections: usize) -> Self {
        Self::start_expecting(200, port, request, connections)
    }

    /// Starts `connections` clients that ask again and again; an answer with another status is a failure.
    #[must_use]
    pub fn start_expecting(status: u16, port: u16, request: &Request, connections: usize) -> Self {
        let stop = Arc::new(AtomicBool::new(false));
        let workers = (0..connections)
            .map(|_| {
                let (stop, request) = (Arc::clone(&stop), request.clone());
                thread::spawn(move || ask(status, port, &request, &stop))
            })
            .collect();
        Self { stop, workers }
    }

    /// Ends the requests and adds up.
    #[must_use]
    pub fn stop(self) -> Tally {
        self.stop.store(true, Ordering::Relaxed);
        let mut sum = Tally::default();
        for tally in self.workers.into_iter().filter_map(|worker| worker.join().ok()) {
            sum.answered += tally.answered;
            sum.failures.extend(tally.failures);
        }
        sum
    }
}

fn ask(status: u16, port: u16, request: &Request, stop: &AtomicBool) -> Tally {
    let end = Instant::now() + Duration::from_secs(120);
    let mut tally = Tally::default();
    let mut connection = None;
    while !stop.load(Ordering::Relaxed) && Instant::now() < end && tally.failures.len() < 100 {
        let answer = connection.take().map_or_else(|| Connection::open(port), Ok).and_then(|mut open: Connection| {
            let response = open.send(request)?;
            Ok((open, response))
        });
        match answer {
            Ok((open, response)) if response.status == status => {
                tally.answered += 1;
                connection = stays_open(&response).then_some(open);
            }
            Ok((_, response)) => tally.failures.push(format!("{} {}", response.status, response.text())),
            Err(error) => tally.failures.push(error.to_string()),
        }
        // A client that thinks a little: the machine is also compiling.
        thread::sleep(Duration::from_millis(1));
    }
    tally
}

fn stays_open(response: &Response) -> bool {
    response.header("connection").is_none_or(|value| !value.eq_ignore_ascii_case("close"))
}
