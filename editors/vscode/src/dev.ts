// `tova dev` in a terminal of the editor, whose lines are read for the addresses of the servers.
import { type ChildProcess, spawn } from "node:child_process";
import * as path from "node:path";
import * as vscode from "vscode";
import { Lines, type Served, servedBy } from "./text";
import * as tova from "./tova";

/** A running `tova dev`, as the terminal that shows it. */
class Session implements vscode.Pseudoterminal {
  readonly #written = new vscode.EventEmitter<string>();
  readonly #closed = new vscode.EventEmitter<number>();
  readonly onDidWrite = this.#written.event;
  readonly onDidClose = this.#closed.event;
  readonly #program: string;
  readonly #ended: () => void;
  #child: ChildProcess | undefined;
  #served: Served[] = [];
  #waiting: (() => void)[] = [];
  alive = true;

  constructor(program: string, ended: () => void) {
    this.#program = program;
    this.#ended = ended;
  }

  open(): void {
    const folder = path.extname(this.#program) === ".tova" ? path.dirname(this.#program) : this.#program;
    const child = spawn(tova.program(), ["dev", this.#program], { cwd: folder });
    this.#child = child;
    for (const stream of [child.stdout, child.stderr]) {
      const lines = new Lines();
      stream.setEncoding("utf8");
      stream.on("data", (piece: string) => {
        this.#written.fire(piece.replace(/\r?\n/g, "\r\n"));
        lines.push(piece).forEach((line) => this.#read(line));
      });
    }
    child.on("error", (error: NodeJS.ErrnoException) => {
      this.#written.fire(`${tova.trouble(tova.program(), error.code, error.message)}\r\n`);
      this.#end();
    });
    child.on("exit", (code) => {
      this.#written.fire(`\r\ntova dev has ended${code === null ? "" : ` (${code})`}\r\n`);
      this.#end();
    });
  }

  #read(line: string): void {
    const served = servedBy(line);
    if (served === undefined) return;
    this.#served = [...this.#served.filter((other) => other.label !== served.label), served];
    this.#wake();
  }

  /** The address of a server, as soon as it is known; none if the program ends before, or takes longer than `patience`. */
  async url(label: string, patience: number): Promise<string | undefined> {
    const until = Date.now() + patience;
    for (;;) {
      const found = this.#served.find((served) => served.label === label);
      if (found !== undefined || !this.alive || Date.now() >= until) return found?.url;
      await new Promise<void>((resolve) => {
        this.#waiting.push(resolve);
        setTimeout(resolve, 500);
      });
    }
  }

  #wake(): void {
    const waiting = this.#waiting;
    this.#waiting = [];
    waiting.forEach((resolve) => resolve());
  }

  #end(): void {
    if (!this.alive) return;
    this.alive = false;
    this.#ended();
    this.#wake();
  }

  /** Ctrl-C ends the program. */
  handleInput(data: string): void {
    if (data !== "\x03") return;
    if (this.alive) this.#child?.kill("SIGINT");
    else this.#closed.fire(0);
  }

  close(): void {
    this.#child?.kill("SIGINT");
  }
}

/** The programs that run under `tova dev`, by their paths. */
export class Sessions implements vscode.Disposable {
  readonly #sessions = new Map<string, { session: Session; terminal: vscode.Terminal }>();

  running(program: string): Session | undefined {
    return this.#sessions.get(program)?.session;
  }

  /** Starts `tova dev` for a program, unless it runs. */
  start(program: string): Session {
    const running = this.#sessions.get(program);
    if (running !== undefined) {
      running.terminal.show(true);
      return running.session;
    }
    const session = new Session(program, () => this.#sessions.delete(program));
    const terminal = vscode.window.createTerminal({ name: `tova dev: ${path.basename(program)}`, pty: session });
    this.#sessions.set(program, { session, terminal });
    terminal.show(true);
    return session;
  }

  dispose(): void {
    for (const { session, terminal } of this.#sessions.values()) {
      session.close();
      terminal.dispose();
    }
  }
}
