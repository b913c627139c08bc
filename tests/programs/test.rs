//! `tova test`: how tests end, where they run, what is told of them.

use std::fs;
use std::path::PathBuf;
use std::process::{Command, Output};
use std::time::Duration;

use libtest_mimic::Trial;
use rustix::process::Signal;
use serde_json::Value;
use tova_tests::paths;
use tova_tests::process::{Program, descendants, is_running};
use tova_tests::wait;

use crate::{holds, same, trial};

pub(crate) fn trials() -> Vec<Trial> {
    vec![
        trial("test: what fails, throws, stops or hangs is the failure of one test", failures),
        trial("test: the same tests end in the same way as WebAssembly", failures_in_wasm),
        trial("test: names are filtered, and nothing to run is said", filter),
        trial("test: files of tests see the program that they lie in", files_of_tests),
        trial("test: each test of a server has a server and a database of its own", servers),
        trial("test: components are rendered and clicked in a browser", components),
        trial("test: pages call servers that are new for each test", pages_with_servers),
        trial("test: the tests of an example pass", example),
        trial("test: reports for other tools", reports),
        trial("test: --watch runs again, and leaves nothing behind", watch),
        trial("bench: medians, kept and compared", bench),
        trial("test: programs are built and run without their tests", left_out),
    ]
}

/// A folder with these files.
fn project(name: &str, files: &[(&str, &str)]) -> Result<PathBuf, String> {
    let folder = paths::scratch(name);
    for (file, text) in files {
        let path = folder.join(file);
        let parent = path.parent().ok_or("a file lies in a folder")?;
        fs::create_dir_all(parent).and_then(|()| fs::write(&path, text)).map_err(|error| error.to_string())?;
    }
    Ok(folder)
}

fn test(folder: &std::path::Path, arguments: &[&str]) -> Result<Output, String> {
    let mut command = paths::tova_command(["test"]);
    command.args(arguments).current_dir(folder);
    command.output().map_err(|error| error.to_string())
}

fn text(bytes: &[u8]) -> String {
    String::from_utf8_lossy(bytes).into_owned()
}

/// The report of a run as JSON.
fn report(folder: &std::path::Path, arguments: &[&str]) -> Result<Value, String> {
    let output = test(folder, &[&["--report", "json"], arguments].concat())?;
    let json = text(&output.stdout);
    serde_json::from_str(&json).map_err(|error| format!("{error}: {json}{}", text(&output.stderr)))
}

/// `name: passed`, or `name: ` and the message, of each test.
fn endings(report: &Value) -> Vec<String> {
    let tests = report["tests"].as_array().map(Vec::as_slice).unwrap_or_default();
    let ending = |test: &Value| {
        let message = test["failure"]["message"].as_str().unwrap_or("passed");
        format!("{}: {}", test["name"].as_str().unwrap_or_default(), message.lines().next().unwrap_or_default())
    };
    tests.iter().map(ending).collect()
}

const FAILING: &str = r#"type User { name: String, tags: [String] }
mut calls = 0
fn add(a: Int, b: Int) -> Int {
  calls += 1
  a + b
}
before_each { print("before") }
test "passes" { assertEq(add(1, 2), 3) }
test "starts with fresh variables" {
  add(1, 2)
  assertEq(calls, 1)
}
test "differs" {
  print("looking")
  assertEq([User(name: "Ada", tags: ["a", "b"])], [User(name: "Ada", tags: ["a", "c"])])
}
test "does not hold" { assert(add(1, 2) == 4, "three is not four") }
test "throws" { throw("thrown") }
test "faults" {
  xs = [1]
  at = add(3, 4)
  print(xs[at])
}
test "hangs" timeout=200 {
  mut n = 0
  while n < 10 { n = (n + 1) % 10 }
}
test "waits too long" timeout=100 { sleep(1.minutes) }
test "is still run" { assertThrows(fn() throw("no way"), "no") }
"#;

