// Errors: what the module throws and catches are errors of the host, with a code, a status and, in dev, a place.

const raised = (message, code, status, place) => Object.assign(new Error(message), { code, status, place });

/** (str, i32) -> () */
export const fault = (message, place) => { throw raised(message, null, 0, place); };

/** (str, ref, f64, i32) -> () */
export const throw_error = (message, code, status, place) => { throw raised(message, code, status, place); };

// The function of a server that failed, for those who read the report.
let called;

/** (str, ref, f64) -> ref */
export const new_error = (message, code, status) => Object.assign(raised(message, code, status), { call: called });

/** (ref) -> () */
export const rethrow = (e) => { throw e; };

// Engines have different words for what ran out.
/** (ref) -> str */
export const error_message = (e) => e instanceof RangeError || e.name == "InternalError" ? "the stack is exhausted: too many nested calls" : "" + (e?.message ?? e);

/** (ref) -> ref */
export const error_code = (e) => typeof e.code == "string" && e.code ? e.code : null;

/** (ref) -> f64 */
export const error_status = (e) => e.status || 0;

const kind_of = (v) => v === null ? "nil" : Array.isArray(v) ? "a list" : ({ boolean: "a boolean", number: "a number", bigint: "a number", string: "a string" })[typeof v] ?? "an object";

// Data that does not fit its type: the way to it, what was expected, what was found.
/** (str, str, ref) -> () */
export const type_error = (path, expected, found) => {
  const problem = found === undefined ? "missing" : found === +found && expected == "an integer" ? "expected an integer, found a number with a fraction" : "expected " + expected + ", found " + kind_of(found);
  throw raised((path && path + ": ") + problem, "TYPE_ERROR", 400);
};

// A step of the way, a name or else an index, before the rest.
/** (ref, i32, str) -> str */
export const path_text = (name, index, rest) => (name ?? "[" + index + "]") + (!rest || rest[0] == "[" ? "" : ".") + rest;

/** (ref) -> () */
export const report_error = (e) => { report(e); };

// An effect that never comes to rest.
/** (i32) -> () */
export const endless = (place) => { report(raised("an effect keeps changing what it reads", null, 0, place)); };
