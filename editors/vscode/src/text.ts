// What needs no editor: the words that `tova` is called with, and what it says.

/** Arguments that run a test or all tests of a file. */
export function testArguments(file: string, name: string | undefined): string[] {
  return ["test", file, ...(name === undefined ? [] : ["--filter", name])];
}

/** Arguments that measure a benchmark or all benchmarks of a file. */
export function benchArguments(file: string, name: string | undefined): string[] {
  return ["bench", file, ...(name === undefined ? [] : ["--filter", name])];
}

/** A server that `tova dev` says it serves: `    -> server:api: http://localhost:3000`. The page of a program without servers is `client`. */
export interface Served {
  label: string;
  url: string;
}

/** The server that a line of `tova dev` tells of. */
export function servedBy(line: string): Served | undefined {
  const found = /^\s*-> (client|server(?::[^:\s]+)?): (http:\/\/\S+)\s*$/.exec(line);
  return found?.[1] === undefined || found[2] === undefined ? undefined : { label: found[1], url: found[2] };
}

/** How `tova dev` calls a server. */
export function serverLabel(name: string | undefined): string {
  return name === undefined ? "server" : `server:${name}`;
}

/** The parameters of a route's path: `/users/:id/*rest` has `id` and `rest`. */
export function parametersOf(path: string): string[] {
  return [...path.matchAll(/[:*]([\p{L}_][\p{L}\p{N}_]*)/gu)].map((found) => found[1] ?? "");
}

/** The path of a request: each parameter with its value. What stands for the rest of a path keeps its slashes. */
export function filled(path: string, values: ReadonlyMap<string, string>): string {
  return path.replace(/([:*])([\p{L}_][\p{L}\p{N}_]*)/gu, (whole, mark: string, name: string) => {
    const value = values.get(name);
    if (value === undefined) return whole;
    return mark === ":" ? encodeURIComponent(value) : value.split("/").map(encodeURIComponent).join("/");
  });
}

/** Whole lines of a stream that comes in pieces. */
export class Lines {
  #rest = "";

  /** The lines that `piece` ends. */
  push(piece: string): string[] {
    const lines = (this.#rest + piece).split("\n");
    this.#rest = lines.pop() ?? "";
    return lines.map((line) => line.replace(/\r$/, ""));
  }
}

/** What `tova explain` prints, as Markdown: its first line is the title, `Bad` and `Good` are sections, what is indented is code. */
export function explanation(printed: string): string {
  const out: string[] = [];
  let code = false;
  const lines = printed.trim().split("\n");
  lines.forEach((line, index) => {
    const indented = line.startsWith("    ");
    // An empty line between two indented ones belongs to the code.
    const inside = indented || (code && line.trim() === "" && (lines[index + 1] ?? "").startsWith("    "));
    if (inside !== code) {
      out.push(inside ? "```tova" : "```");
      code = inside;
    }
    if (inside) out.push(line.slice(4));
    else if (index === 0) out.push(`# ${line}`);
    else if (/^(Bad|Good)$/.test(line)) out.push(`## ${line}`);
    else out.push(line);
  });
  if (code) out.push("```");
  return `${out.join("\n")}\n`;
}

/** Whether this looks like the code of a diagnostic: `E0201`, `W0301`. */
export function isCode(text: string): boolean {
  return /^[EW]\d{4}$/i.test(text.trim());
}
