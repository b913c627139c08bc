//! The intrinsics of the standard library: what each one is in Rust.

use tova_ir::Type;

use crate::facts::Mode;
use crate::plan::Ability;

/// How an argument is handed over.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Arg {
    /// By value.
    Value,
    /// By reference.
    Ref,
    /// As `&str`.
    Text,
}

/// What a call gives, beside the value itself.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Gives {
    /// The value.
    Value,
    /// An option of the element type, whatever that is.
    OptionOfElement,
    /// A `Result` with what may be thrown.
    Result,
    /// A future.
    Future,
    /// Nothing: it never returns.
    Never,
    /// A `Result` of the expected type, named in the call.
    ResultOfExpected,
}

/// How a call is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Form {
    /// `first.name(rest)`
    Method(&'static str),
    /// `name(all)`
    Function(&'static str),
    /// `print(&[&a, &b])`
    Print,
    /// `Err(throw(message))`
    Throw,
    /// `first.name(callback)`: the runtime keeps the function and calls it later.
    Callback(&'static str),
}

/// One intrinsic.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Intrinsic {
    pub(crate) form: Form,
    pub(crate) args: &'static [Arg],
    pub(crate) gives: Gives,
}

const fn row(form: Form, args: &'static [Arg], gives: Gives) -> Intrinsic {
    Intrinsic { form, args, gives }
}

use Arg::{Ref, Text, Value};
use Form::{Callback, Function, Method};

/// What the intrinsic is in Rust. Nothing for those of the page.
pub(crate) fn find(name: &str) -> Option<Intrinsic> {
    if let Some((_, field)) = name.split_once(".get_").filter(|(ty, _)| is_handle(ty)) {
        return getter(name, field);
    }
    of_collections(name)
        .or_else(|| of_texts(name))
        .or_else(|| of_numbers(name))
        .or_else(|| of_servers(name))
        .or_else(|| of_all(name))
}

fn is_handle(ty: &str) -> bool {
    matches!(ty.to_ascii_lowercase().as_str(), "request" | "connection" | "socket")
}

/// Fields of handles.
fn getter(name: &str, field: &str) -> Option<Intrinsic> {
    let method = match field {
        "method" => "method",
        "path" => "path",
        "url" => "url",
        "id" => "id",
        "ip" => "ip",
        "headers" => "headers",
        "params" => "params",
        "query" => "query",
        "cookies" => "cookies",
        "connection" => "connection",
        "remoteAddress" => "remote_address",
        "body" => return Some(row(Method("body"), &[Ref], Gives::Result)),
        _ => return None,
    };
    let _ = name;
    Some(row(Method(method), &[Ref], Gives::Value))
}

fn of_collections(name: &str) -> Option<Intrinsic> {
    Some(match name {
        "list.len" | "map.len" => row(Method("length"), &[Ref], Gives::Value),
        "list.push" => row(Method("push"), &[Value], Gives::Value),
        "list.pop" => row(Method("pop"), &[], Gives::OptionOfElement),
        "list.shift" => row(Method("shift"), &[], Gives::OptionOfElement),
        "list.unshift" => row(Method("unshift"), &[Value], Gives::Value),
        "list.at" => row(Method("at"), &[Ref, Value], Gives::OptionOfElement),
        "list.reversed" => row(Method("reversed"), &[Value], Gives::Value),
        "list.sorted" => row(Method("sorted"), &[Value], Gives::Value),
        "list.sort_by_keys" => row(Method("sort_by_keys"), &[Ref, Ref], Gives::Value),
        "map.keys" => row(Method("keys"), &[Ref], Gives::Value),
        "map.values" => row(Method("values"), &[Ref], Gives::Value),
        "map.entries" => row(Method("entries"), &[Ref], Gives::Value),
        "map.set" => row(Method("insert"), &[Value, Value], Gives::Value),
        "map.delete" => row(Method("remove"), &[Ref], Gives::Value),
        "duration.ms" => row(Method("ms"), &[Value], Gives::Value),
        "size.bytes" => row(Method("bytes"), &[Value], Gives::Value),
        "option.unwrap" => row(Function("unwrap"), &[Value], Gives::Value),
        "option.expect" => row(Function("expect"), &[Value, Value], Gives::Value),
        _ => return None,
    })
}

fn of_texts(name: &str) -> Option<Intrinsic> {
    Some(match name {
        "str.len" => row(Function("text::len"), &[Text], Gives::Value),
        "str.upper" => row(Function("text::upper"), &[Text], Gives::Value),
        "str.lower" => row(Function("text::lower"), &[Text], Gives::Value),
        "str.trim" => row(Function("text::trim"), &[Text], Gives::Value),
        "str.trim_start" => row(Function("text::trim_start"), &[Text], Gives::Value),
        "str.trim_end" => row(Function("text::trim_end"), &[Text], Gives::Value),
        "str.split" => row(Function("text::split"), &[Text, Text], Gives::Value),
        "str.replace" => row(Function("text::replace"), &[Text, Text, Text], Gives::Value),
        "str.contains" => row(Function("text::contains"), &[Text, Text], Gives::Value),
        "str.starts_with" => row(Function("text::starts_with"), &[Text, Text], Gives::Value),
        "str.ends_with" => row(Function("text::ends_with"), &[Text, Text], Gives::Value),
        "str.index_of" => row(Function("text::index_of"), &[Text, Text], Gives::Value),
        "str.chars" => row(Function("text::chars"), &[Text], Gives::Value),
        "str.words" => row(Function("text::words"), &[Text], Gives::Value),
        "str.repeat" => row(Function("text::repeat"), &[Text, Value], Gives::Value),
        "str.at" => row(Function("text::at"), &[Text, Value], Gives::Value),
        "str.slice" => row(Function("text::part"), &[Text, Value, Value], Gives::Value),
        "str.pad_start" => row(Function("text::pad_start"), &[Text, Value, Text], Gives::Value),
        "str.pad_end" => row(Function("text::pad_end"), &[Text, Value, Text], Gives::Value),
        "str.to_int" => row(Function("text::to_int"), &[Text], Gives::Value),
        "str.to_float" => row(Function("text::to_float"), &[Text], Gives::Value),
        _ => return None,
    })
}

fn of_numbers(name: &str) -> Option<Intrinsic> {
    Some(match name {
        "int.abs" => row(Function("int::abs"), &[Value], Gives::Value),
        "int.div" => row(Function("int::div"), &[Value, Value], Gives::Value),
        "float.abs" => row(Function("f64::abs"), &[Value], Gives::Value),
        "float.floor" => row(Function("float::floor"), &[Value], Gives::Value),
        "float.ceil" => row(Function("float::ceil"), &[Value], Gives::Value),
        "float.round" => row(Function("float::round"), &[Value], Gives::Value),
        "float.trunc" => row(Function("float::trunc"), &[Value], Gives::Value),
        "float.sqrt" => row(Function("f64::sqrt"), &[Value], Gives::Value),
        "float.is_nan" => row(Function("f64::is_nan"), &[Value], Gives::Value),
        "float.to_fixed" => row(Function("float::to_fixed"), &[Value, Value], Gives::Value),
        "random.float" => row(Function("float::random"), &[], Gives::Value),
        "random.int" => row(Function("int::random"), &[Value, Value], Gives::Value),
        _ => return None,
    })
}

fn of_servers(name: &str) -> Option<Intrinsic> {
    Some(match name {
        "headers.get" => row(Method("get"), &[Ref, Text], Gives::Value),
        "request.set_id" => row(Method("set_id"), &[Ref, Value], Gives::Value),
        "response.status" => row(Method("status"), &[Ref, Value], Gives::Value),
        "response.set_header" => row(Method("set_header"), &[Ref, Text, Text], Gives::Value),
        "response.get_header" => row(Method("get_header"), &[Ref, Text], Gives::Value),
        "response.json" => row(Method("json"), &[Ref, Ref], Gives::Value),
        "response.send" => row(Method("send"), &[Ref, Text], Gives::Value),
        "response.html" => row(Method("html"), &[Ref, Text], Gives::Value),
        "response.redirect" => row(Method("redirect"), &[Ref, Text, Value], Gives::Value),
        "response.on_finish" => row(Callback("on_finish"), &[Ref, Value], Gives::Value),
        "reply.respond" => row(Function("respond"), &[Value, Ref], Gives::Value),
        "reply.redirect" => row(Function("redirect"), &[Text, Value], Gives::Value),
        "reply.text" => row(Function("text"), &[Text, Value], Gives::Value),
        "reply.html" => row(Function("html"), &[Text, Value], Gives::Value),
        "reply.with_headers" => row(Function("with_headers"), &[Value, Ref], Gives::Value),
        "jwt.verify" => row(Function("verify_token"), &[Text], Gives::Result),
        "jwt.sign" => row(Function("sign_jwt"), &[Ref], Gives::Result),
        "socket.send" => row(Method("send"), &[Ref, Text], Gives::Value),
        "socket.close" => row(Method("close"), &[Ref], Gives::Value),
        "socket.on_message" => row(Callback("on_message"), &[Ref, Value], Gives::Value),
        "socket.on_close" => row(Callback("on_close"), &[Ref, Value], Gives::Value),
        "socket.on_error" => row(Callback("on_error"), &[Ref, Value], Gives::Value),
        _ => return None,
    })
}

fn of_all(name: &str) -> Option<Intrinsic> {
    Some(match name {
        "print" => row(Form::Print, &[], Gives::Value),
        "panic" => row(Function("fault"), &[Text], Gives::Never),
        "throw" => row(Form::Throw, &[Value], Gives::Result),
        "uuid" => row(Function("uuid"), &[], Gives::Value),
        "date.now" => row(Function("now"), &[], Gives::Value),
        "sleep" => row(Function("sleep"), &[Value], Gives::Future),
        "test.request" => row(Function("tova_server::testing::request"), &[Text, Text, Value, Text], Gives::Future),
        "env.get" => row(Function("env"), &[Text], Gives::Value),
        "json.parse" => row(Function("json::parse"), &[Text], Gives::ResultOfExpected),
        "json.stringify" => row(Function("json::stringify"), &[Ref], Gives::Value),
        _ => return None,
    })
}

/// How the operands are taken; `print` and what has no row take all by reference.
pub(crate) fn modes(name: &str) -> Vec<Mode> {
    let of = |arg: &Arg| if *arg == Value { Mode::Owned } else { Mode::Borrowed };
    let rest = std::iter::repeat_n(Mode::Borrowed, 16);
    find(name).map(|intrinsic| intrinsic.args).unwrap_or_default().iter().map(of).chain(rest).collect()
}

/// Abilities that an intrinsic asks of the types it is used with.
pub(crate) enum Needs {
    Nothing,
    OfResult(Ability),
    OfArguments(Ability),
}

/// What the intrinsic asks of types.
pub(crate) fn needs(name: &str) -> Needs {
    match name {
        "print" => Needs::OfArguments(Ability::Show),
        "json.parse" => Needs::OfResult(Ability::FromAny),
        "json.stringify" | "response.json" | "reply.respond" | "jwt.sign" => Needs::OfArguments(Ability::ToJson),
        _ => Needs::Nothing,
    }
}

/// Whether the intrinsic does something, or gives another answer another time.
pub(crate) fn acts(name: &str) -> bool {
    let group = name.split('.').next().unwrap_or(name);
    !matches!(group, "str" | "list" | "map" | "int" | "float" | "option" | "duration" | "size")
        && name != "json.stringify"
}

/// Whether a call of the intrinsic is a future.
pub(crate) fn is_future(name: &str) -> bool {
    find(name).is_some_and(|intrinsic| intrinsic.gives == Gives::Future)
}

/// Whether values of the type are copied by reading them.
pub(crate) fn is_copy(ty: &Type) -> bool {
    match ty {
        Type::Unit | Type::Never | Type::Bool | Type::Int | Type::Float | Type::Duration | Type::Size => true,
        Type::Option(item) => is_copy(item),
        Type::Tuple(items) => items.iter().all(is_copy),
        Type::Str
        | Type::Any
        | Type::List(_)
        | Type::Map(..)
        | Type::Set(_)
        | Type::Record(_)
        | Type::Enum(_)
        | Type::Fn(_)
        | Type::Handle(_)
        | Type::View => false,
    }
}

#[cfg(test)]
mod tests {
    use super::find;

    /// Every `@intrinsic` that shared or server code can reach has a row.
    #[test]
    fn every_intrinsic_of_the_standard_library_is_known() {
        let dir = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("../../stdlib");
        let mut missing = Vec::new();
        for entry in std::fs::read_dir(dir).expect("the standard library is there") {
            let path = entry.expect("a readable folder").path();
            // What client blocks can use lives in the page alone.
            if path.file_name().is_some_and(|name| name == "client.tova" || name == "test_page.tova") {
                continue;
            }
            let text = std::fs::read_to_string(&path).expect("a readable file");
            let names = text.split("@intrinsic(\"").skip(1).filter_map(|rest| rest.split('"').next());
            missing.extend(names.filter(|name| find(name).is_none()).map(str::to_owned));
        }
        assert!(missing.is_empty(), "no row for {missing:?}");
    }
}
