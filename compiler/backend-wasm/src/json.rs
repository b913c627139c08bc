//! JSON: texts are put together by the module; reading leaves the syntax to the host and checks every value against its type.

mod decode;
mod encode;

pub(crate) use decode::{decode, exact_int, parse};
pub(crate) use encode::push_stored;

/// The JSON name that says which variant an object is.
const TAG: &str = "__tag";
