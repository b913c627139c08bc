//! Programs of the repository: their crates compile without a warning.

mod build;

use build::{compiled, front};

/// Every example with a server.
#[test]
fn crates_of_the_examples_compile_without_warnings() {
    for example in ["dashboard", "hello", "todo", "counter"] {
        for service in front::crates_of(&format!("examples/{example}/app.tova")) {
            compiled(&format!("{example}_{}", service.name), &service);
        }
    }
}
