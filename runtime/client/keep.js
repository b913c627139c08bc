// Dev: states by name and type, as JSON, from the module that goes to the one that comes.

const states = new Map();

/** (str, str) -> () */
export const keep_state = (name, json) => { states.set(name, json); };

/** (str) -> i32 */
export const has_state = (name) => states.has(name);

/** (str) -> ref */
export const kept_state = (name) => JSON.parse(states.get(name));
