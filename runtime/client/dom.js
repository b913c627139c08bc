// Nodes: templates are parsed once and cloned; holes are reached by walking.

const templates = [];

// The nodes of a text, owned by the document, so that clones need no adoption. Several nodes stand in a fragment.
const parsed = (html, i) => {
  const t = document.createElement("template");
  t.innerHTML = html;
  const { content } = t;
  return templates[i] = document.importNode(content.childNodes[1] ? content : content.firstChild, true);
};

/** (str, i32) -> ref */
export const template = (html, i) => (templates[i] ?? parsed(html, i)).cloneNode(true);

// Inside of an `svg`, for the sake of the namespace.
/** (str, i32) -> ref */
export const template_svg = (html, i) => (templates[i] ??= parsed("<svg>" + html + "</svg>", i).firstChild).cloneNode(true);

/** (ref) -> ref */
export const first_child = (n) => n.firstChild;

/** (ref) -> ref */
export const next_sibling = (n) => n.nextSibling;

/** (str) -> ref */
export const text_node = (s) => document.createTextNode(s);

/** () -> ref */
export const fragment = () => document.createDocumentFragment();

/** (ref, str) -> () */
export const set_data = (n, s) => { n.data = s; };

// One of several texts that are written together: after the first time only if it changed.
/** (ref, str, i32) -> () */
export const update_data = (n, s, first) => { if (first || n.data !== s) n.data = s; };

/** (ref, str) -> () */
export const set_text = (n, s) => { n.textContent = s; };

/** (ref, ref) -> () */
export const append = (p, n) => { p.appendChild(n); };

// Puts a node before the anchor, or at the end of the parent if there is none.
/** (ref, ref, ref) -> () */
export const insert = (p, n, a) => { a ? a.parentNode.insertBefore(n, a) : p.appendChild(n); };

// The ends of a view: of a fragment its first and last node, else the node itself.
/** (ref) -> ref */
export const first_node = (n) => n.nodeType == 11 ? n.firstChild : n;

/** (ref) -> ref */
export const last_node = (n) => n.nodeType == 11 ? n.lastChild : n;

// Removes the nodes from the first to the last.
/** (ref, ref) -> () */
export const remove_range = (a, b) => {
  while (a != b) {
    const n = a.nextSibling;
    a.remove();
    a = n;
  }
  b.remove();
};

// Moves the nodes from the first to the last before the anchor, or to the end of the parent.
/** (ref, ref, ref, ref) -> () */
export const move_range = (p, a, b, anchor) => {
  p = anchor ? anchor.parentNode : p;
  for (let n; n != b;) {
    n = a;
    a = n.nextSibling;
    p.insertBefore(n, anchor);
  }
};

/** (ref, str, str) -> () */
export const set_attr = (n, k, s) => { n.setAttribute(k, s); };

/** (ref, str) -> () */
export const remove_attr = (n, k) => { n.removeAttribute(k); };

// An address that would run code is dropped.
/** (ref, str, str) -> () */
export const set_url = (n, k, s) => {
  if (/^[\s\0-\x1f]*(javascript|vbscript|data:text\/html)\s*[:;,]/i.test(s)) console.warn("dropped", k, s), s = "";
  n.setAttribute(k, s);
};

/** (ref, str, i32) -> () */
export const toggle_attr = (n, k, on) => { n.toggleAttribute(k, !!on); };

/** (ref, str, i32) -> () */
export const toggle_class = (n, k, on) => { k && n.classList.toggle(k, !!on); };

/** (ref, str) -> () */
export const set_class = (n, s) => { n.setAttribute("class", s); };

/** (ref, str, str) -> () */
export const set_style = (n, k, s) => { n.style.setProperty(k, s); };

/** (ref, i32) -> () */
export const show = (n, on) => { n.style.display = on ? "" : "none"; };

// `value` is written only if it differs, so that the caret stays.
/** (ref, str, str) -> () */
export const set_prop = (n, k, s) => { if (n[k] !== s) n[k] = s; };

/** (ref, str, i32) -> () */
export const set_flag = (n, k, on) => { n[k] = !!on; };

/** (ref, str) -> str */
export const get_prop = (n, k) => "" + n[k];

/** (ref, str) -> i32 */
export const get_flag = (n, k) => n[k];

/** (ref, str) -> ref */
export const get_ref = (n, k) => n[k];

// Where the page goes: the element `app`, or the body.
const place = () => document.getElementById("app") ?? document.body;

/** (ref) -> () */
export const mount = (n) => { place().append(n); };
