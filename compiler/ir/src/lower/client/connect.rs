//! Addresses that the page talks to, from the literal URLs of client code.

use ecow::EcoString;

use crate::walk::each_expr;
use crate::{ExprKind, Home, Program};

/// Collects the origins of literal URLs.
pub(crate) fn resolve(program: &mut Program) {
    let mut connect: Vec<EcoString> = Vec::new();
    for function in program.functions.iter().filter(|function| function.home == Home::Client) {
        each_expr(&function.body, &mut |e| {
            if let ExprKind::Str(text) = &e.kind
                && let Some(origin) = origin(text)
                && !connect.contains(&origin)
            {
                connect.push(origin);
            }
        });
    }
    if let Some(client) = &mut program.client {
        client.connect = connect;
    }
}

/// `ws://host:port` of `ws://host:port/path`.
fn origin(text: &str) -> Option<EcoString> {
    let (scheme, rest) = text.split_once("://")?;
    if !matches!(scheme, "ws" | "wss" | "http" | "https") {
        return None;
    }
    let host = rest.split(['/', '?', '#']).next().unwrap_or(rest);
    let fits =
        !host.is_empty() && host.chars().all(|c| c.is_ascii_alphanumeric() || matches!(c, '.' | '-' | ':' | '[' | ']'));
    fits.then(|| format!("{scheme}://{host}").into())
}
