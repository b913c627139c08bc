// Every Tova source of the repository has colours from its first word to its last.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { read, sources } from "./files.mjs";
import { tokenize } from "./grammar.mjs";
import { grammar } from "../syntaxes/tova.mjs";

function everySourceIsValid() {
  const all = sources();
  assert.ok(all.length > 40, `only ${all.length} sources were found`);
  const wrong = all.flatMap((path) => {
    const { lines, open } = tokenize(read(path));
    const invalid = lines.flatMap((tokens, line) =>
      tokens
        .filter((token) => token.scopes.some((scope) => scope.startsWith("invalid")))
        .map((token) => `${path}:${line + 1}: \`${token.text}\` is invalid`),
    );
    return open === 0 ? invalid : [...invalid, `${path}: ${open} constructs are open at its end`];
  });
  assert.deepEqual(wrong, []);
}

function theWrittenGrammarIsCurrent() {
  const written = JSON.parse(readFileSync(new URL("../syntaxes/tova.tmLanguage.json", import.meta.url), "utf8"));
  assert.deepEqual(written, JSON.parse(JSON.stringify(grammar)), "run `npm run grammar`");
}

function everyPatternIsReached() {
  const used = new Set([...JSON.stringify(grammar).matchAll(/"include":"#([^"]+)"/g)].map((match) => match[1]));
  const unused = Object.keys(grammar.repository).filter((name) => !used.has(name));
  const missing = [...used].filter((name) => !(name in grammar.repository));
  assert.deepEqual({ unused, missing }, { unused: [], missing: [] });
}

export function tests() {
  return {
    "repository/every source is valid": everySourceIsValid,
    "repository/the written grammar is current": theWrittenGrammarIsCurrent,
    "repository/every pattern is reached": everyPatternIsReached,
  };
}
