// The extension: the language server, the commands of its lenses, tasks.
import * as vscode from "vscode";
import { ExplainActions, Explanations, explain, openRoute, runBench, runTest } from "./commands";
import { Sessions } from "./dev";
import { Server } from "./server";
import { tasks } from "./tasks";

let server: Server | undefined;

export async function activate(context: vscode.ExtensionContext): Promise<void> {
  const started = new Server();
  server = started;
  const sessions = new Sessions();
  const command = (name: string, run: (...args: unknown[]) => unknown) => vscode.commands.registerCommand(name, run);
  context.subscriptions.push(
    started,
    sessions,
    command("tova.runTest", runTest),
    command("tova.runBench", runBench),
    command("tova.openRoute", (...args) => openRoute(sessions, ...args)),
    command("tova.explain", explain),
    command("tova.restartServer", () => started.restart()),
    command("tova.showOutput", () => started.show()),
    vscode.tasks.registerTaskProvider("tova", tasks),
    vscode.workspace.registerTextDocumentContentProvider(Explanations.scheme, new Explanations()),
    vscode.languages.registerCodeActionsProvider({ language: "tova" }, new ExplainActions(), {
      providedCodeActionKinds: [vscode.CodeActionKind.QuickFix],
    }),
    vscode.workspace.onDidChangeConfiguration((change) => {
      if (change.affectsConfiguration("tova.path")) void started.restart();
    }),
  );
  await started.restart();
}

export async function deactivate(): Promise<void> {
  await server?.stop();
}
