use super::run;

#[test]
fn functions_suspend_in_loops_decisions_and_calls() {
    let text = r#"
fn slow(n) {
  sleep(1.ms)
  n * 2
}
fn all(xs) {
  mut out = []
  for x in xs {
    if x == 3 { continue }
    if slow(x) > 9 { break }
    out.push(slow(x) + slow(1))
  }
  out
}
print(all([1, 2, 3, 4, 5, 6]))
mut i = 0
while slow(i) < 6 { i += 1 }
print(i, "sum {slow(1) + slow(2)}", [slow(4), 5, slow(6)])
word = match slow(2) { 4 => "four", _ => "other" }
print(word, slow(1) == 2 and slow(2) == 4)
"#;
    assert_eq!(run(text), "[4, 6, 10]\n3 sum 6 [8, 5, 12]\nfour true\n");
}

#[test]
fn errors_cross_waits() {
    let text = r#"
fn fail(n) {
  sleep(1.ms)
  if n > 1 { throw("n is {n}") }
  n
}
fn safe(n) {
  try {
    fail(n)
  } catch e {
    sleep(1.ms)
    print("caught", e.message)
    -1
  } finally {
    sleep(1.ms)
    print("finally", n)
  }
}
print(safe(1), safe(2))
fn early(xs) {
  for x in xs {
    try {
      if fail(1) == x { return "found {x}" }
    } finally {
      print("left", x)
    }
  }
  "none"
}
print(early([5, 1, 7]))
fail(3)
print("never")
"#;
    assert_eq!(run(text), "finally 1\ncaught n is 2\nfinally 2\n1 -1\nleft 5\nleft 1\nfound 1\nerror: n is 3\n");
}
