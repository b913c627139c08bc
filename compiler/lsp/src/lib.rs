//! The language server.
//!
//! In: the messages of an editor. Out: answers, from the same checker that the command line uses, on the text as it stands in the editor,
//! saved or not. It never builds anything.
//!
//! `server` reads messages and hands each to the thread of the program that it concerns (`program`), which keeps that program
//! parsed and checked. A request is answered by one function of `features` over a `Snapshot`.

mod analysis;
mod cursor;
mod describe;
mod effects;
mod files;
mod index;
mod library;
mod position;
mod program;
mod project;
mod server;
mod snapshot;
mod symbol;
mod transport;
mod tree;
mod uri;

mod features;

pub use server::{Ended, serve};
pub use transport::stdio;
