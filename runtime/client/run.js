// Calls into the module.

let x;

// How many calls are open.
let open = 0;

// What nothing catches: told once. In dev, over the page too.
let report = (e) => { console.error(...e.call ? [e.call + ":", e] : [e]); };

// A fault that leaves the module ends this call; what called it goes on, and effects that wait still run.
const run = (f, a, b, c, d) => {
  const held = open++ && x.hold?.();
  try {
    f(a, b, c, d);
  } catch (e) {
    report(e);
    if (held) x.restore(held);
    else for (;;) {
      try {
        x.recover?.();
        break;
      } catch (e) {
        report(e);
      }
    }
  } finally {
    open--;
  }
};

// Runs an effect of the blocks: its fault is not one of the start.
/** (any) -> () */
export const guard = (effect) => { run(x.effect, effect); };

// A step of a task: what it throws goes to the task.
/** (any) -> () */
export const run_task = (task) => {
  const held = x.hold?.();
  try {
    x.step(task);
  } catch (e) {
    x.restore?.(held);
    x.caught(task, e);
  }
};

let thrown;

// The body of a `try`: how it was left, or -1 after an error, which `caught_error` has.
/** (any) -> i32 */
export const attempt = (body) => {
  const held = x.hold?.();
  try {
    return x.attempt(body);
  } catch (e) {
    x.restore?.(held);
    thrown = e;
    return -1;
  }
};

/** () -> ref */
export const caught_error = () => thrown;
