//! The intermediate program between the checker and the backends: small, explicit, monomorphic.
//!
//! In: checked modules. Out: a [`Program`] in which every type is concrete, every pattern is a decision, every suspension is
//! an explicit [`ExprKind::Await`], and every service, view and remote call is data. Nothing here mentions Rust or Wasm.

mod expr;
mod program;
mod types;
mod view;
/// Walks over expressions.
pub mod walk;

pub use expr::*;
pub use program::*;
pub use types::*;
pub use view::*;