fn failures() -> Result<(), String> {
    let folder = project("test-failures", &[("app.tova", FAILING)])?;
    let output = test(&folder, &[])?;
    same("status", output.status.code(), Some(1))?;
    let shown = text(&output.stdout);
    for line in [
        "  FAIL  differs",
        "FAIL  differs  app.tova:15",
        "15 | assertEq([User(name: \"Ada\", tags: [\"a\", \"b\"])], [User(name: \"Ada\", tags: [\"a\", \"c\"])])",
        "[0].tags[1]: expected \"c\", got \"b\"",
        "looking",
        "FAIL  faults  app.tova:22",
        "6 failed, 3 passed",
    ] {
        holds(&format!("{line:?} in\n{shown}"), shown.contains(line))?;
    }
    check_failures(&report(&folder, &[])?)
}

fn failures_in_wasm() -> Result<(), String> {
    let folder = project("test-failures-wasm", &[("app.tova", FAILING)])?;
    check_failures(&report(&folder, &["--target", "wasm"])?)
}

fn check_failures(report: &Value) -> Result<(), String> {
    let expected = [
        "passes: passed",
        "starts with fresh variables: passed",
        "differs: expected [User(name: \"Ada\", tags: [\"a\", \"c\"])], found [User(name: \"Ada\", tags: [\"a\", \"b\"])]",
        "does not hold: three is not four",
        "throws: thrown",
        "faults: index 7 is out of range for a list of length 1",
        "hangs: it took longer than 200 ms and was stopped",
        "waits too long: it took longer than 100 ms and was stopped",
        "is still run: passed",
    ];
    same("endings", endings(report).iter().map(String::as_str).collect::<Vec<_>>(), expected.to_vec())?;
    let faults = &report["tests"][5];
    same("place of the fault", faults["failure"]["line"].as_u64(), Some(22))?;
    // Some of what it prints is without its values: only the same is asked of both targets.
    same("output", report["tests"][2]["output"].as_str(), Some("before\nlooking\n"))
}

fn filter() -> Result<(), String> {
    let folder = project("test-filter", &[("app.tova", "test \"one\" {}\ntest \"two\" { assert(false) }\n")])?;
    let one = test(&folder, &["--filter", "one"])?;
    same("status", one.status.code(), Some(0))?;
    holds(&text(&one.stdout), text(&one.stdout).contains("1 passed, 1 left out"))?;
    let none = test(&folder, &["--filter", "three"])?;
    same("status", none.status.code(), Some(1))?;
    holds(&text(&none.stderr), text(&none.stderr).contains("no test has `three` in its name"))?;
    let empty = project("test-empty", &[("app.tova", "print(1)\n")])?;
    let nothing = test(&empty, &[])?;
    same("status", nothing.status.code(), Some(1))?;
    holds(&text(&nothing.stderr), text(&nothing.stderr).contains("there are no tests in `.`"))?;
    let broken = project("test-broken", &[("app.tova", "test \"a\" { assert(usres) }\n")])?;
    let errors = test(&broken, &[])?;
    same("status", errors.status.code(), Some(1))?;
    holds(&text(&errors.stderr), text(&errors.stderr).contains("E0201"))
}

fn files_of_tests() -> Result<(), String> {
    let files = [
        ("app.tova", "fn double(n: Int) -> Int { n * 2 }\ntest \"beside it\" { assertEq(double(1), 2) }\n"),
        ("double_test.tova", "test \"in a file\" { assertEq(double(2), 4) }\n"),
        ("tests/more.test.tova", "test \"in a folder\" { assertEq(double(3), 6) }\n"),
    ];
    let folder = project("test-files", &files)?;
    let all = report(&folder, &[])?;
    same(
        "all",
        endings(&all),
        ["beside it: passed", "in a file: passed", "in a folder: passed"].map(str::to_owned).to_vec(),
    )?;
    for path in ["tests/more.test.tova", "./tests/more.test.tova"] {
        same(path, endings(&report(&folder, &[path])?), vec!["in a folder: passed".to_owned()])?;
    }
    let idle = project("test-idle", &[("app.tova", "x = 1\n"), ("app_test.tova", "assertEq(x, 2)\n")])?;
    let output = test(&idle, &[])?;
    let said = "the statement at app_test.tova:1 does not run";
    holds(&text(&output.stderr), output.status.code() == Some(1) && text(&output.stderr).contains(said))
}

