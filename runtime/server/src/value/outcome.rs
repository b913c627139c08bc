//! `Result<T, E>`: Rust's own, with the text form and the wire form of a variant.

use std::hash::Hasher;

use super::{
    Any, FromAny, JsonWriter, Key, Map, Mismatch, Show, Str, ToAny, ToJson, concat, field, show_fields, variant,
};

impl<T: Show, E: Show> Show for Result<T, E> {
    fn show(&self, out: &mut Str) {
        match self {
            Ok(value) => show_fields(out, "Ok", &[("0", value)]),
            Err(error) => show_fields(out, "Err", &[("0", error)]),
        }
    }
}

impl<T: ToJson, E: ToJson> ToJson for Result<T, E> {
    fn to_json(&self, out: &mut JsonWriter) {
        match self {
            Ok(value) => {
                out.raw("{\"__tag\":\"Ok\",\"value\":");
                value.to_json(out);
            }
            Err(error) => {
                out.raw("{\"__tag\":\"Err\",\"error\":");
                error.to_json(out);
            }
        }
        out.raw("}");
    }
}

impl<T: FromAny, E: FromAny> FromAny for Result<T, E> {
    fn from_any(data: &Any) -> Result<Self, Mismatch> {
        match variant(data)?.as_str() {
            "Ok" => field(data, "value").map(Ok),
            "Err" => field(data, "error").map(Err),
            other => {
                Err(Mismatch { path: Str::new(), problem: concat(&[&"expected `Ok` or `Err`, found `", &other, &"`"]) })
            }
        }
    }
}

impl<T: ToAny, E: ToAny> ToAny for Result<T, E> {
    fn to_any(&self) -> Any {
        let (tag, name, value) = match self {
            Ok(value) => ("Ok", "value", value.to_any()),
            Err(error) => ("Err", "error", error.to_any()),
        };
        Any::Map(Map::from([("__tag".into(), Any::Str(tag.into())), (name.into(), value)]))
    }
}

impl<T: Key, E: Key> Key for Result<T, E> {
    fn hash_key(&self, state: &mut dyn Hasher) {
        state.write_u8(u8::from(self.is_ok()));
        match self {
            Ok(value) => value.hash_key(state),
            Err(error) => error.hash_key(state),
        }
    }
}
