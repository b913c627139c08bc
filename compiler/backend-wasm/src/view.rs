//! Views: first they become plain expressions, later the intrinsics that those use become code.
//!
//! [`desugar`] rewrites a program before anything is emitted. A view becomes a block that clones a static template, walks to the nodes
//! where something happens, and starts an effect for each hole, attribute, branch and list that reads something reactive; what
//! reads nothing reactive is done once. [`intrinsic`] emits what these blocks are made of:
//!
//! | intrinsic | meaning |
//! |---|---|
//! | `dom.NAME(…)` | the function `NAME` of the glue, with arguments as they are |
//! | `dom.template(html, number)` | a clone of the template |
//! | `reactive.effect(closure, flags)` | starts an effect; flags as in `prelude/reactive.core` |
//! | `reactive.untrack(e)` | `e`, without tracking what it reads |
//! | `view.hole(parent, anchor, closure)` | nodes that the closure makes, again whenever what it reads changes |
//! | `view.put(parent, anchor, e)` | nodes, inserted once |
//! | `view.join(list)` | the nodes of a list of views |
//! | `view.list(parent, anchor, list, key, row, flags)` | a keyed list |
//! | `task.start(call)`, `task.start_owned(call)` | starts a call that may suspend and goes on; owned: ends with the owner |
//!
//! Every view's first and last node stay the same while it lives: a view that begins or ends with something dynamic has a comment
//! there. So a range of nodes can be moved and removed by its two ends.

mod capture;
mod element;
mod emit;
mod entry;
mod host;
mod html;
mod keep;
mod list;
mod pass;
mod reads;
mod region;
#[cfg(test)]
mod tests;

pub(crate) use emit::intrinsic;
pub(crate) use entry::{batch, exports};
#[cfg(test)]
pub(crate) use host::provides;
pub(crate) use pass::desugar;
