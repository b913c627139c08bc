// Listeners: one for each kind of event on the document; elements keep their closures themselves.

// The names of the expandos, by kind.
const keys = {};

// The element whose listener runs.
let current;

const delegate = (kind) => {
  const key = "$$" + kind;
  document.addEventListener(kind, (e) => {
    for (let n = e.target; n; n = n.parentNode) {
      const f = n[key];
      if (f && !n.disabled) {
        run(x.event, f, e, current = n);
        if (e.cancelBubble) break;
      }
    }
  });
  return keys[kind] = key;
};

// For events that bubble.
/** (ref, str, any) -> () */
export const on = (n, kind, f) => { n[keys[kind] ?? delegate(kind)] = f; };

// For the others, and for listeners with options: 1 once, 2 capture, 4 passive.
/** (ref, str, any, i32) -> () */
export const listen = (n, kind, f, o) => {
  n.addEventListener(kind, (e) => run(x.event, f, e, current = n), { once: !!(o & 1), capture: !!(o & 2), passive: !!(o & 4) });
};

/** (ref) -> () */
export const prevent_default = (e) => { e.preventDefault(); };

/** (ref) -> () */
export const stop_propagation = (e) => { e.stopPropagation(); };

/** (ref) -> i32 */
export const is_self = (e) => e.target == current;

/** (ref) -> () */
export const focus = (n) => { n.focus(); };
