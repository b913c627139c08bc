//! Names: what a program calls things, as Rust may call them.

use std::collections::BTreeSet;

use proc_macro2::{Ident, Span};

/// What generated code takes from `tova_server::prelude` and from Rust's own prelude: nothing of a program may hide it.
pub(crate) const RESERVED: &[&str] = &[
    "Answer",
    "Any",
    "Arc",
    "Args",
    "Asset",
    "AsyncFn",
    "AsyncFn0",
    "AsyncFn1",
    "AsyncFn2",
    "AsyncFn3",
    "AsyncFn4",
    "AsyncFn5",
    "AsyncFnMut",
    "AsyncFnOnce",
    "Box",
    "Callback",
    "Clone",
    "Column",
    "ColumnType",
    "Connection",
    "Copy",
    "Cors",
    "Ctx",
    "Debug",
    "Default",
    "Drop",
    "Duration",
    "Eq",
    "Err",
    "ExitCode",
    "Exit",
    "Extend",
    "Fault",
    "Flow",
    "Fn",
    "Fn0",
    "Fn1",
    "Fn2",
    "Fn3",
    "Fn4",
    "Fn5",
    "FnMut",
    "FnOnce",
    "From",
    "FromAny",
    "FromIterator",
    "Func",
    "Future",
    "Globals",
    "Handler",
    "Hash",
    "Headers",
    "Into",
    "IntoFuture",
    "IntoIterator",
    "Iterator",
    "JsonWriter",
    "Key",
    "LazyLock",
    "Lines",
    "List",
    "Listener",
    "Lookup",
    "Map",
    "Method",
    "Middleware",
    "Mismatch",
    "Never",
    "Next",
    "None",
    "Ok",
    "Option",
    "Ord",
    "Order",
    "Page",
    "PartialEq",
    "PartialOrd",
    "Pending",
    "Place",
    "Reply",
    "Request",
    "RequestFields",
    "Response",
    "Result",
    "Row",
    "Self",
    "Send",
    "Server",
    "Set",
    "Shared",
    "Show",
    "Size",
    "Socket",
    "Some",
    "SqlValue",
    "State",
    "Str",
    "String",
    "Sync",
    "Table",
    "ToAny",
    "ToJson",
    "ToOwned",
    "ToString",
    "TryFrom",
    "TryInto",
    "Unpin",
    "Vec",
    "STATE",
    "PAGE",
    "PLACES",
    "TESTS",
    "attempt",
    "attempt_async",
    "concat",
    "db",
    "decode",
    "drop",
    "env",
    "expect",
    "fault",
    "field",
    "float",
    "found",
    "html",
    "int",
    "json",
    "main",
    "now",
    "present_mut",
    "print",
    "print_values",
    "quiet_faults",
    "redirect",
    "respond",
    "run_script",
    "run_script_async",
    "set_places",
    "settled",
    "show",
    "show_fields",
    "show_quoted",
    "sign_jwt",
    "size_of",
    "sleep",
    "text",
    "throw",
    "unwrap",
    "uuid",
    "variant",
    "verify_token",
    "with_headers",
    "align_of",
    "bool",
    "char",
    "f32",
    "f64",
    "i64",
    "str",
    "u8",
    "u16",
    "u32",
    "u64",
    "usize",
    "std",
    "core",
    "tova_server",
];

/// What `tova_server::prelude` has, methods of its traits included: a module that mentions none of it does not import it.
pub(crate) const RUNTIME: &[&str] = &[
    "Answer",
    "Any",
    "Args",
    "Asset",
    "AsyncFn0",
    "AsyncFn1",
    "AsyncFn2",
    "AsyncFn3",
    "AsyncFn4",
    "AsyncFn5",
    "Column",
    "ColumnType",
    "Connection",
    "Cors",
    "Ctx",
    "Duration",
    "Exit",
    "ExitCode",
    "Fault",
    "Flow",
    "Fn0",
    "Fn1",
    "Fn2",
    "Fn3",
    "Fn4",
    "Fn5",
    "FromAny",
    "Func",
    "Handler",
    "Headers",
    "JsonWriter",
    "Key",
    "Lines",
    "List",
    "Map",
    "Method",
    "Middleware",
    "Mismatch",
    "Never",
    "Next",
    "Order",
    "Page",
    "Pending",
    "Reply",
    "Request",
    "Response",
    "Row",
    "Server",
    "Set",
    "Shared",
    "Show",
    "Size",
    "Socket",
    "SqlValue",
    "State",
    "Str",
    "Table",
    "ToAny",
    "ToJson",
    "attempt",
    "attempt_async",
    "concat",
    "db",
    "decode",
    "env",
    "expect",
    "fault",
    "float",
    "html",
    "int",
    "json",
    "listener",
    "now",
    "present_mut",
    "print",
    "redirect",
    "respond",
    "run_script",
    "run_script_async",
    "set_places",
    "settled",
    "show",
    "sign_jwt",
    "sleep",
    "text",
    "throw",
    "to_any",
    "unwrap",
    "uuid",
    "verify_token",
    "with_headers",
];

