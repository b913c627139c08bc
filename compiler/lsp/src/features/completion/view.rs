//! JSX: tags, attributes, properties of components, events.

use gen_lsp_types as lsp;
use tova_check::tables::CompIdx;

use super::{Entry, Group, List};
use crate::symbol::Symbol;

/// Elements that pages are made of.
const TAGS: &[&str] = &[
    "a",
    "article",
    "aside",
    "audio",
    "b",
    "blockquote",
    "br",
    "button",
    "canvas",
    "code",
    "details",
    "dialog",
    "div",
    "em",
    "fieldset",
    "figure",
    "footer",
    "form",
    "h1",
    "h2",
    "h3",
    "h4",
    "header",
    "hr",
    "i",
    "iframe",
    "img",
    "input",
    "label",
    "legend",
    "li",
    "main",
    "nav",
    "ol",
    "option",
    "p",
    "pre",
    "progress",
    "section",
    "select",
    "small",
    "span",
    "strong",
    "summary",
    "svg",
    "table",
    "tbody",
    "td",
    "textarea",
    "th",
    "thead",
    "time",
    "tr",
    "ul",
    "video",
];

/// Elements without content.
const VOID: &[&str] = &["br", "hr", "img", "input"];

/// Attributes that every element has.
const ATTRIBUTES: &[&str] =
    &["class", "id", "style", "title", "hidden", "role", "tabindex", "key", "lang", "dir", "draggable"];

/// Attributes of some elements.
const OF_TAGS: &[(&str, &[&str])] = &[
    ("a", &["href", "target", "rel", "download"]),
    ("audio", &["src", "controls", "autoplay", "loop", "muted"]),
    ("button", &["type", "disabled", "name", "value"]),
    ("details", &["open"]),
    ("dialog", &["open"]),
    ("form", &["action", "method"]),
    ("iframe", &["src", "width", "height", "loading"]),
    ("img", &["src", "alt", "width", "height", "loading"]),
    (
        "input",
        &[
            "type",
            "value",
            "checked",
            "placeholder",
            "name",
            "disabled",
            "required",
            "min",
            "max",
            "step",
            "pattern",
            "autofocus",
        ],
    ),
    ("label", &["for"]),
    ("option", &["value", "selected", "disabled"]),
    ("progress", &["value", "max"]),
    ("select", &["name", "value", "multiple", "disabled", "required"]),
    ("td", &["colspan", "rowspan"]),
    ("textarea", &["value", "rows", "cols", "placeholder", "name", "disabled", "required"]),
    ("th", &["colspan", "rowspan", "scope"]),
    ("time", &["datetime"]),
    ("video", &["src", "controls", "autoplay", "loop", "muted", "poster", "width", "height"]),
];

const EVENTS: &[&str] = &[
    "blur",
    "change",
    "click",
    "dblclick",
    "drag",
    "drop",
    "focus",
    "input",
    "keydown",
    "keyup",
    "load",
    "mousedown",
    "mouseenter",
    "mouseleave",
    "mousemove",
    "mouseup",
    "paste",
    "pointerdown",
    "pointermove",
    "pointerup",
    "scroll",
    "submit",
    "touchend",
    "touchstart",
    "wheel",
];

/// The name of an element after `<`.
pub(super) fn tags(list: &mut List<'_, '_>) -> bool {
    let left = list.cursor.left();
    if left.ends_with("</") {
        if let Some(open) = unclosed(left) {
            list.word(open, None);
        }
        return true;
    }
    let opens = left.ends_with('<') && {
        let before = left.strip_suffix('<').unwrap_or("").trim_end_matches([' ', '\t']);
        before.is_empty()
            || before.ends_with(['{', '(', ',', '=', '>', '\n', '?', ':', ';', '}', '"', '&', '|'])
            || before.ends_with("return")
    };
    if !opens {
        return false;
    }
    for (info, id) in list.snapshot.checked.components.iter().zip(0..) {
        let name = info.decl.name.name.clone();
        let needed = info.props.iter().filter(|prop| !prop.optional && prop.name != "children");
        let attributes: Vec<String> = needed.zip(1..).map(|(prop, at)| format!(" {}={{${at}}}", prop.name)).collect();
        let symbol = Symbol::Component(CompIdx(id));
        list.add(Entry {
            label: &name,
            kind: lsp::CompletionItemKind::Class,
            group: Group::Place,
            detail: list.snapshot.signature(&symbol),
            docs: list.snapshot.docs(&symbol).map(String::from),
            snippet: Some(format!("{name}{} />", attributes.concat())),
        });
    }
    for tag in TAGS {
        let snippet = if VOID.contains(tag) { format!("{tag} $0/>") } else { format!("{tag}>$0</{tag}>") };
        list.add(Entry {
            label: tag,
            kind: lsp::CompletionItemKind::Property,
            group: Group::Library,
            detail: None,
            docs: None,
            snippet: list.snapshot.client.snippets.then_some(snippet),
        });
    }
    true
}

