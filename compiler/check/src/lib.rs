//! Names, types and placement.
//!
//! In: the syntax trees of a program. Out: [`Checked`], tables beside the trees that say what every name means and what type every expression
//! has, and the problems met. A broken part is given the error type, which fits everywhere, so that one mistake is reported once.
//! Nothing here knows how a program is run.
//!
//! Types are inferred by unification (Hindley-Milner), guided by expected types where there are some. What cannot be decided yet, such as the field
//! of a value of unknown type, is kept as a constraint and settled when more is known. Functions become generic in what nothing decides.

mod annotate;
mod coerce;
mod collect;
mod constraint;
mod ctx;
mod decl;
mod exhaust;
mod finish;
mod infer;
mod library;
mod narrow;
mod show;
pub mod tables;
pub mod types;
mod unify;

pub use decl::{MODEL_SETTINGS, SETTINGS};
pub use infer::{COMPARISONS, split_comparison};
pub use library::Library;
pub use show::show;
pub use tables::Checked;

use tova_syntax::ast::{Module, NodeId};

/// Checks a program: all its files together. `end` is the first node id that no file uses.
#[must_use]
pub fn check<'a>(library: &'a Library, modules: &'a [Module], end: NodeId) -> Checked<'a> {
    let mut checker = ctx::Checker::new(end.0.max(library.end().0));
    checker.collect(library.modules(), modules);
    checker.collect_type_bodies();
    for module in modules {
        checker.collect_annotations(&module.items);
    }
    checker.check_models();
    checker.check_servers();
    checker.check_client();
    checker.check_script(modules);
    checker.check_tests();
    checker.finish()
}
