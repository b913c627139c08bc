// What happens later: timers, remote calls, sockets. All of them come back through exports of the module.

/** (f64, any) -> ref */
export const sleep = (ms, task) => setTimeout(() => run(x.resume, task, null), ms);

/** (ref) -> () */
export const cancel_sleep = (id) => { clearTimeout(id); };

/** (any, f64) -> f64 */
export const set_timeout = (f, ms) => +setTimeout(() => run(x.call, f), ms);

/** (any, f64) -> f64 */
export const set_interval = (f, ms) => +setInterval(() => run(x.call, f), ms);

/** (f64) -> () */
export const clear_timer = (id) => { clearTimeout(id); };

// Calls a function of a server: a `base` of `:3001` is that port of the page's host. Comes back with the result, or with a
// message, a code and a status.
/** (str, str, str, any) -> ref */
export const rpc = (base, name, args, task) => {
  const c = new AbortController();
  const token = sessionStorage["tova.token"];
  const headers = { "content-type": "application/json" };
  if (token) headers.authorization = "Bearer " + token;
  if (base[0] == ":") base = location.protocol + "//" + location.hostname + base;
  const fail = (message, code, status) => run(x.fail, task, message, code, status);
  fetch(base + "/rpc/" + name, {
    method: "POST", headers, body: '{"__args":[' + args + "]}",
    signal: AbortSignal.any([c.signal, AbortSignal.timeout(3e4)]),
  }).then(async (r) => {
    const v = await r.json().catch(() => ({}));
    if (c.signal.aborted) return;
    if (r.ok && "result" in v) run(x.resume, task, v.result);
    else fail(v.error?.message ?? name + ": " + r.status, v.error?.code ?? "", r.status);
  }, (e) => c.signal.aborted || fail(name + ": " + e.message, e.name == "TimeoutError" ? "TIMEOUT" : "NETWORK", 0));
  return c;
};

/** (ref) -> () */
export const abort = (c) => { c.abort(); };

/** (str) -> ref */
export const socket = (url) => new WebSocket(url);

/** (ref, str) -> () */
export const socket_send = (w, s) => { w.send(s); };

/** (ref) -> () */
export const socket_close = (w) => { w.close(); };

// `onopen` and its kin, with a closure that takes nothing.
/** (ref, str, any) -> () */
export const handler = (o, k, f) => { o[k] = () => run(x.call, f); };

// `onmessage`, with a closure that takes the event.
/** (ref, str, any) -> () */
export const handler_event = (o, k, f) => { o[k] = (e) => run(x.event, f, e); };

/** (ref, str) -> f64 */
export const get_number = (o, k) => +o[k];
