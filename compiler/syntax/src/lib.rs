//! Text to tree.
//!
//! In: the text of one `.tova` file. Out: a [`Module`](ast::Module), always, and the problems met; text that fits nowhere becomes an error node
//! and everything around it is kept. Nothing here knows names or types.

pub mod ast;
