//! Changes of layout, and comments anywhere.

use super::random::Random;

/// Where white space stands or could stand.
fn boundaries(text: &str) -> Vec<usize> {
    let class = |byte: u8| match byte {
        b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'_' | 0x80.. => 0,
        b' ' | b'\t' | b'\n' | b'\r' => 1,
        _ => 2,
    };
    let bytes = text.as_bytes();
    (1..bytes.len()).filter(|&at| class(bytes[at - 1]) != class(bytes[at]) || class(bytes[at]) == 2).collect()
}

/// Puts other white space in a few places. What comes out may mean something else, or nothing.
pub(super) fn white_space(random: &mut Random, text: &str) -> String {
    let mut text = text.to_owned();
    for _ in 0..1 + random.below(6) {
        let places = boundaries(&text);
        if places.is_empty() {
            break;
        }
        let at = places[random.below(places.len())];
        let space = text[at..].bytes().take_while(u8::is_ascii_whitespace).count();
        let new = random.pick(&["", " ", "\n", "   ", "\n\n\n", "\n      ", " \t ", "\r\n"]);
        text.replace_range(at..at + space, new);
    }
    text
}

/// Puts a comment in one or two places.
pub(super) fn comments(random: &mut Random, text: &str) -> String {
    let mut text = text.to_owned();
    for number in 0..1 + random.below(3) {
        let places = boundaries(&text);
        if places.is_empty() {
            break;
        }
        let at = places[random.below(places.len())];
        let comment = match random.below(6) {
            0 => format!("// line {number}\n"),
            1 => format!(" // line {number}\n"),
            2 => format!("\n// line {number}\n"),
            3 => format!("/* block {number} */"),
            4 => format!(" /* block {number} */ "),
            _ => format!("/* block\n    {number} */"),
        };
        text.insert_str(at, &comment);
    }
    text
}
