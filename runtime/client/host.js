// Storage, the clock, chance, the console.

/** (str) -> ref */
export const storage_get = (k) => localStorage.getItem(k);

/** (str, str) -> () */
export const storage_set = (k, s) => { localStorage.setItem(k, s); };

/** (str) -> () */
export const storage_remove = (k) => { localStorage.removeItem(k); };

/** (str) -> () */
export const set_token = (s) => { sessionStorage["tova.token"] = s; };

/** () -> () */
export const clear_token = () => { delete sessionStorage["tova.token"]; };

/** () -> f64 */
export const now = () => Date.now();

/** () -> f64 */
export const random = () => Math.random();

/** () -> str */
export const uuid = () => crypto.randomUUID();

/** (str) -> () */
export const log = (s) => { console.log(s); };

/** (str) -> () */
export const print = (s) => { console.log(s); };
