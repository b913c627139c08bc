//! What the intermediate program of a text looks like.

use tova_check::Library;
use tova_source::SourceMap;

/// The program of a text, which must be free of errors and well formed.
fn lowered(text: &str) -> String {
    let (printed, codes) = lower(text);
    assert!(codes.is_empty(), "{codes:?}");
    printed
}

/// The program as text, and the codes of the problems.
fn lower(text: &str) -> (String, Vec<String>) {
    let mut sources = SourceMap::default();
    let library = Library::load(&mut sources);
    let file = sources.add("test.tova", text);
    let parsed = tova_syntax::parse(file, text, library.end());
    let modules = [parsed.module];
    let checked = tova_check::check(&library, &modules, parsed.next);
    let found = parsed.diagnostics.iter().chain(&checked.diagnostics).filter(|diagnostic| diagnostic.is_error());
    let mut codes: Vec<String> = found.map(|diagnostic| diagnostic.code.to_string()).collect();
    let lowered = tova_ir::lower(&checked);
    assert!(lowered.problems.is_empty(), "{:?}", lowered.problems);
    codes.extend(lowered.diagnostics.iter().map(|diagnostic| diagnostic.code.to_string()));
    (tova_ir::print(&lowered.program), codes)
}

/// The lines of one function.
fn function(printed: &str, name: &str) -> String {
    let start = format!("fn {name}(");
    let mut lines = printed.lines().skip_while(|line| !line.contains(&start) || line.starts_with(' '));
    let mut out = String::new();
    for line in lines.by_ref() {
        out.push_str(line);
        out.push('\n');
        if line == "}" {
            break;
        }
    }
    out
}

#[test]
fn a_flat_match_is_one_switch() {
    let printed = lowered(
        "type Shape { Circle(r: Float) Dot }\nfn area(s: Shape) -> Float { match s {\n Circle(r) => r * r\n Dot => 0.0 } }\nprint(area(Dot))",
    );
    let expected = "fn area(s.0: Shape) -> Float {\n  switch s.0 {\n  Circle(r.1) {\n    Mul(r.1, r.1)\n  }\n  Dot() {\n    0.0\n  }\n  }\n}\n";
    assert_eq!(function(&printed, "area"), expected);
}

#[test]
fn a_failing_guard_falls_through_to_the_arms_below() {
    let printed = lowered(
        "fn f(r: Result<Int, String>) -> Int { match r {\n Ok(n) if n > 1 => 1\n Err(_) => 2\n other => 3 } }\nprint(f(Ok(1)))",
    );
    let text = function(&printed, "f");
    assert!(text.contains("break '0 1"), "{text}");
    assert!(text.contains("break '0 2"), "{text}");
    assert!(text.trim_end().ends_with("3\n  }\n}"), "{text}");
}

#[test]
fn no_body_of_an_arm_is_made_twice() {
    let printed = lowered(
        "fn f(a: Int, b: Int) -> String { match (a, b) {\n (0, _) | (_, 0) => \"edge\"\n (1, 1) => \"one\"\n _ => \"rest\" } }\nprint(f(0, 1))",
    );
    let text = function(&printed, "f");
    for word in ["edge", "one", "rest"] {
        assert_eq!(text.matches(word).count(), 1, "{text}");
    }
}

#[test]
fn functions_given_to_the_library_are_substituted() {
    let printed =
        lowered("fn f(xs: [Int]) -> [Int] { xs |> filter(fn(x) x > 1) |> map(fn(y) y * 2) }\nprint(f([1, 2]))");
    let text = function(&printed, "f");
    assert!(!text.contains("fn(") && !text.contains("call"), "{text}");
    assert_eq!(text.matches("for ").count(), 2, "{text}");
}

#[test]
fn a_return_in_a_substituted_function_leaves_it_alone() {
    let printed = lowered("fn f(xs: [Int]) -> [Int] { xs |> map(fn(x) { if x > 1 { return 0 }\n x }) }\nprint(f([1]))");
    let text = function(&printed, "f");
    assert!(text.contains("break") && !text.contains("return"), "{text}");
}

#[test]
fn variables_that_closures_update_are_shared() {
    let printed =
        lowered("fn counter() -> fn() -> Int {\n mut n: Int = 0\n fn() { n += 1\n n }\n}\nprint(counter()())");
    let text = function(&printed, "counter");
    assert!(text.contains("let &n.0 = 0") && text.contains("[&n.0]"), "{text}");
}

#[test]
fn variables_that_substituted_functions_update_are_not_shared() {
    let printed =
        lowered("fn total(xs: [Int]) -> Int {\n mut n: Int = 0\n xs.each(fn(x) n += x)\n n\n}\nprint(total([1]))");
    let text = function(&printed, "total");
    assert!(text.contains("let ~n.") && !text.contains('&'), "{text}");
}

