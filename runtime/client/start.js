// Gets a page's module and starts it.

const load = (url) => WebAssembly.compileStreaming(fetch(url), { builtins: ["js-string"], importedStringConstants: "'" });

const start = async (module) => {
  x = (await WebAssembly.instantiate(module, imports)).exports;
  run(x.main);
  run(x.mount);
};

const refused = (e) => {
  document.body.append("This page needs a newer browser. ");
  throw e;
};