/// Functions of the runtime that any body may call.
const CALLED: &[&str] = &[
    "attempt",
    "attempt_async",
    "concat",
    "decode",
    "expect",
    "fault",
    "present_mut",
    "print",
    "settled",
    "show",
    "throw",
    "unwrap",
];

/// Functions of the runtime that stand for an intrinsic.
const CALLED_FOR: &[(&str, &str)] = &[
    ("env", "env.get"),
    ("html", "reply.html"),
    ("now", "date.now"),
    ("redirect", "reply.redirect"),
    ("respond", "reply.respond"),
    ("sign_jwt", "jwt.sign"),
    ("sleep", "sleep"),
    ("text", "reply.text"),
    ("uuid", "uuid"),
    ("verify_token", "jwt.verify"),
    ("with_headers", "reply.with_headers"),
];

/// Whether a variable of this name would hide a function of the runtime that a body with these intrinsics may call.
pub(crate) fn hides_runtime(name: &str, intrinsics: &BTreeSet<String>) -> bool {
    CALLED.contains(&name)
        || CALLED_FOR.iter().any(|(function, intrinsic)| *function == name && intrinsics.contains(*intrinsic))
}

/// Words that cannot be raw identifiers.
const NEVER_RAW: [&str; 5] = ["self", "super", "crate", "Self", "_"];

/// Names that are taken in one scope.
#[derive(Clone, Debug, Default)]
pub(crate) struct Names {
    taken: BTreeSet<String>,
}

impl Names {
    /// The wanted name, or one like it if it is taken.
    pub(crate) fn claim(&mut self, wanted: String) -> String {
        let is_free = |name: &String| !RESERVED.contains(&name.as_str()) && !self.taken.contains(name);
        let name = if is_free(&wanted) {
            wanted
        } else {
            let numbered = (2..).map(|n| format!("{wanted}_{n}")).find(is_free);
            let spare = format!("{wanted}_");
            if is_free(&spare) { spare } else { numbered.unwrap_or(spare) }
        };
        self.taken.insert(name.clone());
        name
    }

    /// Whether the name is taken.
    pub(crate) fn contains(&self, name: &str) -> bool {
        self.taken.contains(name)
    }
}

/// The identifier of a name; keywords become raw ones.
pub(crate) fn ident(name: &str) -> Ident {
    if NEVER_RAW.contains(&name) {
        return Ident::new(&format!("{name}_"), Span::call_site());
    }
    // Keywords parse as raw identifiers only.
    match syn::parse_str::<Ident>(name) {
        Ok(ident) => ident,
        Err(_) => Ident::new_raw(name, Span::call_site()),
    }
}

/// `userName`, `UserName` and `USER_NAME` as `user_name`.
pub(crate) fn snake(name: &str) -> String {
    let mut out = String::new();
    let mut after_lower = false;
    for c in name.chars() {
        if c.is_uppercase() && after_lower {
            out.push('_');
        }
        after_lower = c.is_lowercase() || c.is_ascii_digit();
        if c.is_alphanumeric() || c == '_' {
            out.extend(c.to_lowercase());
        } else {
            out.push('_');
        }
    }
    if out.chars().next().is_none_or(|c| c.is_ascii_digit()) {
        out.insert(0, '_');
    }
    out
}

/// `user_name` as `USER_NAME`.
pub(crate) fn shout(name: &str) -> String {
    snake(name).to_uppercase()
}

/// `user_name` and `userName` as `UserName`.
pub(crate) fn camel(name: &str) -> String {
    let mut out = String::new();
    for word in name.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty()) {
        let mut chars = word.chars();
        out.extend(chars.next().into_iter().flat_map(char::to_uppercase));
        out.push_str(chars.as_str());
    }
    if out.chars().next().is_none_or(|c| c.is_ascii_digit()) {
        out.insert(0, 'T');
    }
    out
}

#[cfg(test)]
mod tests {
    use super::{Names, camel, ident, shout, snake};

    #[test]
    fn names_follow_rust() {
        assert_eq!(
            (snake("ipAddress"), snake("map_of_Int_Str"), snake("0")),
            ("ip_address".into(), "map_of_int_str".into(), "_0".into())
        );
        assert_eq!((camel("pair_of_int"), shout("maxSize")), ("PairOfInt".into(), "MAX_SIZE".into()));
        assert_eq!((ident("type").to_string(), ident("self").to_string()), ("r#type".into(), "self_".into()));
    }

    #[test]
    fn nothing_hides_the_prelude() {
        let mut names = Names::default();
        assert_eq!(
            [names.claim("text".into()), names.claim("a".into()), names.claim("a".into())],
            ["text_", "a", "a_"]
        );
    }
}
