// Tasks: `tova check`, `build`, `dev` and `test`. The matcher `$tova` reads the problems that `check` writes as JSON.
import * as vscode from "vscode";
import * as tova from "./tova";

interface Definition extends vscode.TaskDefinition {
  command: string;
  path?: string;
}

const COMMANDS: readonly { command: string; group?: vscode.TaskGroup; background?: boolean }[] = [
  { command: "check", group: vscode.TaskGroup.Build },
  { command: "build", group: vscode.TaskGroup.Build },
  { command: "dev", background: true },
  { command: "test", group: vscode.TaskGroup.Test },
];

function taskOf(definition: Definition, scope: vscode.WorkspaceFolder | vscode.TaskScope): vscode.Task {
  const known = COMMANDS.find((entry) => entry.command === definition.command);
  const args = [definition.command, definition.path ?? ".", ...(definition.command === "check" ? ["--message-format", "json"] : [])];
  const execution = new vscode.ProcessExecution(tova.program(), args);
  const task = new vscode.Task(definition, scope, definition.command, "tova", execution, definition.command === "check" ? "$tova" : []);
  if (known?.group !== undefined) task.group = known.group;
  task.isBackground = known?.background ?? false;
  return task;
}

/** Offers the commands for each folder that is open. */
export const tasks: vscode.TaskProvider = {
  provideTasks: () =>
    (vscode.workspace.workspaceFolders ?? []).flatMap((folder) => COMMANDS.map(({ command }) => taskOf({ type: "tova", command }, folder))),
  resolveTask: (task) => taskOf(task.definition as Definition, task.scope ?? vscode.TaskScope.Workspace),
};
