use super::Repl;

#[test]
fn open_inputs_go_on() {
    for open in ["fn f(x) {", "xs = [1,", "print(", "match 3 {\n  1 => 2"] {
        assert!(!Repl::is_complete(open), "{open}");
    }
    for whole in ["1 + 1", "fn f(x) { x }", "x = [1, 2]", "print(\"a\")", "1 +* 2", ""] {
        assert!(Repl::is_complete(whole), "{whole}");
    }
}
