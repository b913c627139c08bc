//! The project's own chores: `cargo xtask setup|test|ready|book|bench`.

fn main() {}
