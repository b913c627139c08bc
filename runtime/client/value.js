// Numbers as text, text as numbers, JSON, maps.

// Floats, and ints up to 2^53.
/** (f64) -> str */
export const number_text = (v) => "" + v;

// Ints that a number does not hold become `BigInt`s; engines without `source` round them.
const exact = (_, v, at) => typeof v == "number" && !Number.isSafeInteger(v) && /^-?\d+$/.test(at?.source) ? BigInt(at.source) : v;

// Names that are numbers would be moved to the front of an object: a mark keeps them in their place.
const parse = (s) => JSON.parse(s.replace(/"(\d+)"(?=\s*:)/g, '"\ue000$1"'), /\d{16}/.test(s) ? exact : null);

// Absent (`undefined`) if the text is not JSON.
/** (str) -> ref */
export const json_parse = (s) => {
  try {
    return parse(s);
  } catch {}
};

// The same for a program's `JSON.parse`: it throws.
/** (str) -> ref */
export const json_read = (s) => {
  const v = json_parse(s);
  if (v === undefined) throw raised("the text is not JSON", "INVALID_JSON", 400);
  return v;
};

/** (f64) -> str */
export const json_number = (v) => isFinite(v) ? "" + v : "null";

/** (str) -> str */
export const json_text = (s) => JSON.stringify(s);

// 0 null, 1 bool, 2 safe integer, 3 other number, 4 string, 5 list, 6 object, 7 anything else or absent.
/** (ref) -> i32 */
export const json_kind = (v) =>
  v === null ? 0 : v === !!v ? 1 : Number.isSafeInteger(v) || typeof v == "bigint" ? 2 : v === +v ? 3 : v === "" + v ? 4 : Array.isArray(v) ? 5 : typeof v == "object" ? 6 : 7;

// NaN if it is not a number: a plain conversion at the boundary would make a number of anything.
/** (ref) -> f64 */
export const json_float = (v) => /num|big/.test(typeof v) ? Number(v) : NaN;

// The upper and the lower half of a `BigInt`; NaN for everything else.
/** (ref) -> f64 */
export const json_high = (v) => typeof v == "bigint" ? Number(v >> 32n) : NaN;

/** (ref) -> f64 */
export const json_low = (v) => Number(v & 0xffffffffn);

// 0, 1, or 2 for what is not a bool.
/** (ref) -> i32 */
export const json_bool = (v) => v === !!v ? v : 2;

/** (ref, str) -> ref */
export const json_get = (v, k) => Object.hasOwn(v, k) ? v[k] : Object.hasOwn(v, "\ue000" + k) ? v["\ue000" + k] : undefined;

/** (ref, i32) -> ref */
export const json_at = (v, i) => v[i];

/** (ref) -> i32 */
export const json_len = (v) => v.length;

/** (ref) -> ref */
export const json_keys = (v) => Object.keys(v).map((k) => k.replace("\ue000", ""));

/** () -> ref */
export const map_new = () => new Map();

/** (ref) -> ref */
export const map_copy = (m) => new Map(m);

/** (ref, ref) -> any */
export const map_get = (m, k) => m.get(k) ?? null;

/** (ref, ref, any) -> () */
export const map_set = (m, k, v) => { m.set(k, v); };

/** (ref, ref) -> i32 */
export const map_has = (m, k) => m.has(k);

/** (ref, ref) -> i32 */
export const map_delete = (m, k) => m.delete(k);

/** (ref) -> i32 */
export const map_size = (m) => m.size;

// The keys, and the values, as lists for `json_at`.
/** (ref) -> ref */
export const map_keys = (m) => [...m.keys()];

/** (ref, i32) -> any */
export const any_at = (v, i) => v[i];

/** (ref) -> ref */
export const map_values = (m) => [...m.values()];

// Numbers as keys of maps.
/** (f64) -> ref */
export const box_number = (v) => v;

/** (ref, ref) -> i32 */
export const same = (a, b) => a === b;

// Null, or not there at all.
/** (ref) -> i32 */
export const json_absent = (v) => v == null;
