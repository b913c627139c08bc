//! What wakes the main loop of `tova dev`.

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
