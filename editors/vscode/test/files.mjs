// Files of the repository that the tests look at.
import { readFileSync, readdirSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { join, relative } from "node:path";

export const ROOT = fileURLToPath(new URL("../../..", import.meta.url));

/** Sources that are Tova from the first line to the last. */
const WHOLE = ["examples", "stdlib", "tests/language", "tests/pages", "tests/snapshots/parse", "compiler/driver/templates"];
const FOREIGN = new Set(["node_modules", "target", "dist", ".tova"]);

export function read(path) {
  return readFileSync(join(ROOT, path), "utf8");
}

/** The paths of all whole `.tova` sources of the repository. */
export function sources() {
  return WHOLE.flatMap((folder) => below(join(ROOT, folder)))
    .map((path) => relative(ROOT, path))
    .sort();
}

function below(folder) {
  return readdirSync(folder, { withFileTypes: true }).flatMap((entry) => {
    const path = join(folder, entry.name);
    if (entry.isDirectory()) return FOREIGN.has(entry.name) ? [] : below(path);
    return entry.name.endsWith(".tova") ? [path] : [];
  });
}
