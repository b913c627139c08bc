// What the commands do. The language server's lenses call them with arguments; from the palette they are called without.
import * as path from "node:path";
import * as vscode from "vscode";
import type { Sessions } from "./dev";
import { programOf } from "./programs";
import { benchArguments, explanation, filled, isCode, parametersOf, serverLabel, testArguments } from "./text";
import * as tova from "./tova";

/** Runs `tova` with these arguments as a task, so that its output has a terminal and its end is seen. */
async function run(title: string, args: string[], file: string): Promise<void> {
  const execution = new vscode.ProcessExecution(tova.program(), args, { cwd: path.dirname(file) });
  const folder = vscode.workspace.getWorkspaceFolder(vscode.Uri.file(file)) ?? vscode.TaskScope.Workspace;
  const task = new vscode.Task({ type: "tova", command: args[0] }, folder, title, "tova", execution, []);
  task.presentationOptions = { reveal: vscode.TaskRevealKind.Always, panel: vscode.TaskPanelKind.Dedicated, clear: true };
  await vscode.tasks.executeTask(task);
}

/** The arguments of the lens that is nearest above the cursor; the file alone if there is none. */
async function near(command: string): Promise<unknown[]> {
  const editor = vscode.window.activeTextEditor;
  if (editor?.document.languageId !== "tova") return [];
  const { document, selection } = editor;
  const found = await vscode.commands.executeCommand<vscode.CodeLens[] | undefined>("vscode.executeCodeLensProvider", document.uri, 1000);
  const above = (found ?? []).filter((lens) => lens.command?.command === command && lens.range.start.line <= selection.active.line);
  return above.at(-1)?.command?.arguments ?? [document.uri.fsPath];
}

async function given(command: string, args: unknown[]): Promise<(string | undefined)[]> {
  const all = args.length > 0 ? args : await near(command);
  if (all.length === 0) void vscode.window.showInformationMessage("Tova: open a `.tova` file first.");
  return all.map((value) => (typeof value === "string" ? value : undefined));
}

/** `tova.runTest(file, name)`; a test without a name runs with all others of its file. */
export async function runTest(...args: unknown[]): Promise<void> {
  const [file, name] = await given("tova.runTest", args);
  if (file === undefined || !(await saved(file))) return;
  await run(name === undefined ? "tests" : `test ${name}`, testArguments(file, name), file);
}

/** `tova.runBench(file, name)` */
export async function runBench(...args: unknown[]): Promise<void> {
  const [file, name] = await given("tova.runBench", args);
  if (file === undefined || !(await saved(file))) return;
  await run(name === undefined ? "benchmarks" : `bench ${name}`, benchArguments(file, name), file);
}

/** Saves the open documents of the language: `tova` reads files. */
async function saved(file: string): Promise<boolean> {
  for (const document of vscode.workspace.textDocuments) {
    if (document.languageId === "tova" && document.isDirty && !document.isUntitled && !(await document.save())) return false;
  }
  return path.isAbsolute(file);
}

/** `tova.openRoute(file, server, path)`: in the browser, from the program that runs under `tova dev`. */
export async function openRoute(sessions: Sessions, ...args: unknown[]): Promise<void> {
  const [file, server, route] = await given("tova.openRoute", args);
  if (file === undefined) return;
  const target = await targetOf(route ?? "/");
  if (target === undefined) return;
  const base = await baseOf(sessions, programOf(file), serverLabel(server));
  if (base !== undefined) await vscode.env.openExternal(vscode.Uri.parse(base + target, true));
}

/** The path with a value for each of its parameters, which the user gives. */
async function targetOf(route: string): Promise<string | undefined> {
  const values = new Map<string, string>();
  for (const name of parametersOf(route)) {
    const value = await vscode.window.showInputBox({ title: `Open ${route}`, prompt: `A value for \`${name}\``, value: "1" });
    if (value === undefined) return undefined;
    values.set(name, value);
  }
  return filled(route, values);
}

/** The address of a server: of a running session, of one that is started now, or one that the user names. */
async function baseOf(sessions: Sessions, program: string, label: string): Promise<string | undefined> {
  const running = sessions.running(program);
  if (running === undefined) {
    const start = "Start tova dev";
    const other = "It runs elsewhere …";
    const choice = await vscode.window.showInformationMessage("Tova: the program does not run in this window.", start, other);
    if (choice === other) return vscode.window.showInputBox({ title: "Where does the server answer?", value: "http://localhost:3000" });
    if (choice !== start || !(await tova.available())) return undefined;
  }
  const session = sessions.start(program);
  // The first start on a machine builds the runtime of servers, which takes minutes and shows in the terminal.
  const url = await vscode.window.withProgress({ location: vscode.ProgressLocation.Window, title: "Waiting for tova dev" }, () =>
    session.url(label, 15 * 60_000),
  );
  if (url === undefined) void vscode.window.showWarningMessage(`Tova: \`tova dev\` serves no \`${label}\`; its terminal says why.`);
  return url;
}

/** The pages of the codes, shown as Markdown. */
export class Explanations implements vscode.TextDocumentContentProvider {
  static readonly scheme = "tova-explain";

  async provideTextDocumentContent(uri: vscode.Uri): Promise<string> {
    return explanation(await tova.output(["explain", path.basename(uri.path, ".md")]));
  }
}

/** `tova.explain(code)`: of the problem under the cursor if none is given. */
export async function explain(...args: unknown[]): Promise<void> {
  const code = typeof args[0] === "string" ? args[0] : await chosen();
  if (code === undefined || !(await tova.available())) return;
  const uri = vscode.Uri.from({ scheme: Explanations.scheme, path: `/${code.trim().toUpperCase()}.md` });
  await vscode.commands.executeCommand("markdown.showPreview", uri);
}

async function chosen(): Promise<string | undefined> {
  return vscode.window.showInputBox({
    title: "Explain a diagnostic code",
    value: codesHere()[0] ?? "",
    placeHolder: "E0201",
    validateInput: (text) => (isCode(text) ? undefined : "A code looks like E0201 or W0301."),
  });
}

function codesHere(): string[] {
  const editor = vscode.window.activeTextEditor;
  if (editor === undefined) return [];
  const line = editor.selection.active.line;
  const here = vscode.languages.getDiagnostics(editor.document.uri).filter((problem) => problem.range.start.line === line);
  return here.map(codeOf).filter((code) => code !== undefined);
}

function codeOf(problem: vscode.Diagnostic): string | undefined {
  const code = typeof problem.code === "object" ? problem.code.value : problem.code;
  return code !== undefined && isCode(String(code)) ? String(code) : undefined;
}

/** Offers the page of each problem's code among the quick fixes. */
export class ExplainActions implements vscode.CodeActionProvider {
  provideCodeActions(_document: vscode.TextDocument, _range: vscode.Range, context: vscode.CodeActionContext): vscode.CodeAction[] {
    const codes = new Set(context.diagnostics.map(codeOf).filter((code) => code !== undefined));
    return [...codes].map((code) => {
      const action = new vscode.CodeAction(`Explain ${code}`, vscode.CodeActionKind.QuickFix);
      action.command = { command: "tova.explain", title: `Explain ${code}`, arguments: [code] };
      return action;
    });
  }
}