const SERVERS: &str = r#"shared {
  type User { id: Int, name: String }
}
server "api" {
  db { adapter: "sqlite", database: "users.db" }
  model User { name: String }
  mut hits = 0
  middleware count(req, res) { hits += 1 }
  middleware auth(req, res) {
    claims = verify_token(req.headers["authorization"] ?? "")
    print(claims)
  }
  fn users() { User.all() }
  fn add_user(name: String) { User.create({name: name}) }
  route GET "/users" => users
  route POST "/users" => add_user
  route GET "/secret" with auth => fn() "secret"
}
server "clock" {
  route GET "/hour/:hour" => fn(hour: Int) hour + 1
}
test "creates" {
  assertEq(post("/users", {name: "Ada"}).status, 200)
  users: [User] = get("/users").json()
  assertEq(users, [User(id: 1, name: "Ada")])
  assertEq(hits, 2)
}
test "starts empty" {
  assertEq(get("/users").json(), [])
  assertEq(hits, 1)
}
test "calls functions" {
  add_user("Bob")
  assertEq(users().len(), 1)
}
test "refuses" {
  assertEq(post("/users", {nme: "Ada"}).status, 400)
  assertEq(get("/nothing").status, 404)
  assertEq(get("/secret").status, 401)
  res = get("/secret", token: sign_jwt({sub: "ada"}))
  assertEq((res.status, res.body, res.headers["content-type"]), (200, "\"secret\"", "application/json"))
}
test "another server" {
  hour = 7
  assertEq(clock.get("/hour/{hour}").json(), 8)
}
"#;

fn servers() -> Result<(), String> {
    let folder = project("test-servers", &[("app.tova", SERVERS)])?;
    let report = report(&folder, &[])?;
    let names = ["creates", "starts empty", "calls functions", "refuses", "another server"];
    same("endings", endings(&report), names.map(|name| format!("{name}: passed")).to_vec())?;
    holds("no database is left", !folder.join("users.db").exists())
}

const COMPONENTS: &str = r#"client {
  state total = 0
  component Counter(label: String, start: Int = 0) {
    state n = start
    state name = ""
    <div>
      <p data-testid="count">{label}: {n}</p>
      <button onclick={fn() { n += 1
        total += 1 }}>More</button>
      <input aria-label="Name" bind:value={name} onkeydown={fn(e) if e.key == "Enter" { n = 100 }}/>
      <em>Hello {name}</em>
      <ul>for i in 0..n { <li>{i}</li> }</ul>
    </div>
  }
}
test "clicks" {
  screen = render(Counter, {label: "Clicks", start: 2})
  assertEq(screen.getByTestId("count").textContent, "Clicks: 2")
  fireEvent.click(screen.getByRole("button", "More"))
  assertEq(screen.getByTestId("count").textContent, "Clicks: 3")
  assertEq(querySelectorAll("li").len(), 3)
  assertEq(total, 1)
}
test "has a page of its own" {
  render(<Counter label="Again"/>)
  assertEq((total, getByText("Again: 0").textContent), (0, "Again: 0"))
}
test "types" {
  screen = render(Counter, {label: "x"})
  input = screen.getByRole("textbox", "Name")
  fireEvent.input(input, {target: {value: "Ada"}})
  assertEq(screen.getByText("Hello Ada").textContent, "Hello Ada")
  fireEvent.keyDown(input, {key: "Enter"})
  waitForEffect()
  assertEq(screen.findByText("x: 100").textContent, "x: 100")
}
test "finds nothing" { render(Counter, {label: "x"}).getByText("Less") }
test "hangs" timeout=300 {
  mut n = 0
  while n < 10 { n = (n + 1) % 10 }
}
test "goes on" { assertEq(render(<b>still here</b>).text(), "still here") }
"#;

