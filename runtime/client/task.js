// What happens later: timers, remote calls, sockets. All of them come back through exports of the module.

// A wait has a function that calls it off, and comes back to the module that it began in.
/** (f64, any) -> ref */
export const sleep = (ms, task) => {
  const { resume } = x, id = setTimeout(() => run(resume, task, null), ms);
  return () => clearTimeout(id);
};

/** (ref) -> () */
export const call_off = (f) => { f(); };

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
  const c = new AbortController(), { resume, fail } = x;
  const token = sessionStorage["tova.token"];
  const headers = { "content-type": "application/json" };
  if (token) headers.authorization = "Bearer " + token;
  if (base[0] == ":") base = location.protocol + "//" + location.hostname + base;
  const failed = (message, code, status) => c.signal.aborted || run(fail, task, message, code, status, called = name);
  fetch(base + "/rpc/" + name, {
    method: "POST", headers, body: '{"__args":[' + args + "]}",
    signal: AbortSignal.any([c.signal, AbortSignal.timeout(3e4)]),
  }).then(async (r) => {
    const v = json_parse(await r.text()) ?? {};
    if (r.ok && "result" in v) c.signal.aborted || run(resume, task, v.result);
    else failed(v.error?.message ?? "HTTP " + r.status, v.error?.code ?? null, r.status);
  }).catch((e) => failed(e.message, e.name == "TimeoutError" ? "TIMEOUT" : "NETWORK", 0));
  return () => c.abort();
};

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
