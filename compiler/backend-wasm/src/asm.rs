//! A small assembler for WasmGC modules: types, functions, imports and globals by handle, indices at the very end.
//!
//! Everything is declared on a [`Module`] and named by a handle ([`TypeId`], [`FuncId`], [`GlobalId`]); instructions carry
//! handles where the binary format has indices. [`Module::finish`] walks what the exports reach, gives real indices to that
//! alone, and writes the binary. So a library function that nobody calls costs nothing, and nobody has to declare in order.
//!
//! ```ignore
//! let mut m = Module::default();
//! let print = m.import("m", "print", &[Val::Ext], &[]);
//! let hello = m.string("hello");
//! let ty = m.func_type(&[], &[]);
//! let main = m.declare_func("main", ty);
//! let mut c = Code::new(&[]);
//! c.global_get(hello);
//! c.call(print);
//! m.define_func(main, c);
//! m.export("main", main);
//! let encoded = m.finish(Names::Keep);
//! ```
//!
//! * Reference types are nullable throughout ([`Val::Ref`]): locals need no first value and field reads check by themselves.
//! * Imports may only mention abstract types; they, like everything without a struct, stay out of the one recursive group, so
//!   that the engine recognises its own builtins.
//! * Strings are `externref`; literals are globals imported from the module `'` ([`Module::string`]), the operations of the engine
//!   come from [`Module::js_string`].
//! * A platform function comes from the glue: `m.import("m", "name", …)`. The same name may be imported with several
//!   signatures.

mod code;
mod encode;
mod module;
mod remap;
mod types;

#[cfg(test)]
mod tests;

pub(crate) use code::{Chunk, index};
pub use code::{Code, Label};
pub use encode::{Encoded, Names};
pub use module::{FuncId, GlobalId, Module};
pub use types::{Composite, Field, Storage, TypeId, Val};
pub use wasm_encoder::Instruction as Ins;
