// Writes the grammar as VS Code reads it.
import { writeFileSync } from "node:fs";
import { grammar } from "./tova.mjs";

writeFileSync(new URL("tova.tmLanguage.json", import.meta.url), `${JSON.stringify(grammar, null, 2)}\n`);
