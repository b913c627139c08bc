//! The intermediate program between the checker and the backends: small, explicit, monomorphic.
//!
//! In: checked modules. Out: a [`Program`] in which every type is concrete, every pattern is a decision, every suspension is
//! an explicit [`ExprKind::Await`], and every service, view and remote call is data. Nothing here mentions Rust or Wasm.

mod captures;
mod effects;
mod expr;
mod lower;
mod order;
mod print;
mod program;
mod script_locals;
mod tidy;
mod types;
mod validate;
mod view;
/// Walks over expressions.
pub mod walk;

pub use expr::*;
pub use lower::{Lowered, lower, lower_tests};
pub use print::print;
pub use program::*;
pub use types::*;
pub use validate::validate;
pub use view::*;
