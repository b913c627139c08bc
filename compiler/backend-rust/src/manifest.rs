//! `Cargo.toml` of a generated crate.

use crate::GeneratedFile;

const TEMPLATE: &str = r#"[package]
name = "{name}"
version = "0.1.0"
edition = "2024"
publish = false

[workspace]

[dependencies]
tova-server = { path = "{runtime}" }

[profile.release]
# Arithmetic of the language is checked everywhere.
overflow-checks = true
lto = "fat"
codegen-units = 1
"#;

/// The manifest.
pub(crate) fn manifest(name: &str, runtime: &str) -> GeneratedFile {
    let runtime = runtime.replace('\\', "/").replace('"', "\\\"");
    let text = TEMPLATE.replace("{name}", name).replace("{runtime}", &runtime);
    GeneratedFile { path: "Cargo.toml".to_owned(), text, spans: Vec::new() }
}
