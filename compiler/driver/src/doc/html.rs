//! Documentation as one page that needs nothing else: it searches by itself and its types are links.

use std::collections::HashSet;
use std::fmt::Write as _;

use super::{Docs, Entry};

const STYLE: &str = include_str!("page.css");
const SCRIPT: &str = include_str!("page.js");

pub(super) fn write(docs: &Docs) -> String {
    let entries = || docs.sections.iter().flat_map(|section| &section.entries);
    let types: HashSet<&str> =
        entries().filter(|entry| entry.kind == "type").map(|entry| entry.name.as_str()).collect();
    let mut nav = String::new();
    let mut body = String::new();
    for section in &docs.sections {
        let title = escape(&section.title);
        let _ = write!(nav, "<h2>{title}</h2><ul>");
        let _ = write!(body, "<section><h2>{title}</h2>");
        for entry in &section.entries {
            let (id, name) = (escape(&id(entry)), escape(&entry.name));
            let _ = write!(nav, "<li><a href=\"#{id}\">{name}</a></li>");
            body.push_str(&article(entry, &types));
        }
        nav.push_str("</ul>");
        body.push_str("</section>");
    }
    let name = escape(&docs.name);
    format!(
        "<!doctype html>\n<html lang=\"en\"><head><meta charset=\"utf-8\"><meta name=\"viewport\" content=\"width=device-width\">\
         <title>{name}</title><style>{STYLE}</style></head><body>\
         <nav><h1>{name}</h1><input type=\"search\" placeholder=\"Search (press s)\" aria-label=\"Search\">{nav}</nav>\
         <main>{body}<p class=\"none\" hidden>Nothing has this name.</p></main><script>{SCRIPT}</script></body></html>\n"
    )
}

/// The name of an entry within the page; types have theirs without their kind, so that links need not know more.
fn id(entry: &Entry) -> String {
    match entry.kind {
        "type" => format!("type.{}", entry.name),
        kind => format!("{kind}.{}", entry.name.replace(' ', "")),
    }
}

fn article(entry: &Entry, types: &HashSet<&str>) -> String {
    let id = escape(&id(entry));
    let mut out = format!(
        "<article id=\"{id}\" data-name=\"{}\"><h3><span>{}</span> <a href=\"#{id}\">{}</a></h3><pre class=\"signature\">{}</pre>",
        escape(&entry.name.to_lowercase()),
        entry.kind,
        escape(&entry.name),
        linked(&entry.signature, types)
    );
    if !entry.effects.is_empty() {
        let _ = write!(out, "<p class=\"effects\">{}</p>", entry.effects.join(" · "));
    }
    out.push_str(&prose(&entry.docs));
    if !entry.members.is_empty() {
        out.push_str("<dl>");
        for (text, docs) in &entry.members {
            let _ = write!(out, "<dt><code>{}</code></dt><dd>{}</dd>", linked(text, types), prose(docs));
        }
        out.push_str("</dl>");
    }
    let _ = write!(out, "<p class=\"place\">{}</p></article>", escape(&entry.place));
    out
}

/// Code in which the names of documented types lead to them.
fn linked(code: &str, types: &HashSet<&str>) -> String {
    let mut out = String::new();
    let is_word = |c: char| c.is_alphanumeric() || c == '_';
    let mut rest = code;
    while let Some(first) = rest.chars().next() {
        let of_kind = is_word(first);
        let end = rest.find(|c| is_word(c) != of_kind).unwrap_or(rest.len());
        let (part, tail) = rest.split_at(end);
        if types.contains(part) {
            let _ = write!(out, "<a href=\"#type.{part}\">{part}</a>");
        } else {
            out.push_str(&escape(part));
        }
        rest = tail;
    }
    out
}

/// Paragraphs, lists, `code` and fenced examples.
fn prose(text: &str) -> String {
    let mut out = String::new();
    let (mut in_code, mut in_list, mut paragraph) = (false, false, Vec::new());
    let flush = |paragraph: &mut Vec<String>, out: &mut String| {
        if !paragraph.is_empty() {
            let _ = write!(out, "<p>{}</p>", paragraph.join(" "));
            paragraph.clear();
        }
    };
    for line in text.lines() {
        let item = line.trim_start().strip_prefix("- ").filter(|_| !in_code);
        if in_list && item.is_none() {
            out.push_str("</ul>");
            in_list = false;
        }
        if line.trim_start().starts_with("```") {
            flush(&mut paragraph, &mut out);
            out.push_str(if in_code { "</code></pre>" } else { "<pre><code>" });
            in_code = !in_code;
        } else if in_code {
            out.push_str(&escape(line));
            out.push('\n');
        } else if let Some(item) = item {
            flush(&mut paragraph, &mut out);
            out.push_str(if in_list { "" } else { "<ul>" });
            in_list = true;
            let _ = write!(out, "<li>{}</li>", inline(item));
        } else if line.trim().is_empty() {
            flush(&mut paragraph, &mut out);
        } else {
            paragraph.push(inline(line.trim()));
        }
    }
    flush(&mut paragraph, &mut out);
    out.push_str(if in_code { "</code></pre>" } else { "" });
    out.push_str(if in_list { "</ul>" } else { "" });
    out
}

fn inline(line: &str) -> String {
    let parts = line.split('`').enumerate();
    parts.map(|(at, part)| if at % 2 == 1 { format!("<code>{}</code>", escape(part)) } else { escape(part) }).collect()
}

fn escape(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").replace('"', "&quot;")
}
