// Which program a file belongs to, by the rules of the language server.
import { existsSync, readFileSync, readdirSync } from "node:fs";
import * as path from "node:path";

const MARKS = ["tova.toml", "app.tova", "main.tova"];

/** The folder that is the program of a file, or the file itself if it stands alone. */
export function programOf(file: string): string {
  const folder = path.dirname(file);
  for (let at = folder; ; at = path.dirname(at)) {
    if (MARKS.some((mark) => existsSync(path.join(at, mark)))) return at;
    if (path.dirname(at) === at) break;
  }
  const sources = readdirSync(folder).filter((name) => name.endsWith(".tova"));
  const blocks = sources.length > 1 && sources.some((name) => hasBlock(readFileSync(path.join(folder, name), "utf8")));
  return blocks ? folder : file;
}

function hasBlock(text: string): boolean {
  return /^(?:shared|server|client|browser)\s*(?:"[^"\n]*"\s*)?\{/m.test(text);
}
