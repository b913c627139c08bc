//! Styles of a component, limited to its own elements: every selector gets the component's attribute.

use ecow::EcoString;

/// The style sheet with `[scope]` at the last part of each selector.
pub(super) fn scoped(css: &str, scope: &str) -> EcoString {
    let mut out = EcoString::new();
    let sheet = without_comments(css);
    rules(&mut sheet.as_str(), scope, Inside::Sheet, &mut out);
    out
}

/// What stands between the braces of a rule.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Inside {
    /// Rules with selectors.
    Sheet,
    /// Steps of an animation: their heads are no selectors.
    Steps,
}

fn rules(rest: &mut &str, scope: &str, inside: Inside, out: &mut EcoString) {
    loop {
        *rest = rest.trim_start();
        if rest.is_empty() {
            return;
        }
        if let Some(after) = rest.strip_prefix('}') {
            *rest = after;
            return;
        }
        let Some(end) = rest.find(['{', ';', '}']) else {
            *rest = "";
            return;
        };
        let (head, after) = rest.split_at(end);
        let head = head.trim();
        if let Some(after) = after.strip_prefix(';') {
            out.push_str(head);
            out.push_str(";\n");
            *rest = after;
            continue;
        }
        let Some(after) = after.strip_prefix('{') else {
            *rest = after;
            continue;
        };
        *rest = after;
        if head.starts_with('@') {
            out.push_str(head);
            out.push_str(" {\n");
            if head.starts_with("@font-face") || head.starts_with("@page") {
                declarations(rest, out);
            } else {
                let steps = head.contains("keyframes");
                rules(rest, scope, if steps { Inside::Steps } else { Inside::Sheet }, out);
            }
        } else {
            let selectors = if inside == Inside::Steps { head.into() } else { selectors(head, scope) };
            out.push_str(&selectors);
            out.push_str(" {");
            declarations(rest, out);
        }
        out.push_str("}\n");
    }
}

/// Copies declarations up to the closing brace, nested blocks included.
fn declarations(rest: &mut &str, out: &mut EcoString) {
    let mut depth = 0;
    for (index, c) in rest.char_indices() {
        match c {
            '{' => depth += 1,
            '}' if depth == 0 => {
                let (body, after) = rest.split_at(index);
                out.push_str(body);
                *rest = after.strip_prefix('}').unwrap_or(after);
                return;
            }
            '}' => depth -= 1,
            _ => {}
        }
    }
    out.push_str(rest);
    *rest = "";
}

fn without_comments(css: &str) -> String {
    let mut out = String::new();
    let mut rest = css;
    while let Some((before, after)) = rest.split_once("/*") {
        out.push_str(before);
        rest = after.split_once("*/").map_or("", |(_, after)| after);
    }
    out.push_str(rest);
    out
}

/// A list of selectors, each with the attribute.
fn selectors(list: &str, scope: &str) -> EcoString {
    let mut depth = 0;
    let parts = list.split(|c| {
        match c {
            '(' | '[' => depth += 1,
            ')' | ']' => depth -= 1,
            _ => {}
        }
        c == ',' && depth == 0
    });
    let parts: Vec<String> = parts.map(|part| selector(part.trim(), scope)).collect();
    parts.join(", ").into()
}

/// One selector: the attribute goes to its last part, before pseudo-classes; `:global(…)` is taken as it is.
fn selector(selector: &str, scope: &str) -> String {
    if let Some(inner) = selector.strip_prefix(":global(").and_then(|rest| rest.strip_suffix(')')) {
        return inner.to_owned();
    }
    let mut depth = 0;
    let mut last = 0;
    for (index, c) in selector.char_indices() {
        match c {
            '(' | '[' => depth += 1,
            ')' | ']' => depth -= 1,
            ' ' | '>' | '+' | '~' if depth == 0 => last = index + 1,
            _ => {}
        }
    }
    let (before, part) = selector.split_at(last);
    let pseudo = part.find(':').unwrap_or(part.len());
    let (name, pseudo) = part.split_at(pseudo);
    format!("{before}{name}[{scope}]{pseudo}")
}

#[cfg(test)]
mod tests {
    use super::scoped;

    #[test]
    fn selectors_get_the_attribute_at_their_last_part() {
        assert_eq!(
            scoped(".a .b:hover, p > em { color: red; }", "c-x"),
            ".a .b[c-x]:hover, p > em[c-x] { color: red; }\n"
        );
    }

    #[test]
    fn rules_in_media_queries_are_scoped_and_steps_are_not() {
        let css = "@media (min-width: 3px) { p { a: b } } @keyframes k { from { a: b } to { a: c } }";
        let expected = "@media (min-width: 3px) {\np[c-x] { a: b }\n}\n@keyframes k {\nfrom { a: b }\nto { a: c }\n}\n";
        assert_eq!(scoped(css, "c-x"), expected);
    }

    #[test]
    fn global_selectors_stay() {
        assert_eq!(scoped(":global(body) { margin: 0 }", "c-x"), "body { margin: 0 }\n");
    }
}
