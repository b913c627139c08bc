//! From the intermediate program to a WasmGC module and what it needs around it.
//!
//! In: a [`tova_ir::Program`]. Out: a [`Bundle`]: the module, the glue script, style sheet, page. This crate knows nothing of
//! syntax, types in inference, servers or files.

pub mod asm;
