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
    /// The server process with this number has ended, or is about to.
    Ended(u64),
    /// A compilation is over.
    Compiled {
        /// Index of the unit.
        unit: usize,
        /// What was compiled.
        key: String,
        /// How it went.
        result: Result<(), Failed>,
    },
}
