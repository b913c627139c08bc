// What the extension does without an editor, and that it starts in one.
import assert from "node:assert/strict";
import { mkdtempSync, readFileSync, rmSync, writeFileSync, mkdirSync } from "node:fs";
import { createRequire, Module } from "node:module";
import { tmpdir } from "node:os";
import { join } from "node:path";
import esbuild from "esbuild";
import { programOf } from "../src/programs.ts";
import { Lines, benchArguments, explanation, filled, isCode, parametersOf, servedBy, serverLabel, testArguments } from "../src/text.ts";

function argumentsOfTova() {
  assert.deepEqual(testArguments("/a/app.tova", "adds up"), ["test", "/a/app.tova", "--filter", "adds up"]);
  assert.deepEqual(testArguments("/a/app.tova", undefined), ["test", "/a/app.tova"]);
  assert.deepEqual(benchArguments("/a/app.tova", "adds"), ["bench", "/a/app.tova", "--filter", "adds"]);
}

function addressesOfServers() {
  assert.deepEqual(servedBy("    -> server:api: http://localhost:3000"), { label: "server:api", url: "http://localhost:3000" });
  assert.deepEqual(servedBy("    -> server: http://localhost:3000"), { label: "server", url: "http://localhost:3000" });
  assert.deepEqual(servedBy("    -> client: http://localhost:3000"), { label: "client", url: "http://localhost:3000" });
  assert.equal(servedBy("  Starting server:api on port 3000"), undefined);
  assert.equal(serverLabel("api"), "server:api");
  assert.equal(serverLabel(undefined), "server");
}

function pathsOfRoutes() {
  assert.deepEqual(parametersOf("/users/:id/files/*rest"), ["id", "rest"]);
  assert.equal(
    filled(
      "/users/:id/files/*rest",
      new Map([
        ["id", "a b"],
        ["rest", "x/y z"],
      ]),
    ),
    "/users/a%20b/files/x/y%20z",
  );
  assert.equal(filled("/users", new Map()), "/users");
}

function linesInPieces() {
  const lines = new Lines();
  assert.deepEqual(lines.push("one\r\ntw"), ["one"]);
  assert.deepEqual(lines.push("o\nthree"), ["two"]);
}

function pagesOfCodes() {
  const page = explanation("E0201: name is not defined\n\nWhy.\n\nBad\n\n    a = b\n\n    c = d\n\nGood\n\n    a = 1\n");
  assert.equal(page, "# E0201: name is not defined\n\nWhy.\n\n## Bad\n\n```tova\na = b\n\nc = d\n```\n\n## Good\n\n```tova\na = 1\n```\n");
  assert.ok(isCode("E0201") && isCode(" w0301 ") && !isCode("E1") && !isCode("hint"));
}

function programsOfFiles() {
  const folder = mkdtempSync(join(tmpdir(), "tova-vscode-"));
  const write = (name, text) => {
    mkdirSync(join(folder, name, ".."), { recursive: true });
    writeFileSync(join(folder, name), text);
    return join(folder, name);
  };
  try {
    write("shop/app.tova", "client { }\n");
    assert.equal(programOf(write("shop/pages/cart.tova", "a = 1\n")), join(folder, "shop"));
    const script = write("scripts/one.tova", "print(1)\n");
    write("scripts/two.tova", "print(2)\n");
    assert.equal(programOf(script), script);
    write("blocks/api.tova", 'server "api" {\n}\n');
    assert.equal(programOf(write("blocks/page.tova", "client {\n}\n")), join(folder, "blocks"));
  } finally {
    rmSync(folder, { recursive: true });
  }
}

/** Anything that can be called, made, extended and asked for members, which are the same again. */
function anything(members = {}) {
  const base = function () {};
  return new Proxy(base, {
    get: (target, name) => {
      if (name in members) return members[name];
      if (name === "prototype") return target.prototype;
      if (name === "then" || name === Symbol.iterator) return undefined;
      if (name === Symbol.toPrimitive) return () => "";
      return anything();
    },
    apply: () => anything(),
    construct: () => anything(),
  });
}

async function theBundleStarts() {
  const bundle = await esbuild.build({
    entryPoints: [new URL("../src/extension.ts", import.meta.url).pathname],
    bundle: true,
    platform: "node",
    target: "node20",
    format: "cjs",
    external: ["vscode"],
    write: false,
    logLevel: "silent",
  });
  const commands = [];
  const messages = [];
  const vscode = Object.create(
    anything({
      commands: anything({ registerCommand: (name) => commands.push(name) }),
      workspace: anything({ getConfiguration: () => ({ get: () => "/nowhere/tova" }), workspaceFolders: undefined }),
      window: anything({ showErrorMessage: async (message) => void messages.push(message) }),
    }),
  );
  const module = new Module("extension.js");
  const require = createRequire(import.meta.url);
  module.require = (name) => (name === "vscode" ? vscode : require(name));
  module._compile(bundle.outputFiles[0].text, "/extension.js");
  const context = { subscriptions: [] };
  await module.exports.activate(context);
  const manifest = JSON.parse(readFileSync(new URL("../package.json", import.meta.url), "utf8"));
  assert.deepEqual(commands.sort(), manifest.contributes.commands.map(({ command }) => command).sort());
  assert.equal(messages.length, 1);
  assert.match(messages[0], /there is no program `\/nowhere\/tova`.*`tova\.path`/);
  await module.exports.deactivate();
}

export function tests() {
  return {
    "client/arguments of tova": argumentsOfTova,
    "client/addresses of servers": addressesOfServers,
    "client/paths of routes": pathsOfRoutes,
    "client/lines in pieces": linesInPieces,
    "client/pages of codes": pagesOfCodes,
    "client/programs of files": programsOfFiles,
    "client/the bundle starts": theBundleStarts,
  };
}
