//! Texts that are too much, or not Tova at all.

use tova_source::FileId;

use crate::Parsed;
use crate::ast::NodeId;

fn parse(text: &str) -> Parsed {
    crate::parse(FileId(0), text, NodeId(0))
}

/// Deep and tall trees must be refused before they overflow the stack, here or when they are dropped.
#[test]
fn deep_nesting_is_reported_once() {
    // The stack of a program's main thread; frames are large without optimisation.
    let thread = std::thread::Builder::new().stack_size(8 << 20).spawn(refuse_deep_texts);
    thread.expect("a thread can be started").join().expect("no text overflows the stack");
}

fn refuse_deep_texts() {
    let deep = 20_000;
    let around = |open: &str, close: &str| format!("x = {}1{}", open.repeat(deep), close.repeat(deep));
    let texts = [
        around("(", ")"),
        around("[", "]"),
        around("{ a: ", "}"),
        around("f(", ")"),
        around("-", ""),
        around("not ", ""),
        around("fn(a) ", ""),
        around("a => ", ""),
        around("if a { ", "}"),
        format!("x: {}Int{} = 1", "[".repeat(deep), "]".repeat(deep)),
        format!("match x {{ {}a{} => 1 }}", "[".repeat(deep), "]".repeat(deep)),
        "{".repeat(deep),
        "fn f() {".repeat(deep),
        "client {".repeat(deep),
        "x = <a>".repeat(deep),
        "<a>{".repeat(deep),
        format!("<a>{}</a>", "<b>".repeat(deep)),
        format!("x = {}", vec!["a"; deep].join(" + ")),
        format!("x = {}", vec!["a"; deep].join(" ** ")),
        format!("x = a{}", ".b".repeat(deep)),
        format!("x = a{}", "()".repeat(deep)),
        format!("x = {}", vec!["a"; deep].join(" |> ")),
    ];
    for text in texts {
        let parsed = parse(&text);
        let reports = parsed.diagnostics.iter().filter(|problem| problem.code.as_str() == "E0010").count();
        let shown: String = text.chars().take(20).collect();
        assert_eq!(reports, 1, "{shown}");
        let _ = crate::dump(&parsed.module);
    }
}

/// A generator of numbers that needs no crate and is the same on every machine.
struct Random(u64);

impl Random {
    fn below(&mut self, limit: usize) -> usize {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) as usize % limit.max(1)
    }
}

const PIECES: &[&str] = &[
    "{",
    "}",
    "(",
    ")",
    "[",
    "]",
    "<",
    ">",
    "</",
    "/>",
    "<div>",
    "</div>",
    "\"",
    "'",
    "\"\"\"",
    "{x}",
    "=",
    "=>",
    "->",
    ",",
    "\n",
    ".",
    "..",
    "...",
    "?",
    "|>",
    "|",
    "-",
    "/",
    "//",
    "/*",
    "*/",
    "fn",
    "if",
    "else",
    "match",
    "for x in",
    "return",
    "x",
    "Some(",
    "1",
    "1.5",
    "0x",
    "route GET \"/\"",
    "model",
    "state",
    "component App",
    "style {",
    "@",
    "\\",
    "é",
    "\u{a0}",
    "#",
    ":",
    "import",
    "type T",
    "server {",
    "&amp;",
];

#[test]
fn any_mixture_of_pieces_can_be_parsed() {
    let mut random = Random(1);
    for _ in 0..1_000 {
        let count = random.below(40);
        let text: String = (0..count).map(|_| format!("{} ", PIECES[random.below(PIECES.len())])).collect();
        let parsed = parse(&text);
        assert!(
            parsed
                .diagnostics
                .iter()
                .all(|problem| text.get(problem.span.start as usize..problem.span.end as usize).is_some()),
            "{text}"
        );
    }
}

#[test]
fn two_mistakes_in_one_file_are_both_reported() {
    let text = "fn a() {\n  x = \n}\n\nfn b() {\n  y = (1\n  z = 2\n}\n\nfn c() {\n  1 +* 2\n}\n";
    let lines: Vec<usize> = parse(text)
        .diagnostics
        .iter()
        .map(|problem| text[..problem.span.start as usize].matches('\n').count() + 1)
        .collect();
    assert_eq!(lines, [2, 6, 11]);
}

#[test]
fn ids_are_consecutive_from_the_first() {
    use crate::ast::visit::{Visitor, walk_expr};
    use crate::ast::{Expr, Module};

    struct Ids(Vec<u32>);
    impl Visitor for Ids {
        fn expr(&mut self, expr: &Expr) {
            self.0.push(expr.id.0);
            walk_expr(self, expr);
        }
    }
    let ids = |module: &Module| {
        let mut ids = Ids(Vec::new());
        module.items.iter().for_each(|item| ids.item(item));
        ids.0.sort_unstable();
        ids.0
    };
    let text = "x = [1, \"a {b} c\", f(.d, fn(e) e + 1)]";
    let (first, later) = (crate::parse(FileId(0), text, NodeId(0)), crate::parse(FileId(0), text, NodeId(100)));
    let shifted: Vec<u32> = ids(&first.module).iter().map(|id| id + 100).collect();
    assert_eq!(ids(&later.module), shifted);
    assert_eq!(later.next.0, first.next.0 + 100);
    let mut unique = shifted.clone();
    unique.dedup();
    assert_eq!(unique.len(), shifted.len());
}
