// The `tova` program: where it is, and what happens when it is not.
import { execFile } from "node:child_process";
import { homedir } from "node:os";
import * as path from "node:path";
import * as vscode from "vscode";

/** The program that the settings name. */
export function program(): string {
  const configured = vscode.workspace.getConfiguration("tova").get<string>("path")?.trim() || "tova";
  if (configured.startsWith("~/")) return path.join(homedir(), configured.slice(2));
  const folder = vscode.workspace.workspaceFolders?.[0]?.uri.fsPath;
  return folder !== undefined && /^\.{1,2}[\\/]/.test(configured) ? path.join(folder, configured) : configured;
}

/** What the program prints when it is called with these arguments. */
export function output(args: string[], cwd?: string): Promise<string> {
  return new Promise((resolve, reject) => {
    execFile(program(), args, { cwd, timeout: 20_000 }, (error, stdout, stderr) => {
      if (error) reject(Object.assign(error, { message: stderr.trim() || error.message }));
      else resolve(stdout);
    });
  });
}

/** Whether the program can be started; if not, the user is told what to do, once for each attempt. */
export async function available(): Promise<boolean> {
  try {
    await output(["--version"]);
    return true;
  } catch (error) {
    void complain(error as NodeJS.ErrnoException);
    return false;
  }
}

async function complain(error: NodeJS.ErrnoException): Promise<void> {
  const choice = await vscode.window.showErrorMessage(trouble(program(), error.code, error.message), "Open Settings", "Try Again");
  if (choice === "Open Settings") await vscode.commands.executeCommand("workbench.action.openSettings", "tova.path");
  if (choice === "Try Again") await vscode.commands.executeCommand("tova.restartServer");
}

/** Why the program does not start, and the way out. */
export function trouble(name: string, code: string | undefined, message: string): string {
  switch (code) {
    case "ENOENT":
      return `Tova: there is no program \`${name}\`. Install Tova and put it on the search path, or name the program in the setting \`tova.path\`. Colours and snippets work without it.`;
    case "EACCES":
      return `Tova: \`${name}\` may not be started. Make the file executable, or name another one in the setting \`tova.path\`.`;
    default:
      return `Tova: \`${name} --version\` failed: ${message}`;
  }
}
