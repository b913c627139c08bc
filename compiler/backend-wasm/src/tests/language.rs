use super::run;

#[test]
fn numbers_are_checked_and_shown_alike() {
    let text = r#"
print(1 + 2 * 3, 7 % 3, -7 % 3, 2 ** 10, 7 / 2)
print(9223372036854775807, -9223372036854775807, 9007199254740993, -1000000000000000001)
print(0.1 + 0.2, 1e21, 2.0, -0.0, 1.5e-7)
fn grow(n: Int) -> Int { n * 3 }
mut n = 1
try {
  while true { n = grow(n) }
} catch e {
  print(e.message, n)
}
try { print(1 % (n - n)) } catch e { print(e.message) }
print(div(-7, 2), abs(-3), round(2.5), round(-2.5), floor(-1.5), toFixed(3.14159, 2))
print("12ab".toInt(), "x".toInt(), "9223372036854775808".toInt(), "-9223372036854775808".toInt(), "1.5".toFloat())
"#;
    assert_eq!(
        run(text),
        "7 1 -1 1024 3.5\n9223372036854775807 -9223372036854775807 9007199254740993 -1000000000000000001\n\
         0.30000000000000004 1e+21 2 0 1.5e-7\ninteger overflow 4052555153018976267\ndivision by zero\n\
         -3 3 3 -2 -2 3.14\n12 nil nil -9223372036854775808 1.5\n"
    );
}

#[test]
fn texts_count_scalar_values() {
    let text = r#"
s = "añ😀b"
print(len(s), s[2], s[-1], s[1:3], s.indexOf("b"), s.charAt(9))
print("a,b,,c".split(","), "😀" < "｡", "abc" < "abd")
print("x".padStart(3, "-"), "ab".repeat(2), "Hello".upper(), " t ".trim() ++ "|")
print(["a\"b", "c\n"], "tab\t")
for c in "añ" { print(c) }
"#;
    assert_eq!(
        run(text),
        "4 😀 b ñ😀 3 nil\n[\"a\", \"b\", \"\", \"c\"] false true\n--x abab HELLO t|\n[\"a\\\"b\", \"c\\n\"] tab\t\na\nñ\n"
    );
}

#[test]
fn lists_are_values() {
    let text = r#"
mut a = [1, 2, 3]
b = a
a.push(4)
a[0] = 9
print(a, b, a ++ b, a[-1], len(a))
mut c = a
c[1] = 7
print(a, c, c[1:], c[::-1], c[:2])
print(a.map(fn(x) x * 2).filter(fn(x) x > 5), a.reduce(fn(s, x) s + x, 0))
print(a.pop(), a.shift(), a, [3, 1, 2].sorted(), ["b", "a"].sortBy(fn(s) s), [1, 2, 2, 1].unique())
mut grid = [[1, 2], [3, 4]]
row = grid[0]
grid[0][1] = 8
print(grid, row, 3 in [1, 3], [1, 2] == [1, 2], [[1]] == [[2]])
print([1, 2, 3].first(), [].len(), [1.5, 2.0], [true, false], ["a"].join("-"), range(0, 4))
for i, x in ["p", "q"] { print(i, x) }
print([1, 2, 3, 4, 5, 6].chunk(4), [1, 2].zip(["a", "b"]), [3, 4].enumerate())
"#;
    assert_eq!(
        run(text),
        "[9, 2, 3, 4] [1, 2, 3] [9, 2, 3, 4, 1, 2, 3] 4 4\n[9, 2, 3, 4] [9, 7, 3, 4] [7, 3, 4] [4, 3, 7, 9] [9, 7]\n\
         [18, 6, 8] 18\n4 9 [2, 3] [1, 2, 3] [\"a\", \"b\"] [1, 2]\n[[1, 8], [3, 4]] [1, 2] true true false\n\
         1 0 [1.5, 2] [true, false] a [0, 1, 2, 3]\n0 p\n1 q\n[[1, 2, 3, 4], [5, 6]] [(1, \"a\"), (2, \"b\")] [(0, 3), (1, 4)]\n"
    );
}

#[test]
fn maps_keep_their_order_and_are_values() {
    let text = r#"
mut m = {}
m["b"] = 1
m["a"] = 2
m["b"] = 3
n = m
m["c d"] = 4
print(m, n, m["a"], m["x"], len(m), "a" in m, m.keys(), m.values())
print(m.delete("a"), m.delete("zz"), m)
for k, v in m { print(k, v) }
mut counts: Map<Int, [Int]> = {}
counts[1] = [1]
counts[2] = []
if counts[1] != nil { counts[3] = [7] }
print(counts, counts == counts, [1, 2, 3].groupBy(fn(x) x % 2))
"#;
    assert_eq!(
        run(text),
        "{b: 3, a: 2, \"c d\": 4} {b: 3, a: 2} 2 nil 3 true [\"b\", \"a\", \"c d\"] [3, 2, 4]\ntrue false {b: 3, \"c d\": 4}\n\
         b 3\nc d 4\n{1: [1], 2: [], 3: [7]} true {1: [1, 3], 0: [2]}\n"
    );
}

