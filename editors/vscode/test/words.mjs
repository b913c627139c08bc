// The grammar knows the words that the compiler knows, no more and no fewer.
import assert from "node:assert/strict";
import { read } from "./files.mjs";
import { tokenize } from "./grammar.mjs";
import { grammar } from "../syntaxes/tova.mjs";

/** The words of the compiler's token table. */
function reserved() {
  const table = read("compiler/syntax/src/token.rs");
  const words = [...table.matchAll(/#\[token\("([a-z]+)"\)\]/g)].map((match) => match[1]);
  assert.ok(words.length > 25, "the token table was not understood");
  return words.sort();
}

/** The words that begin a declaration: what the parser suggests, and its blocks of settings. */
function opening() {
  const list = (path, name) => {
    const found = read(path).match(new RegExp(`const ${name}: &\\[&str\\] = &\\[([^\\]]*)\\]`));
    assert.ok(found, `${name} was not found in ${path}`);
    return [...found[1].matchAll(/"(\w+)"/g)].map((match) => match[1]);
  };
  const words = read("compiler/lsp/src/features/words.rs").matchAll(/^ {4}"(\w+)" \[(?:File|Server|Client|Any)/gm);
  return new Set([
    ...list("compiler/syntax/src/parser/item.rs", "OPENING_WORDS"),
    ...list("compiler/syntax/src/parser/server/config.rs", "CONFIG_WORDS"),
    ...[...words].map((match) => match[1]),
  ]);
}

/** The words of patterns that are nothing but a choice of words. */
function choices(patterns) {
  return patterns.flatMap(({ match }) => match.match(/\(\?:([a-z|]+)\)/)[1].split("|"));
}

function reservedWordsAreTheCompilers() {
  const { keywords, constants } = grammar.repository;
  assert.deepEqual([...choices(keywords.patterns), ...choices(constants.patterns)].sort(), reserved());
}

function reservedWordsHaveColours() {
  for (const word of reserved()) {
    const token = tokenize(`( ${word} )`).lines[0].find((token) => token.text.trim() === word);
    assert.match(token?.scopes.at(-1) ?? "none", /^(keyword|storage|constant)\./, word);
  }
}

/** What follows a word where it begins a declaration. */
const EXAMPLES = {
  shared: "{ }",
  server: '"a" {',
  client: "{",
  browser: "{",
  test: '"a" {',
  bench: '"a" {',
  before_each: "{",
  after_each: "{",
  import: '{ a } from "b"',
  fn: "a() {",
  type: "A {",
  impl: "A {",
  trait: "A {",
  effect: "{",
  style: "{",
  store: "A {",
  model: "A {",
  component: "A {",
  state: "a = 1",
  computed: "a = 1",
  route: 'GET "/" => f',
  middleware: "a(req) {",
  env: "A: Int",
  port: "1",
  max_body: "1",
  health: '"/"',
  static: '"/" => "x"',
  mut: "a = 1",
  onMount: "fn() {",
  onUnmount: "fn() {",
  onCleanup: "fn() {",
  on_start: "fn() {",
  on_stop: "fn() {",
  on_error: "fn() {",
  match: "a {",
  if: "a {",
  for: "a in b {",
};

function openingWordsHaveColours() {
  for (const word of opening()) {
    const text = `${word} ${EXAMPLES[word] ?? "{ a: 1 }"}`;
    const token = tokenize(text).lines[0].find((token) => token.text.trim() === word);
    assert.match(token?.scopes.at(-1) ?? "none", /^(keyword|storage)\./, `\`${word}\` in \`${text}\` begins a declaration`);
  }
}

function openingWordsAreNamesElsewhere() {
  for (const word of [...opening()].filter((word) => !reserved().includes(word))) {
    for (const text of [`${word} = 1`, `f(${word}, x)`, `x.${word}`, `{ ${word}: 1 }`]) {
      const token = tokenize(text).lines[0].find((token) => token.text.trim() === word);
      assert.match(token?.scopes.at(-1) ?? "none", /^(variable|entity)\./, `\`${word}\` in \`${text}\` is a name`);
    }
  }
}

export function tests() {
  return {
    "words/reserved words are the compiler's": reservedWordsAreTheCompilers,
    "words/reserved words have colours": reservedWordsHaveColours,
    "words/opening words have colours": openingWordsHaveColours,
    "words/opening words are names elsewhere": openingWordsAreNamesElsewhere,
  };
}
