//! `tova repl`: inputs in, values out.

use std::io::Write as _;
use std::process::Stdio;

use libtest_mimic::Trial;
use tova_tests::paths;

use crate::{holds, same, trial};

pub(crate) fn trials() -> Vec<Trial> {
    vec![
        trial("repl: values have types, and declarations stay", values),
        trial("repl: what has errors, or fails, leaves the session as it was", errors),
    ]
}

/// What a session with these inputs writes, both streams.
fn session(inputs: &str) -> Result<(String, String), String> {
    let mut command = paths::tova_command(["repl"]);
    command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
    let mut child = command.spawn().map_err(|error| error.to_string())?;
    let mut stdin = child.stdin.take().ok_or("a pipe")?;
    stdin.write_all(inputs.as_bytes()).map_err(|error| error.to_string())?;
    drop(stdin);
    let output = child.wait_with_output().map_err(|error| error.to_string())?;
    let [out, err] = [output.stdout, output.stderr].map(|bytes| String::from_utf8_lossy(&bytes).into_owned());
    holds(&err, output.status.success())?;
    Ok((out, err))
}

fn values() -> Result<(), String> {
    let inputs = "1 + 2\nit * 10\nname = \"a\"\nname = name ++ \"!\"\ntype P { a: Int }\np = P(a: 1)\nfn twice(n) {\n  n * 2\n}\n\
                  twice(p.a)\nmut xs = [1]\nxs.push(2)\nxs\nadd = fn(n: Int) n + p.a\nadd(3)\nprint(\"said\")\n\
                  fn twice(n) { n * 3 }\ntwice(2)\n:type xs\n";
    let (out, err) = session(inputs)?;
    let expected = [
        "3: Int",
        "30: Int",
        "name = \"a\": String",
        "name = \"a!\": String",
        "p = P(a: 1): P",
        "2: Int",
        "xs = [1]: [Int]",
        "[1, 2]: [Int]",
        "add = <fn>: fn(Int) -> Int",
        "4: Int",
        "said",
        "6: Int",
        "[Int]",
    ];
    same(&err, out.lines().collect::<Vec<_>>(), expected.to_vec())
}

fn errors() -> Result<(), String> {
    let (out, err) = session("x = 1\nx + nope\nthrow(\"bad\")\nx\n:what\n")?;
    same("values", out.lines().collect::<Vec<_>>(), vec!["x = 1: Int", "1: Int"])?;
    for part in ["E0201", "input:1:5", "error: bad", "there is no command `:what`"] {
        holds(&format!("{part} in {err}"), err.contains(part))?;
    }
    Ok(())
}
