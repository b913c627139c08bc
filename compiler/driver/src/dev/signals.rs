//! SIGINT, SIGTERM and SIGHUP end `tova dev` in order.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc::Sender;
use std::thread;
use std::time::Duration;

use signal_hook::consts::{SIGHUP, SIGINT, SIGTERM};
use signal_hook::iterator::Signals;

use super::event::Event;
use crate::Problem;

/// How long the main loop may be busy with something before a signal ends the process without it. The children end with us.
const PATIENCE: Duration = Duration::from_secs(1);

/// Turns signals into [`Event::Stop`]. The main loop sets the flag when it has seen it; a second signal ends the process at once.
pub(crate) fn listen(events: Sender<Event>) -> Result<Arc<AtomicBool>, Problem> {
    let mut signals = Signals::new([SIGINT, SIGTERM, SIGHUP])
        .map_err(|error| Problem::new(format!("cannot listen for signals: {error}")))?;
    let seen = Arc::new(AtomicBool::new(false));
    let flag = Arc::clone(&seen);
    thread::spawn(move || {
        for (count, _) in signals.forever().enumerate() {
            if count > 0 || events.send(Event::Stop).is_err() {
                std::process::exit(130);
            }
            let flag = Arc::clone(&flag);
            thread::spawn(move || {
                thread::sleep(PATIENCE);
                if !flag.load(Ordering::SeqCst) {
                    std::process::exit(130);
                }
            });
        }
    });
    Ok(seen)
}
