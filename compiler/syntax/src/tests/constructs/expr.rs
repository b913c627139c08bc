//! Expressions: operators, calls, lambdas, literals.

use super::{check, fails};

#[test]
fn operators_bind_by_their_level() {
    check("a ?? b or c and not d == e", "(?? a (or b (and c (not (== d e)))))");
    check("a + b * c ** d ** e", "(+ a (* b (** c (** d e))))");
    check("-a ** 2", "(** (- a) 2)");
    check("!a == b", "(not (== a b))");
    check("a & m == 0", "(& a (== m 0))");
    check("a | b ^ c & d", "(| a (^ b (& c d)))");
    check("1 < x <= 3", "(chain 1 < x <= 3)");
    check("a in b and c not in d", "(and (in a b) (not in c d))");
    check("x is Circle or y is not nil", "(or (is x Circle) (is-not y nil))");
    check("a..b + 1", "(.. a (+ b 1))");
    check("1..=n", "(..= 1 n)");
    check("a >> 2 >>> 3 << 1", "(<< (>>> (>> a 2) 3) 1)");
    check("xs ++ [x] ++ ys", "(++ (++ xs (list x)) ys)");
    check("~a + b", "(+ (~ a) b)");
    check("a |> f ?? b", "(|> a (?? f b))");
    check("await f() |> g()", "(|> (await (call f)) (call g))");
    check("not a in b", "(not (in a b))");
}

#[test]
fn a_complete_expression_ends_with_its_line() {
    check(
        r#"x = foo
-1"#,
        r#"(= x foo)
(- 1)"#,
    );
    check(
        r#"x = foo
[1]"#,
        r#"(= x foo)
(list 1)"#,
    );
    check(
        r#"x = foo
(1)"#,
        r#"(= x foo)
(paren 1)"#,
    );
    check(
        r#"x = a
  + b
  |> f
  .g
  ?.h
  ?? c"#,
        "(= x (|> (+ a b) (?? (?. (. f g) h) c)))",
    );
    check(
        r#"x = a -
  b"#,
        "(= x (- a b))",
    );
    check(
        r#"x = (a
  - b)"#,
        "(= x (paren (- a b)))",
    );
    check(
        r#"x = y
<p>"a"</p>"#,
        r#"(= x y)
(<p> ({} "a"))"#,
    );
    check(
        r#"x = y
< z"#,
        "(= x (< y z))",
    );
    check(
        r#"x = a
and b"#,
        "(= x (and a b))",
    );
}

#[test]
fn calls_take_names_spreads_and_columns() {
    check("f(a, name: b, ...c)", "(call f a (name: b) (... c))");
    check("f(type: 1, if: 2)", "(call f (type: 1) (if: 2))");
    check("f(.age > 3 and .x, _)", "(call f (implicit (and (> (. it age) 3) (. it x))) _)");
    check("f(.full = .a + .b)", "(call f (full: (implicit (+ (. it a) (. it b)))))");
    check(
        r#"f(
  a,
  b,
)"#,
        "(call f a b)",
    );
    check("f(a)(b)?.c?", "(? (?. (call (call f a) b) c))");
}

#[test]
fn pipes_keep_their_steps() {
    check(
        "xs |> f(_, 1) |> .name |> .m(2) |> o.g(3)?",
        "(|> (|> (|> (|> xs (call f _ 1)) (implicit (. it name))) (implicit (call (. it m) 2))) (? (call (. o g) 3)))",
    );
    check("x |> fn(y) y |> z", "(|> x (lambda (y) (|> y z)))");
    check(
        "xs |> where(.active == true) |> sortBy(.name)",
        "(|> (|> xs (call where (implicit (== (. it active) true)))) (call sortBy (implicit (. it name))))",
    );
}