fn components() -> Result<(), String> {
    let folder = project("test-components", &[("app.tova", COMPONENTS)])?;
    let report = report(&folder, &[])?;
    let expected = [
        "clicks: passed",
        "has a page of its own: passed",
        "types: passed",
        "finds nothing: no element has the text \"Less\" in",
        "hangs: it took longer than 300 ms and was stopped",
        "goes on: passed",
    ];
    same("endings", endings(&report), expected.map(str::to_owned).to_vec())?;
    same("line", report["tests"][3]["failure"]["line"].as_u64(), Some(37))
}

const PAGES_WITH_SERVERS: &str = r#"shared { type Todo { id: Int, title: String, done: Bool } }
server {
  db { adapter: "sqlite", database: "todo.db" }
  model Todo { title: String, done: Bool }
  fn list_todos() -> [Todo] { Todo.all() }
  fn add_todo(title: String) -> Todo { Todo.create({ title: title, done: false }) }
  fn seed(n: Int) { for i in 0..n { add_todo("todo {i}") } }
}
client {
  state todos: [Todo] = []
  state draft = ""
  fn add() {
    server.add_todo(draft)
    todos = server.list_todos()
  }
  component App {
    effect { todos = server.list_todos() }
    <div>
      <input aria-label="Title" bind:value={draft}/>
      <button onclick={add}>Add</button>
      <ul>for todo in todos { <li>{todo.title}</li> }</ul>
    </div>
  }
}
test "adds" {
  screen = render(App)
  fireEvent.input(screen.getByRole("textbox", "Title"), {value: "Milk"})
  fireEvent.click(screen.getByText("Add"))
  assertEq(screen.findByText("Milk").textContent, "Milk")
  assertEq(screen.count("li"), 1)
}
test "seeds" {
  server.seed(3)
  screen = render(App)
  screen.findByText("todo 2")
  assertEq(screen.count("li"), 3)
}
test "fresh" {
  assertEq(server.list_todos(), [])
  render(<i>x</i>)
}
test "server" { assertEq(list_todos(), []) }
"#;

fn pages_with_servers() -> Result<(), String> {
    let folder = project("test-pages-with-servers", &[("app.tova", PAGES_WITH_SERVERS)])?;
    let report = report(&folder, &[])?;
    let names = ["adds", "seeds", "fresh", "server"];
    same("endings", endings(&report), names.map(|name| format!("{name}: passed")).to_vec())?;
    holds("no database is left", !folder.join("todo.db").exists())
}

fn example() -> Result<(), String> {
    let report = report(&paths::copy_of_example("todo", "test-todo"), &[])?;
    let failed: Vec<String> = endings(&report).into_iter().filter(|ending| !ending.ends_with(": passed")).collect();
    same("failed", failed, Vec::new())?;
    holds("there are tests", report["passed"].as_u64().is_some_and(|passed| passed > 3))
}

fn reports() -> Result<(), String> {
    let folder = project("test-reports", &[("app.tova", "test \"a < b\" { assertEq(\"<\", \">\") }\n")])?;
    let xml = test(&folder, &["--report", "junit"])?;
    let shown = text(&xml.stdout);
    holds(&shown, shown.contains("<testcase name=\"a &lt; b\" classname=\"app.tova\" file=\"app.tova\" line=\"1\""))?;
    holds(&shown, shown.contains("expected &quot;&gt;&quot;, found &quot;&lt;&quot;"))?;
    let json = test(&folder, &["--report", "json", "--output", "report.json"])?;
    holds("people read the terminal", text(&json.stdout).contains("1 failed"))?;
    let report = fs::read_to_string(folder.join("report.json")).map_err(|error| error.to_string())?;
    let report: Value = serde_json::from_str(&report).map_err(|error| error.to_string())?;
    same("failed", report["failed"].as_u64(), Some(1))
}

