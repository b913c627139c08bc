//! The text of templates.

use ecow::EcoString;

/// Elements without content.
const VOID: [&str; 14] =
    ["area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "param", "source", "track", "wbr"];

/// Elements of SVG that stand at the root of a template only there.
const SVG: [&str; 24] = [
    "circle",
    "clipPath",
    "defs",
    "ellipse",
    "feBlend",
    "feGaussianBlur",
    "filter",
    "foreignObject",
    "g",
    "image",
    "line",
    "linearGradient",
    "marker",
    "mask",
    "path",
    "pattern",
    "polygon",
    "polyline",
    "radialGradient",
    "rect",
    "stop",
    "text",
    "tspan",
    "use",
];

/// Events that reach the document.
const BUBBLING: [&str; 30] = [
    "beforeinput",
    "change",
    "click",
    "contextmenu",
    "copy",
    "cut",
    "dblclick",
    "dragend",
    "dragover",
    "dragstart",
    "drop",
    "focusin",
    "focusout",
    "input",
    "keydown",
    "keypress",
    "keyup",
    "mousedown",
    "mousemove",
    "mouseout",
    "mouseover",
    "mouseup",
    "paste",
    "pointerdown",
    "pointermove",
    "pointerup",
    "submit",
    "touchend",
    "touchmove",
    "touchstart",
];

pub(super) fn is_void(tag: &str) -> bool {
    VOID.contains(&tag)
}

pub(super) fn is_svg(tag: &str) -> bool {
    SVG.contains(&tag)
}

pub(super) fn bubbles(event: &str) -> bool {
    BUBBLING.contains(&event)
}

/// Text between tags.
pub(super) fn push_text(html: &mut EcoString, text: &str) {
    for c in text.chars() {
        match c {
            '&' => html.push_str("&amp;"),
            '<' => html.push_str("&lt;"),
            other => html.push(other),
        }
    }
}

/// An attribute; quotes only where they are needed.
pub(super) fn push_attribute(html: &mut EcoString, name: &str, value: &str) {
    html.push(' ');
    html.push_str(name);
    if value.is_empty() {
        return;
    }
    html.push('=');
    let is_plain = value.chars().all(|c| c.is_ascii_alphanumeric() || "-_.:#%;,".contains(c));
    if is_plain {
        html.push_str(value);
        return;
    }
    html.push('"');
    for c in value.chars() {
        match c {
            '&' => html.push_str("&amp;"),
            '"' => html.push_str("&quot;"),
            other => html.push(other),
        }
    }
    html.push('"');
}
