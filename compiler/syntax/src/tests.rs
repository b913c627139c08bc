//! What holds for the parser as a whole.

mod limits;
mod pages;
mod recovery;
