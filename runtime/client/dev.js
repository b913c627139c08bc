// Added in dev: takes in a new module and keeps the state of the blocks; shows faults over the page, with their places.

const timers = new Set();
const setTimeout = (f, ms) => {
  const id = globalThis.setTimeout(f, ms);
  timers.add(id);
  return id;
};
const setInterval = (f, ms) => {
  const id = globalThis.setInterval(f, ms);
  timers.add(id);
  return id;
};

const sockets = new Set();
const WebSocket = class extends globalThis.WebSocket {
  constructor(url) {
    super(url);
    sockets.add(this);
  }
};

// Texts of the places that faults name by number; the module carries them.
let places = [];

const begin = async (module) => {
  const [section] = WebAssembly.Module.customSections(module, "places");
  places = section ? JSON.parse(new TextDecoder().decode(section)) : [];
  x = (await WebAssembly.instantiate(module, imports)).exports;
  run(x.main);
};

const shown = (tag, text, style) => Object.assign(document.createElement(tag), { textContent: text, style });

const hide = () => document.getElementById("tova-fault")?.remove();

report = (e) => {
  const place = places[e.place] ?? "";
  console.error((e.call ?? place) + ":", e);
  hide();
  const panel = shown("div", "", "position:fixed;left:0;right:0;bottom:0;z-index:2147483646;max-height:50vh;overflow:auto;padding:16px 24px;background:#1b1014f2;color:#ffd9d9;font:14px/1.5 ui-monospace,monospace;border-top:2px solid #ff6b6b");
  panel.id = "tova-fault";
  panel.setAttribute("role", "alert");
  panel.append(
    shown("div", (e.call ? e.call + ": " : "") + (e.code ? e.code + " " : "") + (e.message ?? e), "font-weight:bold"),
    shown("div", place, "color:#8ab4f8"),
    shown("div", "The page goes on. Esc hides this.", "color:#9aa0aa"),
  );
  document.body.append(panel);
};

addEventListener("keydown", (e) => e.key == "Escape" && hide());

globalThis.__tova = {
  // The new module takes the place of the present one.
  async swap(url) {
    const module = await load(url);
    states.clear();
    run(x.save_states);
    run(x.stop);
    for (const id of timers) clearTimeout(id);
    timers.clear();
    for (const s of sockets) {
      s.onopen = s.onmessage = s.onclose = s.onerror = null;
      s.close();
    }
    sockets.clear();
    templates.length = 0;
    place().textContent = "";
    hide();
    await begin(module);
    build();
    // The page shows, then the effects start again: they may ask servers and open sockets.
    await new Promise((shown) => globalThis.setTimeout(shown));
    run(x.start);
  },
};

load(new URL("client.wasm", import.meta.url)).then(begin).then(() => {
  run(x.start);
  run(x.mount);
}).catch(refused);
