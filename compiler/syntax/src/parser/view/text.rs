//! JSX text as it is shown.

use ecow::EcoString;

/// The text without the white space around lines; runs of it inside become one space. Entities are decoded.
pub(super) fn shown_text(raw: &str) -> EcoString {
    let core = raw.trim();
    let space = |side: &str| if side.is_empty() || side.contains('\n') { "" } else { " " };
    let lead = space(raw.get(..raw.len() - raw.trim_start().len()).unwrap_or_default());
    if core.is_empty() {
        return lead.into();
    }
    let trail = space(raw.get(raw.trim_end().len()..).unwrap_or_default());
    let mut text = EcoString::from(lead);
    for (index, word) in core.split_ascii_whitespace().enumerate() {
        if index > 0 {
            text.push(' ');
        }
        text.push_str(word);
    }
    text.push_str(trail);
    decode_entities(&text)
}

/// `&amp;`, `&#10003;`, `&#x2713;`; what is no known entity stays.
pub(super) fn decode_entities(text: &str) -> EcoString {
    let mut shown = EcoString::new();
    let mut rest = text;
    while let Some(at) = rest.find('&') {
        shown.push_str(rest.get(..at).unwrap_or_default());
        rest = rest.get(at..).unwrap_or_default();
        let end = rest.find(';').filter(|end| (2..12).contains(end));
        match end.and_then(|end| Some((entity(rest.get(1..end)?)?, end))) {
            Some((c, end)) => {
                shown.push(c);
                rest = rest.get(end + 1..).unwrap_or_default();
            }
            None => {
                shown.push('&');
                rest = rest.get(1..).unwrap_or_default();
            }
        }
    }
    shown.push_str(rest);
    shown
}

fn entity(name: &str) -> Option<char> {
    if let Some(number) = name.strip_prefix('#') {
        let code = match number.strip_prefix(['x', 'X']) {
            Some(hex) => u32::from_str_radix(hex, 16).ok()?,
            None => number.parse().ok()?,
        };
        return char::from_u32(code);
    }
    ENTITIES.iter().find(|(known, _)| *known == name).map(|(_, c)| *c)
}

const ENTITIES: &[(&str, char)] = &[
    ("amp", '&'),
    ("apos", '\''),
    ("bull", '•'),
    ("cent", '¢'),
    ("check", '✓'),
    ("copy", '©'),
    ("cross", '✗'),
    ("darr", '↓'),
    ("deg", '°'),
    ("divide", '÷'),
    ("euro", '€'),
    ("frac12", '½'),
    ("gt", '>'),
    ("harr", '↔'),
    ("hearts", '♥'),
    ("hellip", '…'),
    ("infin", '∞'),
    ("laquo", '«'),
    ("larr", '←'),
    ("ldquo", '“'),
    ("lsquo", '‘'),
    ("lt", '<'),
    ("mdash", '—'),
    ("middot", '·'),
    ("minus", '−'),
    ("nbsp", '\u{a0}'),
    ("ndash", '–'),
    ("para", '¶'),
    ("plusmn", '±'),
    ("pound", '£'),
    ("quot", '"'),
    ("raquo", '»'),
    ("rarr", '→'),
    ("rdquo", '”'),
    ("reg", '®'),
    ("rsquo", '’'),
    ("sect", '§'),
    ("shy", '\u{ad}'),
    ("star", '☆'),
    ("starf", '★'),
    ("thinsp", '\u{2009}'),
    ("times", '×'),
    ("trade", '™'),
    ("uarr", '↑'),
    ("yen", '¥'),
    ("zwj", '\u{200d}'),
    ("zwnj", '\u{200c}'),
];