/// The last element that is still open: what `</` closes.
fn unclosed(left: &str) -> Option<&str> {
    let mut closed = 0;
    let mut rest = left.strip_suffix("</")?;
    while let Some(at) = rest.rfind('<') {
        let after = rest.get(at + 1..)?;
        let end = after.find('>');
        let name = after.trim_start_matches('/').split(|c: char| !c.is_alphanumeric() && c != '.').next()?;
        if after.starts_with('/') {
            closed += 1;
        } else if !name.is_empty() && end.is_some_and(|end| !after.get(..end).unwrap_or("").ends_with('/')) {
            if closed == 0 {
                return Some(name);
            }
            closed -= 1;
        }
        rest = rest.get(..at)?;
    }
    None
}

/// Attributes, or the properties of a component.
pub(super) fn attributes(list: &mut List<'_, '_>) -> bool {
    let Some(tag) = list.cursor.tag() else { return false };
    let left = list.cursor.left();
    if let Some(namespace) = left.strip_suffix(':').map(|before| before.rsplit([' ', '\n', '\t']).next().unwrap_or(""))
    {
        if namespace == "on" {
            EVENTS.iter().for_each(|event| attribute(list, event, &format!("{event}={{$0}}"), None));
        } else if namespace == "bind" {
            ["value", "checked", "group"]
                .iter()
                .for_each(|name| attribute(list, name, &format!("{name}={{$0}}"), None));
        }
        return true;
    }
    if !left.ends_with([' ', '\n', '\t']) {
        return false;
    }
    let component = list.snapshot.checked.components.iter().find(|info| info.decl.name.name == tag);
    if let Some(info) = component {
        for prop in &info.props {
            let detail = list.snapshot.signature(&Symbol::Local(prop.var));
            attribute(list, &prop.name, &format!("{}={{$0}}", prop.name), detail);
        }
        return true;
    }
    let own = OF_TAGS.iter().find(|(name, _)| *name == tag).map_or(&[][..], |(_, names)| names);
    for name in own.iter().chain(ATTRIBUTES) {
        attribute(list, name, &format!("{name}=\"$0\""), None);
    }
    for event in EVENTS {
        attribute(list, &format!("on:{event}"), &format!("on:{event}={{$0}}"), Some("listener".to_owned()));
    }
    for (name, detail) in [("bind:value", "follows a state both ways"), ("bind:checked", "follows a state both ways")] {
        attribute(list, name, &format!("{name}={{$0}}"), Some(detail.to_owned()));
    }
    attribute(list, "class:", "class:${1:name}={$0}", Some("a class that is there if the condition holds".to_owned()));
    true
}

fn attribute(list: &mut List<'_, '_>, label: &str, snippet: &str, detail: Option<String>) {
    let given = list.cursor.top().and_then(|open| list.cursor.before.get(open.at..));
    let tag = given.and_then(|text| text.rfind('<').and_then(|at| text.get(at..))).unwrap_or("");
    // What the tag has already is not offered again.
    if tag.contains(&format!(" {label}=")) {
        return;
    }
    list.add(Entry {
        label,
        kind: lsp::CompletionItemKind::Property,
        group: Group::Place,
        detail,
        docs: None,
        snippet: list.snapshot.client.snippets.then(|| snippet.to_owned()),
    });
}
