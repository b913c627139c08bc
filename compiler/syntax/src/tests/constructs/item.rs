//! Declarations that every place may hold.

use super::{check, fails};

#[test]
fn functions() {
    check("fn f(a, b: Int = 1) -> Int { a }", "(fn f (a (b Int (= 1))) (-> Int) (do a))");
    check("async fn f() {}", "(fn async f () (do))");
    check("fn f<T, U>(x: T) -> U { x }", "(fn f (types T U) ((x T)) (-> U) (do x))");
    check("pub fn f() {}", "(pub (fn f () (do)))");
    check("export fn f() {}", "(pub (fn f () (do)))");
    check("@fast @wasm(1) fn f() {}", "((@fast) (@wasm 1) (fn f () (do)))");
    check(
        r#"/// Adds.
/// Well.
fn f() {}"#,
        r#"((doc "Adds.\nWell.") (fn f () (do)))"#,
    );
    check("fn f(...xs: [Int]) {}", "(fn f ((... (xs (list Int)))) (do))");
}

#[test]
fn types() {
    check("type A { id: Int, name: String }", "(type A (field id Int) (field name String))");
    check(
        r#"type A {
  type: String
  if: Int = 1
}"#,
        "(type A (field type String) (field if Int (= 1)))",
    );
    check(
        "type S { Dot  Disc(r: Float)  Box(w: Float, h: Float) }",
        "(type S (variant Dot) (variant Disc (r Float)) (variant Box (w Float) (h Float)))",
    );
    check(
        "type T<A> { Leaf(v: A), Node(l: T<A>, r: T<A>) }",
        "(type T (types A) (variant Leaf (v A)) (variant Node (l (T A)) (r (T A))))",
    );
    check("type E { Add(Expr, Expr), Neg(e), Lit }", "(type E (variant Add Expr Expr) (variant Neg e) (variant Lit))");
    check("type L = Low | Mid | High", "(type L (= (| Low Mid High)))");
    check("type R = Circle(r: Float) | Dot", "(type R (variant Circle (r Float)) (variant Dot))");
    check(
        r#"type P { a: String { required, min(2, "short") } } derive [Eq, Show]"#,
        r#"(type P (field a String (rule required) (rule min 2 "short")) (derive Eq Show))"#,
    );
    check(
        r#"type H {
  /// Opens.
  @set
  onopen: fn()
  close: fn(Int) -> Bool
}"#,
        "(type H (field (@set) onopen (fn () (tuple))) (field close (fn (Int) Bool)))",
    );
}

#[test]
fn type_expressions() {
    check("type X = (A, [B], C?) -> D", "(type X (= (fn (A (list B) (? C)) D)))");
    check("type X = fn(A) -> B", "(type X (= (fn (A) B)))");
    check("type X = { a: Int, b: [A | B] }", "(type X (= (record (a: Int) (b: (list (| A B))))))");
    check("type X = Map<[Int], Option<Int>>", "(type X (= (Map (list Int) (Option Int))))");
    check("type X = (Int)", "(type X (= Int))");
    check("type X = ()", "(type X (= (tuple)))");
    check("type X = _", "(type X (= _))");
    check("x: Option<Int>= 1", "(= x (: (Option Int)) 1)");
}

#[test]
fn methods() {
    check("impl T { fn a(self) { self.x }  fn b() -> T }", "(impl T (fn a (self) (do (. self x))) (fn b () (-> T)))");
    check(
        r#"impl Show for T { fn show(self) -> String { "" } }"#,
        r#"(impl Show T (fn show (self) (-> String) (do "")))"#,
    );
    check("impl<T> List<T> {}", "(impl (params T) (List T))");
    check(
        r#"trait Named { fn name(self) -> String  fn hi(self) { "hi" } }"#,
        r#"(trait Named (fn name (self) (-> String)) (fn hi (self) (do "hi")))"#,
    );
    check("interface I { fn a() }", "(trait I (fn a ()))");
}

#[test]
fn imports() {
    check(r#"import { a, b as c } from "./m""#, r#"(import a (as b c) "./m")"#);
    check(r#"import * as m from "./m""#, r#"(import (* m) "./m")"#);
    check(r#"import d from "x""#, r#"(import (default d) "x")"#);
}

#[test]
fn blocks() {
    check("shared {}", "(shared)");
    check("server { fn f() {} }", "(server (fn f () (do)))");
    check(r#"server "api" {}"#, r#"(server "api")"#);
    check("browser {}", "(client)");
    check("client { x = 1 }", "(client (= x 1))");
    check(r#"test "a" { assert(true) }"#, r#"(test "a" (do (call assert true)))"#);
    check(r#"test "a" timeout=500 { f() }"#, r#"(test "a" (timeout 500) (do (call f)))"#);
    check("test timeout=2.seconds { f() }", "(test (timeout (. 2 seconds)) (do (call f)))");
    check(
        "test { before_each { a() } after_each { b() } c() }",
        "(test (do (before_each (do (call a))) (after_each (do (call b))) (call c)))",
    );
    check("before_each { a() }", "(before_each (do (call a)))");
    check(r#"bench "b" { f() }"#, r#"(bench "b" (do (call f)))"#);
    check("bench { f() }", "(bench (do (call f)))");
    check("f(test, bench, before_each)", "(call f test bench before_each)");
    check("test(1)", "(call test 1)");
    check("server { ... }", "(server)");
}

#[test]
fn mistakes_in_declarations_are_named() {
    fails("fn (a) { a }", "E0001", "expected the name of the function, found `(`");
    fails("fn f { a }", "E0001", "expected `(` and the parameters, found `{`");
    fails("fn f(a: ) { a }", "E0001", "expected a type, found `)`");
    fails("type T { x Int }", "E0001", "expected `:`, found `Int`");
    fails("pub 1 +", "E0001", "expected the end of the statement, found `1`");
    fails("compnent App { <p/> }", "E0009", "`compnent` does not begin a declaration");
    fails(r#"schedule "x" cron("* * * * *") { f() }"#, "E0009", "`schedule` does not begin a declaration");
    fails(r#"import { a } "m""#, "E0001", "expected `from` and a path, found a string");
    fails("@x 1", "E0001", "expected a declaration, found `1`");
}
