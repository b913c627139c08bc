// The string functions of the engine, for engines that do not have them built in.

export const js_concat = (a, b) => a + b;

export const js_equals = (a, b) => a === b;

export const js_compare = (a, b) => a < b ? -1 : a > b;

export const js_length = (s) => s.length;

export const js_test = (s) => typeof s == "string";

export const js_cast = (s) => s;

export const js_charCodeAt = (s, i) => s.charCodeAt(i);

export const js_codePointAt = (s, i) => s.codePointAt(i);

export const js_substring = (s, a, b) => s.substring(a, b);

export const js_fromCharCode = (c) => String.fromCharCode(c);

export const js_fromCodePoint = (c) => String.fromCodePoint(c);
