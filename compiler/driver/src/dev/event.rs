//! What wakes the main loop of `tova dev`.

use std::sync::mpsc::Sender;

use crate::rustc::Failed;

/// Something happened.
#[derive(Debug)]
pub(crate) enum Event {
    /// A source changed.
    Changed,
    /// We were asked to stop.
    Stop,
    /// The server process with this number accepts connections.
    Ready(u64),
    /// A server process has ended, or is about to.
    Ended,
    /// A server wrote whole lines to its standard output.
    Said {
        /// The server's name.
        name: Option<String>,
        /// What it wrote.
        lines: String,
        /// Goes away when the lines are told: the server's next ones wait for that.
        #[expect(dead_code, reason = "it matters when it is dropped")]
        told: Sender<()>,
    },
    /// A compilation is over.
    Compiled {
        /// The server's name.
        name: Option<String>,
        /// What was compiled.
        key: String,
        /// How it went.
        result: Result<(), Failed>,
    },
}
