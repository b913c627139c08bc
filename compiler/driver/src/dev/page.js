// Added to the page by `tova dev`: takes new versions of the page in, and shows problems of the program over it.
// `PORT` and `VERSION` stand in the line above.

let version = VERSION;
let overlay = null;

const style = (element, rules) => (Object.assign(element.style, rules), element);

const make = (tag, text, rules) => {
  const element = style(document.createElement(tag), rules);
  element.textContent = text;
  return element;
};

const hide = () => {
  overlay?.remove();
  overlay = null;
};

const show = (problems) => {
  hide();
  overlay = make("div", "", {
    position: "fixed", inset: "0", zIndex: "2147483647", overflow: "auto", padding: "5vh 6vw",
    background: "rgba(14, 16, 22, .93)", color: "#e8e8ee", font: "14px/1.5 ui-monospace, monospace",
  });
  overlay.id = "tova-problems";
  overlay.setAttribute("role", "alert");
  for (const { code, severity, message, file, line, column, frame, help } of problems) {
    const colour = severity === "warning" ? "#ffd166" : "#ff6b6b";
    overlay.append(make("div", `${code} ${message}`, { color: colour, fontWeight: "bold", fontSize: "16px" }));
    overlay.append(make("div", `${file}:${line}:${column}`, { color: "#8ab4f8" }));
    overlay.append(make("pre", frame, { margin: "8px 0", whiteSpace: "pre-wrap" }));
    if (help) overlay.append(make("div", `help: ${help}`, { color: "#9ae6b4" }));
    overlay.append(make("div", "", { height: "28px" }));
  }
  const fate = version ? "The last good version keeps running. Esc hides this." : "The program starts as soon as this is mended.";
  overlay.append(make("div", fate, { color: "#9aa0aa" }));
  document.body.append(overlay);
};

const restyle = (css) => {
  for (const link of document.querySelectorAll('link[rel="stylesheet"]')) {
    if (css && new URL(link.href).pathname === css.split("?")[0]) link.href = css;
  }
};

const update = async (change) => {
  version = change.version;
  restyle(change.css);
  try {
    if (!change.swap) throw new Error("the page itself changed");
    await globalThis.__tova.swap(change.wasm);
  } catch {
    location.reload();
  }
};

addEventListener("keydown", (event) => event.key === "Escape" && hide());

const events = new EventSource(`http://${location.hostname}:${PORT}/events`);
const on = (name, act) => events.addEventListener(name, (event) => act(JSON.parse(event.data)));
on("hello", (hello) => {
  if (version ? hello.version && hello.version !== version : hello.runs) location.reload();
});
// A page that waits for the program to be built has no version.
on("runs", () => version || location.reload());
on("update", update);
on("problems", show);
on("ok", hide);
