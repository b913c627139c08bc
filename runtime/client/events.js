// Listeners: one for each kind of event on the document; elements keep their closures themselves.

const kinds = {};

const dispatch = (e) => {
  let n = e.target;
  Object.defineProperty(e, "currentTarget", { configurable: true, get: () => n });
  const key = "$$" + e.type;
  for (; n; n = n.parentNode) {
    const f = n[key];
    if (f && !n.disabled) {
      run(x.event, f, e);
      if (e.cancelBubble) break;
    }
  }
};

// For events that bubble.
/** (ref, str, any) -> () */
export const on = (n, kind, f) => {
  n["$$" + kind] = f;
  kinds[kind] ||= !document.addEventListener(kind, dispatch);
};

// For the others, and for listeners with options: 1 once, 2 capture, 4 passive.
/** (ref, str, any, i32) -> () */
export const listen = (n, kind, f, o) => {
  n.addEventListener(kind, (e) => run(x.event, f, e), { once: !!(o & 1), capture: !!(o & 2), passive: !!(o & 4) });
};

/** (ref) -> () */
export const prevent_default = (e) => { e.preventDefault(); };

/** (ref) -> () */
export const stop_propagation = (e) => { e.stopPropagation(); };

/** (ref) -> i32 */
export const is_self = (e) => e.target == e.currentTarget;

/** (ref) -> () */
export const focus = (n) => { n.focus(); };
