//! The pages of diagnostic codes, for a terminal.

const BOLD: &str = "\u{1b}[1m";
const CYAN: &str = "\u{1b}[36m";
const RESET: &str = "\u{1b}[0m";

/// Renders headings, paragraphs, `code` and fenced blocks; anything else stays as it is written.
pub(crate) fn for_terminal(page: &str, coloured: bool) -> String {
    let mut out = String::new();
    let mut in_code = false;
    for line in page.lines() {
        if line.starts_with("```") {
            in_code = !in_code;
        } else if in_code {
            let (on, off) = if coloured { (CYAN, RESET) } else { ("", "") };
            push_line(&mut out, if line.is_empty() { String::new() } else { format!("    {on}{line}{off}") });
        } else if let Some(title) = line.strip_prefix('#') {
            let title = inline(title.trim_start_matches('#').trim(), false);
            push_line(&mut out, if coloured { format!("{BOLD}{title}{RESET}") } else { title });
        } else {
            push_line(&mut out, inline(line, coloured));
        }
    }
    out
}

fn push_line(out: &mut String, line: String) {
    out.push_str(&line);
    out.push('\n');
}

/// `code` in colour on a terminal that has colours, in backticks elsewhere; `**strong**` without its stars.
fn inline(line: &str, coloured: bool) -> String {
    let line = line.replace("**", "");
    if !coloured {
        return line;
    }
    let parts = line.split('`').enumerate();
    parts.map(|(number, part)| if number % 2 == 1 { format!("{CYAN}{part}{RESET}") } else { part.to_owned() }).collect()
}

#[cfg(test)]
mod tests {
    use super::for_terminal;

    #[test]
    fn fences_become_indentation() {
        let page = "# E0001: a title\n\nWhy `x`.\n\n## Bad\n\n```tova\nx = \n\ny\n```\n";
        assert_eq!(for_terminal(page, false), "E0001: a title\n\nWhy `x`.\n\nBad\n\n    x = \n\n    y\n");
    }
}
