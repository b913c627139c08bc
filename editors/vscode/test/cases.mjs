// Small sources and the scopes of their words, side by side: `cases/NAME.tova` and `cases/NAME.scopes`. `BLESS=1 npm test` accepts what comes out now.
import assert from "node:assert/strict";
import { existsSync, readFileSync, readdirSync, writeFileSync } from "node:fs";
import { tokenize } from "./grammar.mjs";

const FOLDER = new URL("cases/", import.meta.url);

/** Each line and below it its words with their scopes; the language's own suffix is left out. */
function shown(text) {
  const { lines, open } = tokenize(text.replace(/\n$/, ""));
  const rows = lines.map((tokens) => {
    const line = `| ${tokens.map((token) => token.text).join("")}`;
    const words = tokens.filter((token) => token.text.trim() !== "").map(word);
    return [line.trimEnd(), ...words].join("\n");
  });
  return `${rows.join("\n")}\nopen at the end: ${open}\n`;
}

function word(token) {
  // Every tag is inside of tags: only the innermost scopes say something.
  const scopes = token.scopes.slice(1).filter((scope) => !/^meta\.(tag|jsx|template)/.test(scope));
  return `  ${token.text.trim()}  ${scopes.map((scope) => scope.replace(/\.tova$/, "")).join(" ")}`.trimEnd();
}

function compare(name) {
  const actual = shown(readFileSync(new URL(`${name}.tova`, FOLDER), "utf8"));
  const file = new URL(`${name}.scopes`, FOLDER);
  if (process.env.BLESS === "1") writeFileSync(file, actual);
  assert.ok(existsSync(file), `${file.pathname} is missing`);
  assert.equal(actual, readFileSync(file, "utf8"));
}

export function tests() {
  const names = readdirSync(FOLDER)
    .filter((name) => name.endsWith(".tova"))
    .map((name) => name.slice(0, -5));
  assert.ok(names.length > 5, "the cases were not found");
  return Object.fromEntries(names.map((name) => [`cases/${name}`, () => compare(name)]));
}
