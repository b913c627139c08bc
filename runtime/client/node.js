// The end of a script for Node: gets the module beside it and runs it. What nothing catches ends the process; `tova_places` of the global
// object, if there is one, has the place in the source for each number that a fault names.

import { readFileSync } from "node:fs";

report = (e) => {
  const place = globalThis.tova_places?.[e?.place];
  console.error("error: " + error_message(e) + (place ? "\n  at " + place : ""));
  process.exitCode = 1;
};

const wasm = readFileSync(new URL("script.wasm", import.meta.url));
x = (await WebAssembly.instantiate(wasm, imports, { builtins: ["js-string"], importedStringConstants: "'" })).instance.exports;
run(x.main);
