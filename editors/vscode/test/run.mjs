// The tests of the extension. The last line has the form that `cargo xtask test` counts.
import * as cases from "./cases.mjs";
import * as client from "./client.mjs";
import * as manifest from "./manifest.mjs";
import * as archive from "./package.mjs";
import * as repository from "./repository.mjs";
import * as words from "./words.mjs";

const tests = { ...cases.tests(), ...repository.tests(), ...words.tests(), ...manifest.tests(), ...client.tests(), ...archive.tests() };
const wanted = process.argv[2] ?? "";
let passed = 0;
const failed = [];
for (const [name, test] of Object.entries(tests).filter(([name]) => name.includes(wanted))) {
  try {
    await test();
    passed += 1;
    console.log(`test ${name} ... ok`);
  } catch (error) {
    failed.push(name);
    console.log(`test ${name} ... FAILED\n${error.message}\n`);
  }
}
const verdict = failed.length === 0 && passed > 0 ? "ok" : "FAILED";
console.log(`\ntest result: ${verdict}. ${passed} passed; ${failed.length} failed;`);
process.exitCode = verdict === "ok" ? 0 : 1;
