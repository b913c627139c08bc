//! What holds for the parser as a whole.

mod constructs;
mod limits;
mod pages;
mod recovery;
