//! Statements and patterns.

use super::{check, fails};

#[test]
fn bindings() {
    check("x = 1", "(= x 1)");
    check("let x = 1", "(let x 1)");
    check("mut x = 1", "(mut x 1)");
    check("var a, b = 1, 2", "(mut a b 1 2)");
    check("let (a, b) = p", "(let (tuple a b) p)");
    check(
        "let { user: { name }, port = 80 } = d",
        "(let (record (user: (record (name: name))) (port: port (= 80))) d)",
    );
    check("x: Int = 1", "(= x (: Int) 1)");
    check("mut x: [Int] = []", "(mut x (: (list Int)) (list))");
    check("lo, hi = 1, 9", "(= lo hi 1 9)");
    check("a, b = b, a", "(= a b b a)");
    check("let mut x = 1", "(mut x 1)");
}

#[test]
fn patterns_to_the_left_of_an_equals_sign() {
    check("{a, b: c, d = 1} = o", "(= (record (a: a) (b: c) (d: d (= 1))) o)");
    check("[h, _, ...t] = row", "(= (list h _ (... t)) row)");
    check("(x, y) = p", "(= (tuple x y) p)");
}

#[test]
fn places() {
    check("o.x = 1", "(= (. o x) 1)");
    check("xs[0] += 1", "(+= (index xs 0) 1)");
    check("a.b[c].d -= 1", "(-= (. (index (. a b) c) d) 1)");
    check("n *= 2", "(*= n 2)");
    check("n /= 2", "(/= n 2)");
    check("n &= 1", "(&= n 1)");
    check("n |= 1", "(|= n 1)");
    check("n ^= 1", "(^= n 1)");
    check("n <<= 1", "(<<= n 1)");
    check("_ = f()", "(= _ (call f))");
}

#[test]
fn loops() {
    check("for x in xs { f(x) }", "(for x (in xs) (do (call f x)))");
    check(
        "for i, x in xs when i > 0 { f(x) } else { g() }",
        "(for i x (in xs) (when (> i 0)) (do (call f x)) (else (do (call g))))",
    );
    check("for [a, b] in ps {}", "(for (list a b) (in ps) (do))");
    check("for {a, b} in ps {}", "(for (record (a: a) (b: b)) (in ps) (do))");
    check("for (a, b) in ps {}", "(for (tuple a b) (in ps) (do))");
    check("while a { break }", "(while a (do (break)))");
    check("loop { continue }", "(loop (do (continue)))");
    check("outer: for x in xs { break outer }", "(for outer: x (in xs) (do (break outer)))");
    check("outer: while a { continue outer }", "(while outer: a (do (continue outer)))");
    check("async for x in c {}", "(for x (in c) (do))");
}

#[test]
fn leaving() {
    check("fn f() { return }", "(fn f () (do (return)))");
    check(r#"fn f() { return { error: "x" } }"#, r#"(fn f () (do (return (record (error: "x")))))"#);
    check(
        r#"fn f() { return
  1 }"#,
        "(fn f () (do (return) 1))",
    );
    check("guard a else { return }", "(guard a (do (return)))");
    check("defer close()", "(defer (do (call close)))");
    check("defer { a() }", "(defer (do (call a)))");
}

#[test]
fn statements_on_one_line() {
    check(
        "a = 1; b = 2",
        r#"(= a 1)
(= b 2)"#,
    );
    check("fn f() { a = 1; a }", "(fn f () (do (= a 1) a))");
    check(
        "if a { b } c",
        r#"(if a (do b))
c"#,
    );
    check("fn f() { ... }", "(fn f () (do))");
}

#[test]
fn arms() {
    check(
        r#"match v {
  0 | 1 => "low"
  n if n < limit => n
  -5..0 => a
  1..=3 => { total += 1 }
  -1 => b
}"#,
        r#"(match v (=> (| 0 1) "low") (=> n (if (< n limit)) n) (=> -5..0 a) (=> 1..=3 (do (+= total 1))) (=> -1 b))"#,
    );
    check(
        "match v { [] => 0, [x, ...rest] => 1, (a, _) => 2 }",
        "(match v (=> (list) 0) (=> (list x (... rest)) 1) (=> (tuple a _) 2))",
    );
    check(
        r#"match v { {role: "admin", name} => name }"#,
        r#"(match v (=> (record (role: "admin") (name: name)) name))"#,
    );
    check(r#"match v { "/api" ++ rest => rest }"#, r#"(match v (=> (prefix "/api" rest) rest))"#);
    check(
        "match v { Circle(r: q) => q, Ok(Some(_)) => 1, Color.Red => 2, None => 3 }",
        "(match v (=> (Circle (r: q)) q) (=> (Ok (Some _)) 1) (=> (Red) 2) (=> (None) 3))",
    );
    check(
        "match v { s: String => s, nil => 0, true => 1, 2.5 => 2 }",
        "(match v (=> (: s String) s) (=> nil 0) (=> true 1) (=> 2.5 2))",
    );
    check(
        "match v { 1 => x = 2, 2 => return 5, 3 => break }",
        "(match v (=> 1 (do (= x 2))) (=> 2 (do (return 5))) (=> 3 (do (break))))",
    );
    check(
        "match v { 1 => { a: 1, b: 2 }, 2 => { f() }, 3 => {} }",
        "(match v (=> 1 (record (a: 1) (b: 2))) (=> 2 (do (call f))) (=> 3 (do)))",
    );
    check(
        r#"match v {
  true => f(x)
  false => nil
}"#,
        "(match v (=> true (call f x)) (=> false nil))",
    );
}

#[test]
fn words_are_names_where_nothing_else_is_meant() {
    check("type = 1", "(= type 1)");
    check("state = 2", "(= state 2)");
    check("f(type, from, store)", "(call f type from store)");
    check("e.type.match.if", "(. (. (. e type) match) if)");
    check("server.list()", "(call (. server list))");
    check("data.x", "(. data x)");
    check(r#"env("A")"#, r#"(call env "A")"#);
    check("health()", "(call health)");
    check("port = 3", "(= port 3)");
    check("test = 1", "(= test 1)");
    check("fn type(state, store) { state }", "(fn type (state store) (do state))");
    check("for route in routes { route }", "(for route (in routes) (do route))");
    check("form { a: 1 }", "(config form (a 1))");
}

#[test]
fn mistakes_in_statements_are_named() {
    fails("if x = 1 { y }", "E0001", "expected `==`, found `=`");
    fails("for x of xs { }", "E0001", "expected `in`, found `of`");
    fails("guard x { }", "E0001", "expected `else`, found `{`");
    fails("const x = 1", "E0001", "expected the end of the statement, found `x`");
    fails("function f() { }", "E0001", "expected the end of the statement, found `f`");
    fails("else { }", "E0001", "expected a statement, found `else`");
    fails("1 = x", "E0001", "this cannot stand to the left of `=`");
    fails("f() = 1", "E0001", "this cannot stand to the left of `=`");
    fails("let x", "E0001", "expected `=` and a value, found the end of the file");
    fails("match x { 1 -> 2 }", "E0001", "expected `=>`, found `->`");
    fails("while { }", "E0007", "expected a condition, found `{`");
    fails("try { f() }", "E0001", "expected `catch`, found the end of the file");
    fails("}", "E0001", "expected a declaration or a statement, found `}`");
    fails("fn f() {", "E0003", "expected `}`, found the end of the file");
    fails("if a { b } else c", "E0001", "expected `{` to begin `else`, found `c`");
}
