//! Writes Rust services from the intermediate program.
