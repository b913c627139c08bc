// What `package.json` promises is there, and what the compiler says is understood.
import assert from "node:assert/strict";
import { existsSync, readFileSync, readdirSync } from "node:fs";
import { read } from "./files.mjs";
import { tokenize } from "./grammar.mjs";

const HOME = new URL("../", import.meta.url);
const json = (name) => JSON.parse(readFileSync(new URL(name, HOME), "utf8"));
const manifest = json("package.json");

function everyCommandIsCarriedOut() {
  const source = readdirSync(new URL("src/", HOME))
    .map((name) => readFileSync(new URL(`src/${name}`, HOME), "utf8"))
    .join("\n");
  const registered = [...source.matchAll(/command\("(tova\.\w+)"/g)].map((match) => match[1]).sort();
  assert.deepEqual(manifest.contributes.commands.map(({ command }) => command).sort(), registered);
}

function theCommandsOfLensesAreThere() {
  const lenses = new Set(read("compiler/lsp/src/features/lens.rs").match(/tova\.\w+(?=")/g));
  assert.ok(lenses.size >= 3, "the lenses were not found");
  const known = manifest.contributes.commands.map(({ command }) => command);
  assert.deepEqual(
    [...lenses].filter((lens) => !known.includes(lens)),
    [],
  );
}

function everyNamedFileIsThere() {
  const { languages, grammars, snippets } = manifest.contributes;
  for (const file of [
    ...languages.map((entry) => entry.configuration),
    ...grammars.map((entry) => entry.path),
    ...snippets.map((entry) => entry.path),
  ]) {
    assert.ok(existsSync(new URL(file, HOME)), file);
  }
}

function theVersionIsTheCompilers() {
  assert.equal(manifest.version, read("Cargo.toml").match(/^version = "([^"]+)"/m)[1]);
}

/** The line that the compiler's own test compares with. */
function theMatcherReadsProblems() {
  const line = read("compiler/driver/src/json.rs").match(/r#"(\{"code".*\})"#/)[1];
  const { regexp, ...groups } = manifest.contributes.problemMatchers[0].pattern;
  const found = line.match(new RegExp(regexp));
  assert.ok(found, "the matcher does not match");
  const problem = Object.fromEntries(Object.entries(groups).map(([name, group]) => [name, found[group]]));
  assert.deepEqual(problem, {
    code: "E0201",
    severity: "error",
    message: "`usres` is not defined",
    file: "app.tova",
    line: "2",
    column: "5",
    endLine: "2",
    endColumn: "10",
  });
}

/** The text of a snippet with its places filled in. */
export function filledIn(body) {
  let text = body.join("\n");
  for (let before = ""; before !== text;) {
    before = text;
    text = text.replace(/\$\{\d+:([^${}]*)\}/g, "$1");
  }
  const named = new Map();
  for (const [, number, name] of body.join("\n").matchAll(/\$\{(\d+):([^${}]*)\}/g)) named.set(number, named.get(number) ?? name);
  return text.replace(/\$(\d+)/g, (_, number) => named.get(number) ?? "x");
}

function snippetsAreTova() {
  for (const [name, { body }] of Object.entries(json("snippets/tova.json"))) {
    const { lines, open } = tokenize(filledIn(body));
    const invalid = lines.flat().filter((token) => token.scopes.some((scope) => scope.startsWith("invalid")));
    assert.deepEqual({ name, open, invalid }, { name, open: 0, invalid: [] });
  }
}

/** Lines after which the editor indents, and lines after which it does not. */
function linesAreIndented() {
  const { increaseIndentPattern, decreaseIndentPattern } = json("language-configuration.json").indentationRules;
  const [increase, decrease] = [new RegExp(increaseIndentPattern, "u"), new RegExp(decreaseIndentPattern, "u")];
  for (const line of ["server {", "  f(fn(x) {", "xs = [", '<div class="a">', "  <Item todo={todo}>", "<>", "server { // why"])
    assert.match(line, increase);
  for (const line of ["a = 1", "<br>", "<Item />", "<p>text</p>", "// {", "a => b ->", "<input a={x} />", "x = a > b"])
    assert.doesNotMatch(line, increase);
  for (const line of ["}", "  })", "</div>"]) assert.match(line, decrease);
}

export function tests() {
  return {
    "manifest/every command is carried out": everyCommandIsCarriedOut,
    "manifest/the commands of lenses are there": theCommandsOfLensesAreThere,
    "manifest/every named file is there": everyNamedFileIsThere,
    "manifest/the version is the compiler's": theVersionIsTheCompilers,
    "manifest/the matcher reads problems": theMatcherReadsProblems,
    "manifest/snippets are Tova": snippetsAreTova,
    "manifest/lines are indented": linesAreIndented,
  };
}
