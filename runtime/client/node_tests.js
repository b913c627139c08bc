// The end of a script for Node: runs the tests that the arguments name, each in a module of its own, and tells how they ended: see
// `tova_server::testing`, which tells the same of native ones.

import { readFileSync } from "node:fs";

const options = { builtins: ["js-string"], importedStringConstants: "'" };
const code = await WebAssembly.compile(readFileSync(new URL("tests.wasm", import.meta.url)), options);
const mark = process.env.TOVA_TEST_MARK ?? "";
const tell = (said) => console.log(mark + JSON.stringify(said));

for (const index of process.argv.slice(2)) {
  tell({ start: +index });
  x = (await WebAssembly.instantiate(code, imports)).exports;
  const began = performance.now();
  const problem = await new Promise((end) => {
    ended = end;
    report = end;
    run(x["test_" + index]);
  });
  const micros = Math.round((performance.now() - began) * 1000);
  tell({ end: +index, micros, ...(problem && { message: error_message(problem), place: problem.place }) });
}
process.exit();
