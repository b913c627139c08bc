// Texts, counted in Unicode scalar values, and numbers as both sides of a program show them.

// Whether every character of a text is one unit, as in nearly all texts; remembered for loops over one text.
let seen, was;
const plain = (s) => s === seen ? was : (seen = s, was = !/[\ud800-\udfff]/.test(s));

// A text as something with a length and places.
const units_of = (s) => plain(s) ? s : [...s];

/** (str) -> i32 */
export const text_len = (s) => units_of(s).length;

/** (str, f64) -> ref */
export const text_at = (s, i) => units_of(s).at(i) ?? null;

/** (str, f64, f64, f64, i32) -> str */
export const text_slice = (s, start, end, step, place) => {
  const all = units_of(s), n = all.length;
  if (step === 0) throw raised("the step of a slice is 0", null, 0, place);
  step ||= 1;
  const low = step < 0 ? -1 : 0, high = step < 0 ? n - 1 : n;
  const bound = (v, other) => isNaN(v) ? other : v < 0 ? Math.max(v + n, low) : Math.min(v, high);
  let at = bound(start, step < 0 ? high : low), out = "";
  if (step === 1 && all === s) return s.slice(at, Math.max(at, bound(end, high)));
  for (end = bound(end, step < 0 ? low : high); step < 0 ? at > end : at < end; at += step) out += all[at];
  return out;
};

/** (str) -> str */
export const text_upper = (s) => s.toUpperCase();

/** (str) -> str */
export const text_lower = (s) => s.toLowerCase();

/** (str) -> str */
export const text_trim = (s) => s.trim();

/** (str) -> str */
export const text_trim_start = (s) => s.trimStart();

/** (str) -> str */
export const text_trim_end = (s) => s.trimEnd();

/** (str, str) -> ref */
export const text_split = (s, by) => by ? s.split(by) : [...s];

/** (str) -> ref */
export const text_chars = (s) => [...s];

/** (str) -> ref */
export const text_words = (s) => s.split(/\s+/).filter((word) => word);

/** (str, str, str) -> str */
export const text_replace = (s, from, to) => s.replaceAll(from, () => to);

/** (str, str) -> i32 */
export const text_contains = (s, part) => s.includes(part);

/** (str, str) -> i32 */
export const text_starts = (s, part) => s.startsWith(part);

/** (str, str) -> i32 */
export const text_ends = (s, part) => s.endsWith(part);

// NaN if it does not occur.
/** (str, str) -> f64 */
export const text_index = (s, part) => {
  const at = s.indexOf(part);
  return at < 0 ? NaN : [...s.slice(0, at)].length;
};

/** (str, f64, i32) -> str */
export const text_repeat = (s, n, place) => {
  if (n < 0) throw raised("a text cannot be repeated a negative number of times", null, 0, place);
  if (s.length * n > 2 ** 29) throw raised("the repeated text is too long", null, 0, place);
  return s.repeat(n);
};

const padding = (s, width, fill) => {
  const all = [...fill];
  let out = "";
  for (let at = 0, n = width - [...s].length; all[0] && at < n; at++) out += all[at % all.length];
  return out;
};

/** (str, f64, str) -> str */
export const text_pad_start = (s, width, fill) => padding(s, width, fill) + s;

/** (str, f64, str) -> str */
export const text_pad_end = (s, width, fill) => s + padding(s, width, fill);

// The sign and the digits at the start, for an int; empty if there are none.
/** (str) -> str */
export const text_digits = (s) => /^\s*\+?(-?\d+)/.exec(s)?.[1] ?? "";

// The number that a text spells, or NaN.
/** (str) -> f64 */
export const text_number = (s) => /^\s*[+-]?(\d+\.?\d*(e[+-]?\d+)?|\.\d+(e[+-]?\d+)?|Infinity)\s*$/i.test(s) ? +s : NaN;

// Order by scalar value: surrogates stand for what is above all else.
/** (str, str) -> i32 */
export const text_order = (a, b) => {
  const n = Math.min(a.length, b.length);
  for (let at = 0; at < n; at++) {
    let p = a.charCodeAt(at), q = b.charCodeAt(at);
    if (p != q) {
      if (p > 0xd7ff) p = p > 0xdfff ? p - 0x800 : p + 0x2000;
      if (q > 0xd7ff) q = q > 0xdfff ? q - 0x800 : q + 0x2000;
      return p - q;
    }
  }
  return a.length - b.length;
};

const escapes = { "\n": "\\n", "\r": "\\r", "\t": "\\t" };

/** (str) -> str */
export const text_quoted = (s) => '"' + s.replace(/["\\\n\r\t]/g, (c) => escapes[c] ?? "\\" + c) + '"';

// A map's key as it is shown: names and numbers as they are.
/** (str) -> str */
export const text_key = (s) => /^[\p{Alphabetic}\p{N}_]+$/u.test(s) ? s : text_quoted(s);

/** (f64) -> f64 */
export const float_round = (v) => Math.round(v);

/** (f64, f64) -> f64 */
export const float_rem = (a, b) => a % b;

/** (f64, f64) -> f64 */
export const float_pow = (a, b) => a ** b;

/** (f64, f64, i32) -> str */
export const float_fixed = (v, digits, place) => {
  if (digits < 0 || digits > 100) throw raised("toFixed takes 0 to 100 digits, not " + digits, null, 0, place);
  return v.toFixed(digits);
};

const units = [[864e5, "d"], [36e5, "h"], [6e4, "m"], [1e3, "s"], [1, "ms"]];

// A span of milliseconds: `1h30m`.
/** (f64) -> str */
export const duration_text = (v) => {
  let out = v < 0 ? "-" : "", rest = Math.abs(v);
  for (const [size, name] of units) {
    if (rest >= size) out += Math.floor(rest / size) + name;
    rest %= size;
  }
  return v ? out : "0s";
};

// A number of bytes: `1.5 KB`.
/** (f64) -> str */
export const size_text = (v) => {
  let at = 0, size = 1;
  while (at < 4 && Math.abs(v) >= size * 1024) at++, size *= 1024;
  return Math.sign(v) * Math.round(Math.abs(v) / size * 100) / 100 + [" B", " KB", " MB", " GB", " TB"][at];
};
