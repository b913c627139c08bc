//! The one type for problems in `.tova` text, and the table of their codes.
//!
//! In: a code, a place and the user's words, at the spot where a problem is found. Out: plain data that the command line
//! renders, the language server translates and the tests compare. Nothing here knows how a problem is shown.
//!
//! ```
//! use tova_diagnostics::{Diagnostic, codes};
//! use tova_source::Span;
//! let problem = Diagnostic::error(codes::E0201, Span::default(), "`usres` is not defined")
//!     .help("did you mean `users`?");
//! assert_eq!(problem.code.as_str(), "E0201");
//! ```

pub mod codes;
mod diagnostic;
mod suggest;

pub use codes::Code;
pub use diagnostic::{Diagnostic, Edit, Fix, Label, Severity};
pub use suggest::closest;
