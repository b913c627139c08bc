//! The page around a module.

use std::fmt::Write as _;

use tova_ir::Client;

/// The page that loads `client.js` and `client.css`.
pub(crate) fn page(client: &Client) -> String {
    let mut out = String::from("<!doctype html>\n<html>\n<head>\n<meta charset=\"utf-8\">\n");
    out.push_str("<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n");
    // Writing to a string cannot fail.
    let _ = writeln!(out, "<title>{}</title>", escaped(&client.title));
    // Without one, browsers ask for `/favicon.ico`.
    out.push_str("<link rel=\"icon\" href=\"data:,\">\n");
    if !client.css.is_empty() {
        out.push_str("<link rel=\"stylesheet\" href=\"/client.css\">\n");
    }
    out.push_str("<link rel=\"preload\" href=\"/client.wasm\" as=\"fetch\" type=\"application/wasm\" crossorigin>\n");
    out.push_str("<script type=\"module\" src=\"/client.js\"></script>\n</head>\n<body>\n");
    out.push_str("<div id=\"app\"></div>\n<noscript>This page needs JavaScript.</noscript>\n</body>\n</html>\n");
    out
}

/// A text as HTML.
fn escaped(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;")
}
