// The end of the script of a page with one test, the one that its address names. It tells the page around it how the test ended.

const told = parent.tell;
console.log = (...parts) => told({ print: parts.join(" ") });
console.error = console.log;

const index = +location.hash.slice(1);
const finish = (problem) => {
  if (!finish.began) return;
  const micros = Math.round((performance.now() - finish.began) * 1000);
  finish.began = 0;
  told({ end: index, micros, ...(problem && { message: error_message(problem), place: problem.place }) });
};

load(new URL("tests.wasm", import.meta.url)).then(async (module) => {
  x = (await WebAssembly.instantiate(module, imports)).exports;
  told({ start: index });
  finish.began = performance.now();
  ended = () => finish();
  report = finish;
  if (x.main) run(x.main);
  run(x["test_" + index]);
}).catch((e) => { told({ start: index }); told({ end: index, micros: 0, message: "the page did not start: " + e }); });