#[test]
fn present_values_and_nil_become_options() {
    let printed = lowered("fn f(n: Int) -> Int? { if n > 0 { n } else { nil } }\nprint(f(1))");
    let text = function(&printed, "f");
    assert!(text.contains("some(n.0)") && text.contains("nil"), "{text}");
}

#[test]
fn ints_widen_where_floats_are_asked_for() {
    let printed = lowered("fn f(n: Int) -> Float { n / 2 + n }\nprint(f(1))");
    assert!(function(&printed, "f").contains("Add(Div(IntToFloat(n.0), 2.0), IntToFloat(n.0))"), "{printed}");
}

#[test]
fn calls_of_a_server_wait_and_handlers_around_them_too() {
    let printed = lowered(
        "server { fn names() -> [String] { [\"a\"] } }\nclient {\n state xs: [String] = []\n fn load() { xs = server.names() }\n component App { <button on:click={fn() load()}>\"x\"</button> }\n}",
    );
    assert!(printed.contains("client fn load() -> () async throws {\n  ::xs = await rpc names()\n}"), "{printed}");
    assert!(printed.contains("on:click={fn() async throws {\n    await load()"), "{printed}");
}

#[test]
fn what_is_computed_cannot_wait() {
    let (_, codes) = lower(
        "server { fn name() -> String { \"a\" } }\nclient {\n computed text = server.name()\n component App { <p>{text}</p> }\n}",
    );
    assert_eq!(codes, ["E0304"]);
}

#[test]
fn lists_of_nodes_are_keyed_lists() {
    let printed = lowered(
        "client {\n state xs = [1, 2]\n component App { <ul>{xs |> map(fn(x) { double = x * 2\n <li key={x}>{double}</li> })}</ul> }\n}",
    );
    let text = function(&printed, "App");
    assert!(text.contains("each #x.0 in ::xs key #x.0"), "{text}");
    assert!(text.contains("%double.1 = Mul(#x.0, 2)"), "{text}");
}

#[test]
fn matches_of_nodes_switch_and_matches_of_text_do_not() {
    let printed = lowered(
        "client {\n state on = true\n component App { <p>{match on { true => <b>\"x\"</b>\n false => <i>\"y\"</i> }}{match on { true => \"a\"\n false => \"b\" }}</p> }\n}",
    );
    let text = function(&printed, "App");
    assert_eq!(text.matches("show ").count(), 1, "{text}");
    assert_eq!(text.matches("hole if").count(), 1, "{text}");
}

#[test]
fn handlers_bind_their_parameters_and_missing_rows_are_not_found() {
    let printed = lowered(
        "server {\n model User { name: String }\n fn get(id: Int) -> User { User.find(id) }\n route GET \"/u/:id\" => get\n}",
    );
    assert!(printed.contains("GET \"/u/:id\" => get(path id) Found"), "{printed}");
    assert!(printed.contains("server 0 fn get(id.0: Int) -> User? throws"), "{printed}");
}

#[test]
fn middleware_returns_an_optional_reply() {
    let printed = lowered(
        "server {\n middleware auth(req, res) {\n  guard req.headers[\"a\"] != nil else { res.status(401)\n return { error: \"no\" } }\n }\n route GET \"/\" => fn() \"x\"\n}",
    );
    let text = function(&printed, "auth");
    assert!(text.contains("-> RecordError?"), "{text}");
    assert!(text.contains("return some(RecordError(\"no\"))"), "{text}");
    assert!(text.trim_end().ends_with("nil\n}"), "{text}");
}

#[test]
fn shared_constants_are_computed_where_they_are_used() {
    let printed = lowered("shared { LIMIT = 3 }\nserver {\n twice = LIMIT * 2\n route GET \"/\" => fn() twice\n}");
    assert!(printed.contains("globals LIMIT, twice"), "{printed}");
}

#[test]
fn the_same_text_gives_the_same_program() {
    let text = "print([1, 2] |> map(fn(x) \"{x}\") |> join(\"-\"), { a: 1 })";
    assert_eq!(lowered(text), lowered(text));
}

#[test]
fn guards_of_a_route_protect_the_function_for_clients_too() {
    let printed = lowered(
        "server {\n middleware auth(req, res) {\n  guard req.headers[\"a\"] != nil else { res.status(401)\n return { error: \"no\" } }\n }\n fn secret() -> String { \"s\" }\n route GET \"/s\" with auth => secret\n}\nclient {\n state s = \"\"\n effect { s = server.secret() }\n component App { <p>{s}</p> }\n}",
    );
    assert!(printed.contains("rpc secret() -> Str Value = secret on server 0 with auth"), "{printed}");
    assert!(printed.contains("GET \"/s\" with auth"), "{printed}");
}

#[test]
fn an_effect_keeps_a_read_whose_value_it_does_not_use() {
    let printed =
        lowered("client {\n component App {\n  state n = 0\n  effect { n\n print(\"changed\") }\n  <p>{n}</p>\n }\n}");
    assert!(function(&printed, "App").contains("effect() [$n.0] {\n    $n.0\n"), "{printed}");
}
