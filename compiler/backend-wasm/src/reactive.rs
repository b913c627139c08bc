//! The reactive core: signals, memos, effects and owners, as functions of the module.
//!
//! # Who does what
//!
//! [`crate::view`] runs first, over the intermediate program: it turns every `View` and `Effect` and every component into plain
//! expressions (closures, lets, intrinsics named `view.…` and `reactive.…`). The lowering of expressions never meets a view. It does meet
//! reactive variables, which it keeps like this (`T` is the type of the variable's value, `V` its representation):
//!
//! | kind | kept as | its `Let` | a read | an update |
//! |---|---|---|---|---|
//! | `Signal`, `Item` | `Ref(signal_type(T))` | value, then call `new_signal(T)`: `(V) -> ref` | call `read_signal(T)`: `(ref) -> V` | new whole value, then call `write_signal(T)`: `(ref, V)` |
//! | `Memo` | `Ref(memo_type(T))` | the view pass made the value a closure `fn() -> T`; then call `new_memo(T)`: `(closure) -> ref` | call `read_memo(T)` | never |
//! | `Prop` | a closure value `fn() -> T` | is a parameter | a call of the closure | never |
//!
//! * Globals alike: `Signal` runs its `init` and makes a signal; `Memo` makes a memo of `init` as a closure without captures.
//! * Closures capture the cell, never the value. The old value for a partial update (`user.name = x`) is read by `peek_signal(T)`: not
//!   tracked, and never updated in place (the write compares old and new).
//! * Intrinsics `view.*`, `reactive.*` and those of the client's platform are emitted by [`crate::view`].
//! * After a suspension nothing is tracked: the code that resumes a task runs inside `enter(owner)` … `leave()`, see [`Core`].
//! * A call from the host (listener, timer, message, resume) is a batch: effects run when it ends.
//!
//! The structural equality `(V, V) -> i32` of a type comes from the lowering of types; it decides whether a write notifies.
