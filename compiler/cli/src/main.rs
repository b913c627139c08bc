//! The `tova` command.
fn main() {}
