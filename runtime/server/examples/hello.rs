//! The shape of generated code: one server, one route.

use tova_server::prelude::*;

fn main() -> ExitCode {
    Server::new("", 3000).single().route("GET", "/hello", Handler::sync(get_hello)).run()
}

/// `fn hello() -> String { "Hello!" }`
fn hello() -> Str {
    Str::from("Hello!")
}

/// `route GET "/hello" => hello`
fn get_hello(_ctx: &Ctx) -> Answer {
    Ok(Reply::json(&hello()))
}
