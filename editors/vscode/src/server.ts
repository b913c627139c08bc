// The language server: started, restarted, stopped.
import * as vscode from "vscode";
import { LanguageClient, type Executable, type LanguageClientOptions } from "vscode-languageclient/node";
import * as tova from "./tova";

/** One language server for the window. */
export class Server implements vscode.Disposable {
  #client: LanguageClient | undefined;
  #turn: Promise<void> = Promise.resolve();
  readonly #output = vscode.window.createOutputChannel("Tova", { log: true });
  readonly #watcher = vscode.workspace.createFileSystemWatcher("**/{*.tova,tova.toml}");

  /** Starts the server; a running one ends first. Requests to restart wait for each other. */
  restart(): Promise<void> {
    this.#turn = this.#turn
      .then(() => this.#stop())
      .then(() => this.#start())
      .catch((error: unknown) => {
        void vscode.window.showErrorMessage(`Tova: the language server does not start: ${String(error)}`, "Show Output").then((choice) => {
          if (choice !== undefined) this.show();
        });
      });
    return this.#turn;
  }

  show(): void {
    this.#output.show();
  }

  async #start(): Promise<void> {
    if (!(await tova.available())) return;
    const server: Executable = { command: tova.program(), args: ["lsp"] };
    const options: LanguageClientOptions = {
      documentSelector: [
        { language: "tova", scheme: "file" },
        { language: "tova", scheme: "untitled" },
      ],
      outputChannel: this.#output,
      synchronize: { fileEvents: this.#watcher },
    };
    const client = new LanguageClient("tova", "Tova", server, options);
    this.#client = client;
    await client.start();
  }

  async #stop(): Promise<void> {
    const client = this.#client;
    this.#client = undefined;
    await client?.dispose();
  }

  /** Ends the server; the promise is kept when it is gone. */
  async stop(): Promise<void> {
    await this.#turn;
    await this.#stop();
  }

  dispose(): void {
    this.#watcher.dispose();
    this.#output.dispose();
  }
}
