//! The values that generated Rust works with: texts, lists, maps, dynamic data, functions, faults, and how each is shown, compared,
//! kept as a key and written as JSON.
//!
//! All of them are values: a clone is cheap and never shares later updates, except for [`Shared`] cells and handles.

mod any;
mod cell;
mod convert;
mod fault;
pub mod float;
mod func;
pub mod int;
pub mod json;
mod json_read;
mod key;
mod list;
mod map;
mod order;
mod outcome;
mod set;
mod show;
mod slice;
mod system;
pub mod text;
mod unit;

pub use any::Any;
pub use cell::Shared;
pub use convert::{FromAny, Mismatch, ToAny, decode, field, found, variant};
pub use fault::{
    Exit, Fault, Lines, Place, attempt, attempt_async, expect, fault, present_mut, quiet_faults, set_places, settled,
    throw, unwrap,
};
pub use func::{AsyncFn0, AsyncFn1, AsyncFn2, AsyncFn3, AsyncFn4, AsyncFn5, Fn0, Fn1, Fn2, Fn3, Fn4, Fn5, Func};
pub use json::{JsonWriter, ToJson};
pub use key::{Key, Lookup};
pub use list::List;
pub use map::Map;
pub use order::Order;
pub use set::Set;
pub use show::{Show, concat, print, show, show_fields, show_quoted};
pub use system::{env, now, run_script, run_script_async, sleep, uuid};
pub use text::Str;
pub use unit::{Duration, Never, Size};