#[test]
fn records_enums_and_options() {
    let text = r#"
type User { name: String, age: Int, email: String? }
type Shape { Circle(r: Float), Rect(w: Float, h: Float), Dot }
type Color { Red, Green }
fn area(s) {
  match s {
    Circle(r) => r * r
    Rect(w, h) => w * h
    Dot => 0.0
  }
}
mut u = User(name: "Ada", age: 36, email: nil)
v = u
u.age += 1
u.email = "a@b"
print(u, v, u == v, { x: 1, y: "s" })
print(area(Circle(2.0)), area(Rect(2.0, 3.0)), area(Dot), Circle(2.5), Dot, Red, [Red, Green])
print(Circle(1.0) == Circle(1.0), Red == Green, v.email ?? "none", (1, "a"))
fn parse(s: String) -> Result<Int, String> {
  match s.toInt() {
    nil => Err("bad {s}")
    n => Ok(n)
  }
}
print(parse("5"), parse("x"), parse("7").unwrapOr(0), parse("y").isErr())
match parse("8") {
  Ok(n) => print("ok", n)
  Err(e) => print("err", e)
}
word = match 3 { 1 => "one", 3 => "three", _ => "many" }
print(word, if word == "three" { 1 } else { 2 })
"#;
    assert_eq!(
        run(text),
        "User(name: \"Ada\", age: 37, email: \"a@b\") User(name: \"Ada\", age: 36, email: nil) false {x: 1, y: \"s\"}\n\
         4 6 0 Circle(2.5) Dot Red [Red, Green]\ntrue false none (1, \"a\")\nOk(5) Err(\"bad x\") 7 true\nok 8\nthree 1\n"
    );
}

#[test]
fn closures_share_what_is_mutable() {
    let text = r#"
mut n = 0
add = fn(k) { n += k }
add(2)
n += 10
add(3)
print(n)
fn counter() {
  mut c = 0
  fn() {
    c += 1
    c
  }
}
a = counter()
b = counter()
a()
a()
print(a(), b())
fn twice(f, x) { f(f(x)) }
print(twice(fn(x) x * 3, 2), [1, 2, 3] |> map(fn(x) x + n))
print(counter, fn(x) x + 1)
"#;
    assert_eq!(run(text), "15\n3 1\n18 [16, 17, 18]\n<fn counter> <fn>\n");
}

#[test]
fn errors_are_caught_wherever_they_come_from() {
    let text = r#"
fn first(xs) {
  for x in xs {
    try {
      if x == 2 { continue }
      if x == 4 { return x }
      if x == 3 { throw("three") }
      print("saw", x)
    } catch e {
      print("caught", e.message)
    } finally {
      print("after", x)
    }
  }
  0
}
print(first([1, 2, 3, 4, 5]))
mut total = 0
value = try { [1][5] } catch e { -1 }
try {
  total += 5
  try { panic("inner") } finally { total += 1 }
} catch e {
  total += 100
  print(e.message, e.code, e.status)
}
print(value, total)
"#;
    assert_eq!(run(text), "saw 1\nafter 1\nafter 2\ncaught three\nafter 3\nafter 4\n4\ninner nil nil\n-1 106\n");
}

#[test]
fn json_is_checked_against_types() {
    let text = r#"
type User { id: Int, name: String, tags: [String], note: String? }
u: User = JSON.parse("\{\"id\": 1, \"name\": \"A\", \"tags\": [\"x\"]}")
print(u, JSON.stringify(u))
try {
  bad: [User] = JSON.parse("[\{\"id\": 1, \"name\": \"A\", \"tags\": [1]}]")
  print(bad)
} catch e { print(e.message, e.code, e.status) }
any = JSON.parse("\{\"a\": [1, 2.5, null, true, \"s\"], \"b\": \{}}")
print(any, any.a, any["a"], any.zz, JSON.stringify(any))
for k, v in any { print(k, v) }
print(JSON.stringify({ x: [1, 2], y: nil, z: (1, "a\n") }))
"#;
    assert_eq!(
        run(text),
        "User(id: 1, name: \"A\", tags: [\"x\"], note: nil) {\"id\":1,\"name\":\"A\",\"tags\":[\"x\"],\"note\":null}\n\
         [0].tags[0]: expected a string, found a number TYPE_ERROR 400\n\
         {a: [1, 2.5, nil, true, \"s\"], b: {}} [1, 2.5, nil, true, \"s\"] [1, 2.5, nil, true, \"s\"] nil \
         {\"a\":[1,2.5,null,true,\"s\"],\"b\":{}}\na [1, 2.5, nil, true, \"s\"]\nb {}\n{\"x\":[1,2],\"y\":null,\"z\":[1,\"a\\n\"]}\n"
    );
}

#[test]
fn times_and_sizes_have_their_text() {
    let text = r#"
print(90.minutes, 1500.ms, 0.ms, 2.days + 1.second, [1.hour])
print(5.megabytes, 1536.bytes, 0.bytes, 1.minute * 3)
"#;
    assert_eq!(run(text), "1h30m 1s500ms 0s 2d1s [1h]\n5 MB 1.5 KB 0 B 3m\n");
}

#[test]
fn json_keeps_large_ints_and_the_order_of_names() {
    let text = r#"
any = JSON.parse("\{\"b\": 9007199254740993, \"2\": -9223372036854775808, \"1\": 9223372036854775807, \"x\": 1e30}")
print(any, any["2"], JSON.stringify(any))
m: Map<Int, Int> = JSON.parse("\{\"30\": 1, \"20\": 9007199254740993}")
print(m, m[20])
"#;
    assert_eq!(
        run(text),
        "{b: 9007199254740993, 2: -9223372036854775808, 1: 9223372036854775807, x: 1e+30} -9223372036854775808 \
         {\"b\":9007199254740993,\"2\":-9223372036854775808,\"1\":9223372036854775807,\"x\":1e+30}\n\
         {30: 1, 20: 9007199254740993} 9007199254740993\n"
    );
}
