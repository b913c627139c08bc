// Tests: when one is over, and how they see the page and act on it.

// Ends the test that runs.
let ended;

/** () -> () */
export const test_done = () => { ended(); };

// Starts the effects of the client blocks, once.
let begun;

/** () -> () */
export const test_begin = () => {
  if (!begun && x.start) begun = true, run(x.start);
};

/** (ref) -> ref */
export const test_render = (n) => {
  const container = document.createElement("div");
  container.dataset.rendered = "";
  container.append(n ?? "");
  place().append(container);
  return { container };
};

/** (ref) -> ref */
export const test_within = (container) => ({ container });

/** () -> ref */
export const test_whole_page = () => ({ container: document.body });

/** () -> () */
export const test_cleanup = () => { document.querySelectorAll("[data-rendered]").forEach((n) => n.remove()); };

/** (ref) -> () */
export const test_dispose = (s) => { s.container.remove(); };

/** (ref) -> str */
export const test_text = (s) => squeezed(s.container.textContent);

/** (ref) -> str */
export const test_debug = (s) => s.container.innerHTML.replace(/<!--.*?-->/g, "");

const squeezed = (s) => s.replace(/\s+/g, " ").trim();

/** (ref, str) -> ref */
export const test_query = (s, selector) => s.container.querySelector(selector);

/** (ref, str) -> f64 */
export const test_count = (s, selector) => s.container.querySelectorAll(selector).length;

/** (ref, str, f64) -> ref */
export const test_nth = (s, selector, at) => s.container.querySelectorAll(selector)[at];

// Of elements inside of each other with the same text the innermost one.
/** (ref, str) -> ref */
export const test_by_text = (s, text) => {
  const has = (n) => squeezed(n.textContent) == squeezed(text);
  const found = [...s.container.querySelectorAll("*:not(script, style)")].find((n) => has(n) && ![...n.children].some(has));
  return found ?? null;
};

/** (ref, str) -> ref */
export const test_by_test_id = (s, id) => s.container.querySelector(`[data-testid="${CSS.escape(id)}"]`);

// The elements that have a role without saying so.
const roles = {
  alert: "", article: "article", button: "button, summary, input[type=button], input[type=submit], input[type=reset]", cell: "td", checkbox: "input[type=checkbox]",
  combobox: "select:not([multiple])", dialog: "dialog", form: "form", heading: "h1, h2, h3, h4, h5, h6", img: "img", link: "a[href]", list: "ul, ol", listbox: "select[multiple]",
  listitem: "li", main: "main", navigation: "nav", option: "option", progressbar: "progress", radio: "input[type=radio]", row: "tr", slider: "input[type=range]",
  spinbutton: "input[type=number]", status: "output", table: "table",
  textbox: "textarea, input:not([type]), input[type=text], input[type=email], input[type=tel], input[type=url], input[type=password], input[type=search]",
};

// What an element is called by those who do not see it.
const named = (n) => squeezed(n.getAttribute("aria-label") ?? n.labels?.[0]?.textContent ?? n.getAttribute("alt") ??
  (n.matches("input[type=button], input[type=submit], input[type=reset]") ? n.value : n.textContent || n.getAttribute("placeholder") || n.getAttribute("title") || ""));

/** (ref, str, str) -> ref */
export const test_by_role = (s, role, name) => {
  const own = roles[role] ? `, :is(${roles[role]}):not([role])` : "";
  const found = [...s.container.querySelectorAll(`[role="${CSS.escape(role)}"]` + own)];
  return found.find((n) => !name || named(n) == squeezed(name)) ?? null;
};

// The interface of each event; others are plain events.
const kinds = {
  click: "MouseEvent", dblclick: "MouseEvent", mouseover: "MouseEvent", mouseout: "MouseEvent", mouseenter: "MouseEvent", mouseleave: "MouseEvent",
  mousedown: "MouseEvent", mouseup: "MouseEvent", mousemove: "MouseEvent", input: "InputEvent", keydown: "KeyboardEvent", keyup: "KeyboardEvent", keypress: "KeyboardEvent",
  submit: "SubmitEvent", focus: "FocusEvent", blur: "FocusEvent", focusin: "FocusEvent", focusout: "FocusEvent",
};

/** (ref, str, str) -> () */
export const test_fire = (n, name, options) => {
  const { target, value = target?.value, checked = target?.checked, ...init } = JSON.parse(options);
  if (value !== undefined) n.value = value;
  if (checked !== undefined) n.checked = checked;
  const fire = (name, bubbles) => n.dispatchEvent(new globalThis[kinds[name] ?? "Event"](name, { bubbles, cancelable: true, composed: true, ...init }));
  let seen = false;
  const see = () => { seen = true; };
  if (name == "focus" || name == "blur") {
    // The browser tells by itself, unless its window is not in front.
    n.addEventListener(name, see, { once: true });
    n[name]();
    n.removeEventListener(name, see);
    if (!seen) fire(name, false), fire(name == "focus" ? "focusin" : "focusout", true);
  } else {
    if (name == "mouseenter") fire("mouseover", true);
    if (name == "mouseleave") fire("mouseout", true);
    fire(name, !/^mouse(enter|leave)$/.test(name));
  }
};
