//! Names, types and placement.
//!
//! In: the syntax trees of a program. Out: [`Checked`], tables beside the trees that say what every name means and what type every expression
//! has, and the problems met. A broken part is given the error type, which fits everywhere, so that one mistake is reported once.
//! Nothing here knows how a program is run.

pub mod tables;
pub mod types;

pub use tables::Checked;
