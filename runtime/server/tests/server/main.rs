//! The runtime as a client on the network meets it: real sockets on the loopback interface, short deadlines.

mod deadlines;
mod drain;
mod http;
mod middleware;
mod models;
mod page;
mod rpc;
mod sockets;
mod support;
