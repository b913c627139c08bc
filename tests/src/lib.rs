//! What the tests and the benchmarks do with Tova from the outside: start programs, speak HTTP and WebSocket to them, drive a
//! browser, read case files.
//!
//! In: the built `tova` binary and the files of this repository. Out: answers to compare. This library knows no compiler crate; the test
//! targets beside it call the stages.

pub mod browser;
pub mod case;
pub mod http;
pub mod load;
pub mod paths;
pub mod process;
pub mod socket;
pub mod wait;
