//! Declarations of client blocks.

use super::{check, fails};

#[test]
fn state() {
    check("client { state n = 0 }", "(client (state n 0))");
    check("client { state xs: [Item] = [] }", "(client (state xs (: (list Item)) (list)))");
    check("client { computed n = a + b }", "(client (computed n (+ a b)))");
    check("client { computed n: Int = a }", "(client (computed n (: Int) a))");
}

#[test]
fn effects_and_hooks() {
    check("client { effect { a = b } }", "(client (effect (do (= a b))))");
    check("client { onMount fn() { f() } }", "(client (onMount (lambda () (do (call f)))))");
    check("client { onMount { f() } }", "(client (onMount (lambda () (do (call f)))))");
    check("client { onCleanup(stop) }", "(client (onCleanup stop))");
    check("client { onMount(fn() f()) }", "(client (onMount (lambda () (call f))))");
}

#[test]
fn stores() {
    check(
        r#"client { store Cart { state items = []
  fn add(x) { items = items ++ [x] } } }"#,
        "(client (store Cart (state items (list)) (fn add (x) (do (= items (++ items (list x)))))))",
    );
}

#[test]
fn components() {
    check("client { component App { <p/> } }", "(client (component App () (do (<p>))))");
    check(
        r#"client { component Card({ title }: Props, n = 1) { x = 1
  <p/>
  <b/> } }"#,
        "(client (component Card (((record (title: title)) Props) (n (= 1))) (do (= x 1) (<p>) (<b>))))",
    );
    check("client { component D.Title { <p/> } }", "(client (component D.Title () (do (<p>))))");
    check(
        r#"client { component A { style { .a { color: red; } /* } */ .b::after { content: "}" } } <p/> } }"#,
        r#"(client (component A () (do (style " .a { color: red; } /* } */ .b::after { content: \"}\" } ") (<p>))))"#,
    );
}

#[test]
fn mistakes_in_clients_are_named() {
    fails("client { state x }", "E0001", "expected `=` and a value, found `}`");
    fails(
        r#"client {
  state x =
  state y = 1
}"#,
        "E0007",
        "expected a value, found the end of the line",
    );
}
