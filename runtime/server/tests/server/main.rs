//! The runtime as a client on the network meets it: real sockets on the loopback interface, short deadlines.

#![expect(clippy::unwrap_used, reason = "a test fails where something is not as it should be")]

mod deadlines;
mod drain;
mod http;
mod middleware;
mod models;
mod page;
mod rpc;
mod sockets;
mod state;
mod support;