fn watch() -> Result<(), String> {
    let folder = project("test-watch", &[("app.tova", "test \"a\" { assertEq(1, 2) }\n")])?;
    let mut command = paths::tova_command(["test", "--watch"]);
    let mut program = Program::start(command.current_dir(&folder)).map_err(|error| error.to_string())?;
    program.wait_for("1 failed", Duration::from_secs(60))?;
    program.wait_for("waiting for changes", Duration::from_secs(10))?;
    let text = "test \"a\" { assertEq(1, 1) }\ntest \"b\" timeout=60000 { sleep(1.minutes) }\n";
    fs::write(folder.join("app_test.tova"), "test \"new\" {}\n").map_err(|error| error.to_string())?;
    program.wait_for("1 failed, 1 passed", Duration::from_secs(30))?;
    fs::write(folder.join("app.tova"), text).map_err(|error| error.to_string())?;
    // In the middle of a test: its process ends with tova.
    let running = wait::until(Duration::from_secs(30), || {
        let children = descendants(program.id());
        children.iter().any(|id| is_harness(*id)).then_some(children)
    });
    let running = running.ok_or("no test is running")?;
    program.signal(Signal::INT);
    holds("it ends", program.wait(Duration::from_secs(5)).is_some())?;
    let gone = || running.iter().all(|id| !is_running(*id)).then_some(());
    holds("nothing is left", wait::until(Duration::from_secs(5), gone).is_some())
}

/// Whether a process runs tests.
fn is_harness(id: u32) -> bool {
    let environment = fs::read(format!("/proc/{id}/environ")).unwrap_or_default();
    environment.windows(15).any(|window| window == b"TOVA_TEST_MARK=")
}

fn left_out() -> Result<(), String> {
    let folder = project("test-left-out", &[("app.tova", "print(\"run\")\ntest \"a\" { print(\"test\") }\n")])?;
    let output = Command::new(paths::tova()).args(["run", "app.tova"]).current_dir(&folder).output();
    let output = output.map_err(|error| error.to_string())?;
    same("output", text(&output.stdout), "run\n".to_owned())
}

fn bench() -> Result<(), String> {
    let source = "fn fib(n: Int) -> Int { if n < 2 { n } else { fib(n - 1) + fib(n - 2) } }\n\
        bench \"fib\" { fib(12) }\nbench \"fails\" { assertEq(fib(3), 1) }\n";
    let folder = project("bench", &[("app.tova", source)])?;
    let run = |arguments: &[&str]| {
        let mut command = paths::tova_command(["bench"]);
        command.args(arguments).current_dir(&folder).output().map_err(|error| error.to_string())
    };
    let missing = run(&["--baseline", "main"])?;
    holds(&text(&missing.stderr), text(&missing.stderr).contains("there is no baseline `main`"))?;
    let saved = run(&["--save", "main"])?;
    same("status", saved.status.code(), Some(1))?;
    let shown = text(&saved.stdout);
    holds(&shown, shown.contains(" ± ") && shown.contains("expected 1, found 2"))?;
    let kept = fs::read_to_string(folder.join(".tova/bench/main.json")).map_err(|error| error.to_string())?;
    let kept: Value = serde_json::from_str(&kept).map_err(|error| error.to_string())?;
    holds("a median", kept["app.tova: fib"]["median_ns"].as_f64().is_some_and(|median| median > 0.0))?;
    let compared = text(&run(&["--baseline", "main", "--filter", "fib"])?.stdout);
    holds(&compared, compared.contains("as main (") || compared.contains("than main ("))
}