#[test]
fn every_spelling_of_a_lambda() {
    check("x = fn(a, b) a + b", "(= x (lambda (a b) (+ a b)))");
    check("x = fn(a) { a }", "(= x (lambda (a) (do a)))");
    check("x = fn() n += 1", "(= x (lambda () (do (+= n 1))))");
    check("x = fn(e) o.x = 1", "(= x (lambda (e) (do (= (. o x) 1))))");
    check("x = async fn(u) { get(u) }", "(= x (lambda (u) (do (call get u))))");
    check("x => x + 1", "(lambda (x) (+ x 1))");
    check("x -> x", "(lambda (x) x)");
    check("(a, b = 2) => a", "(lambda (a (b (= 2))) a)");
    check("(a: Int) -> a", "(lambda ((a Int)) a)");
    check("() => 1", "(lambda () 1)");
    check("x = fn(a: Int) -> Int { a }", "(= x (lambda ((a Int)) (-> Int) (do a)))");
    check(
        "x = fn({a, b}, [c, ...d]: T, ...rest) a",
        "(= x (lambda ((record (a: a) (b: b)) ((list c (... d)) T) (... rest)) a))",
    );
    check("_ => 1", "(lambda (_) 1)");
    check("f(fn(x) x, y => y)", "(call f (lambda (x) x) (lambda (y) y))");
}

#[test]
fn braces_after_an_arrow_are_a_block_or_a_record() {
    check("f(x => { a: x })", "(call f (lambda (x) (record (a: x))))");
    check(
        r#"f(x => { a = x
  a })"#,
        "(call f (lambda (x) (do (= a x) a)))",
    );
    check("f(x => { x })", "(call f (lambda (x) (do x)))");
    check("f(x => { ...x, b: 1 })", "(call f (lambda (x) (record (... x) (b: 1))))");
    check("f(x => { a, b })", "(call f (lambda (x) (record a b)))");
    check("f(x => {})", "(call f (lambda (x) (do)))");
    check("x = fn(x) {}", "(= x (lambda (x) (do)))");
    check("x = fn(x) { { a: x } }", "(= x (lambda (x) (do (record (a: x)))))");
}

#[test]
fn records_and_blocks_are_told_apart() {
    check("x = {}", "(= x (record))");
    check(
        r#"x = { a: 1, "b c": 2, [k]: 3, ...r, name }"#,
        r#"(= x (record (a: 1) ("b c": 2) ((key k) 3) (... r) name))"#,
    );
    check("x = { type: 1, if: 2, default: 3 }", "(= x (record (type: 1) (if: 2) (default: 3)))");
    check(
        r#"x = { a = 1
  a }"#,
        "(= x (do (= a 1) a))",
    );
    check(
        r#"x = {
  a: 1
  b: 2
}"#,
        "(= x (record (a: 1) (b: 2)))",
    );
    check(r#"{ error: "x" }"#, r#"(record (error: "x"))"#);
    check("{ a, b }", "(record a b)");
    check("{ a }", "(record a)");
    check("x = { f() }", "(= x (do (call f)))");
}

#[test]
fn comprehensions() {
    check("[x * 2 for x in xs if x > 1]", "(list-for (* x 2) x (in xs) (if (> x 1)))");
    check("[a for i, a in xs]", "(list-for a i a (in xs))");
    check("{ k: v for k, v in m if v }", "(record-for k v k v (in m) (if v))");
    check("{ f(k): 1 for k in ks }", "(record-for (call f k) 1 k (in ks))");
}

