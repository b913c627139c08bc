// The end of a script for Node: gets the module beside it and runs it. What nothing catches ends the process with a message and, if the
// module knows it, the place in the source.

import { readFileSync } from "node:fs";

const options = { builtins: ["js-string"], importedStringConstants: "'" };
const code = await WebAssembly.compile(readFileSync(new URL("script.wasm", import.meta.url)), options);

report = (e) => {
  const [section] = WebAssembly.Module.customSections(code, "places");
  const place = section && JSON.parse(new TextDecoder().decode(section))[e?.place];
  console.error("error: " + error_message(e) + (place ? "\n  at " + place : ""));
  process.exitCode = 1;
};

x = (await WebAssembly.instantiate(code, imports)).exports;
run(x.main);
