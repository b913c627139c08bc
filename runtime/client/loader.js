// Starts the module. A fault that leaves it is reported once; the page stays alive.

let x;

// What nothing catches.
/** (str, str, f64, i32) -> () */
export const report = (message, code, status, span) => {
  console.error(message, code, status || "");
};

const run = (f, ...a) => {
  try {
    return f(...a);
  } catch (e) {
    console.error(e);
    try {
      x.recover();
    } catch (e) {
      console.error(e);
    }
  }
};
