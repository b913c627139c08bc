// Gets a page's module and starts it.

const load = (url) => WebAssembly.compileStreaming(fetch(url), { builtins: ["js-string"], importedStringConstants: "'" });

// A view that faults while the page is built takes nothing else with it: what faults is told in a second try, which leaves only that out.
const build = () => {
  try {
    x.mount();
  } catch {
    x.rebuild();
    run(x.mount);
  }
};

const start = async (module) => {
  x = (await WebAssembly.instantiate(module, imports)).exports;
  run(x.main);
  build();
};

const refused = (e) => {
  document.body.append("This page needs a newer browser. ");
  throw e;
};
