// Tokens of a text by the grammar, as VS Code finds them, without VS Code.
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import oniguruma from "vscode-oniguruma";
import textmate from "vscode-textmate";

const require = createRequire(import.meta.url);
const FILE = new URL("../syntaxes/tova.tmLanguage.json", import.meta.url);

const wasm = readFileSync(require.resolve("vscode-oniguruma/release/onig.wasm"));
await oniguruma.loadWASM(wasm);

const registry = new textmate.Registry({
  onigLib: Promise.resolve({
    createOnigScanner: (patterns) => new oniguruma.OnigScanner(patterns),
    createOnigString: (text) => new oniguruma.OnigString(text),
  }),
  // The grammar of CSS belongs to VS Code; the tests do without.
  loadGrammar: async (scope) => (scope === "source.tova" ? textmate.parseRawGrammar(readFileSync(FILE, "utf8"), FILE.pathname) : null),
});
const grammar = await registry.loadGrammar("source.tova");

/** Lines of tokens (`start`, `end`, `text`, `scopes`), and how many constructs are still open at the end. */
export function tokenize(text) {
  let stack = textmate.INITIAL;
  const lines = text.split("\n").map((line) => {
    const result = grammar.tokenizeLine(line, stack);
    stack = result.ruleStack;
    return result.tokens.map((token) => ({
      start: token.startIndex,
      end: Math.min(token.endIndex, line.length),
      text: line.slice(token.startIndex, token.endIndex),
      scopes: token.scopes,
    }));
  });
  return { lines, open: stack.depth - 1 };
}
