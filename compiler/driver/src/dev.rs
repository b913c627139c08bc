//! `tova dev`: builds, runs, watches.

mod event;
mod fleet;
mod hub;
mod owner;
mod ports;
mod watch;