#[test]
fn access() {
    check("a.b?.c[0].type", "(. (index (?. (. a b) c) 0) type)");
    check("t.0.1", "(. (. t 0) 1)");
    check("xs[1:2]", "(slice xs 1 2 _)");
    check("xs[:b]", "(slice xs _ b _)");
    check("xs[a:]", "(slice xs a _ _)");
    check("xs[::s]", "(slice xs _ _ s)");
    check("xs[a:b:s]", "(slice xs a b s)");
    check("30.seconds", "(. 30 seconds)");
    check("(n + 1).megabytes", "(. (paren (+ n 1)) megabytes)");
    check("MAX.hours", "(. MAX hours)");
    check("r[/a/.test(s)]", r#"(index r (call (. (regex "a" ) test) s))"#);
}

#[test]
fn numbers() {
    check("1_000", "1000");
    check("0xFF_ff", "65535");
    check("0b101", "5");
    check("0o17", "15");
    check("1.5", "1.5");
    check("1e6", "1000000.0");
    check("2.5E-3", "0.0025");
    check("-9223372036854775808", "-9223372036854775808");
    check("1..5", "(.. 1 5)");
}

#[test]
fn strings() {
    check(r#""a {b} c""#, r#"(template "a " b " c")"#);
    check("'a {b}'", r#""a {b}""#);
    check(r#"r"\d{2}""#, r#""\\d{2}""#);
    check(r#"f"{a}""#, "(template a)");
    check(
        r#""v={m["k"]} {f({ a: 1 })} \{x\} \d\n""#,
        r#"(template "v=" (index m "k") " " (call f (record (a: 1))) " {x} \\d\n")"#,
    );
    check(r#""{"{"{a}"}"}""#, "(template (template (template a)))");
    check(
        r#"x = """
    a
      {b}
    c
    """"#,
        r#"(= x (template "a\n  " b "\nc"))"#,
    );
    check(
        r#""a
b""#,
        r#""a\nb""#,
    );
    check(r#""{.first} {.last}""#, r#"(implicit (template (. it first) " " (. it last)))"#);
    check(r#"f("{.first} {.last}")"#, r#"(call f (implicit (template (. it first) " " (. it last))))"#);
}

#[test]
fn regular_expressions_stand_where_values_do() {
    check("x = /a[/]b/gi", r#"(= x (regex "a[/]b" gi))"#);
    check("f(/a/)", r#"(call f (regex "a" ))"#);
    check("a / b / c", "(/ (/ a b) c)");
    check("/x/.test(s)", r#"(call (. (regex "x" ) test) s)"#);
}

#[test]
fn control_flow_has_values() {
    check(
        "x = if a { 1 } elif b { 2 } else if c { 3 } else { 4 }",
        "(= x (if a (do 1) b (do 2) c (do 3) (else (do 4))))",
    );
    check(
        "x = try { f() } catch e { 1 } finally { g() }",
        "(= x (try (do (call f)) (catch e (do 1)) (finally (do (call g)))))",
    );
    check("x = try { f() } catch { 1 }", "(= x (try (do (call f)) (catch (do 1))))");
    check("x = match y { 1 => 2, _ => 3 }", "(= x (match y (=> 1 2) (=> _ 3)))");
    check(r#"throw "bad""#, r#"(call throw "bad")"#);
    check("[if a { 1 } else { 2 }]", "(list (if a (do 1) (else (do 2))))");
}

#[test]
fn views_are_values() {
    check(r#"x = <p>"a"</p>"#, r#"(= x (<p> ({} "a")))"#);
    check("f(<A />)", "(call f (<A>))");
    check("xs |> map(fn(x) <li>{x}</li>)", "(|> xs (call map (lambda (x) (<li> ({} x)))))");
    check("x = fn(x) { <li/> }", "(= x (lambda (x) (do (<li>))))");
    check("x = a < b", "(= x (< a b))");
    check("match a { 1 => <p/>, _ => <b/> }", "(match a (=> 1 (<p>)) (=> _ (<b>)))");
}

#[test]
fn mistakes_in_expressions_are_named() {
    fails("x = 1 +", "E0007", "expected a value, found the end of the file");
    fails("x = (1", "E0003", "expected `)`, found the end of the file");
    fails("f(1 2)", "E0001", "expected `,`, found `2`");
    fails("x = 12abc", "E0004", "`12abc` is not a number");
    fails("x = 0x", "E0004", "`0x` is not a number");
    fails("x = 9223372036854775808", "E0004", "`9223372036854775808` is too large for an `Int`");
    fails(r#"x = "a"#, "E0002", "this string is never closed");
    fails(
        r#"x = "a
y = "b""#,
        "E0002",
        "this string is never closed",
    );
    fails(r#"x = "{}""#, "E0007", "expected a value between the braces of this string");
    fails(r#"x = "a {b""#, "E0003", "this `{` in a string is never closed");
    fails("x = a b", "E0001", "expected the end of the statement, found `b`");
    fails("f(,)", "E0007", "expected a value, found `,`");
    fails("x = [1, 2", "E0003", "expected `]`, found the end of the file");
    fails("x = { a: 1 b: 2 }", "E0001", "expected `,`, found `b`");
    fails("x = # 1", "E0005", "the character `#` has no meaning here");
    fails("x = 1 /* a", "E0006", "this comment is never closed");
}
