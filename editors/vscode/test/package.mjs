// The types are sound, and the package is built and holds what VS Code needs.
import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { readFileSync } from "node:fs";

const HOME = new URL("../", import.meta.url);

/** The names of the files in a zip archive, by its directory at the end. */
function entries(archive) {
  const end = archive.lastIndexOf(Buffer.from("PK\x05\x06", "latin1"));
  const names = [];
  for (let at = archive.readUInt32LE(end + 16); archive.readUInt32LE(at) === 0x02014b50;) {
    const [name, extra, comment] = [28, 30, 32].map((offset) => archive.readUInt16LE(at + offset));
    names.push(archive.toString("utf8", at + 46, at + 46 + name));
    at += 46 + name + extra + comment;
  }
  return names;
}

function thePackageIsBuilt() {
  const built = spawnSync("npm", ["run", "--silent", "package"], { cwd: HOME, encoding: "utf8" });
  assert.equal(built.status, 0, `${built.stdout}${built.stderr}`);
  const names = entries(readFileSync(new URL("dist/tova.vsix", HOME))).filter((name) => name.startsWith("extension/"));
  assert.deepEqual(names.map((name) => name.slice("extension/".length)).sort(), [
    "LICENSE.txt",
    "dist/extension.cjs",
    "language-configuration.json",
    "package.json",
    "readme.md",
    "snippets/tova.json",
    "syntaxes/tova.tmLanguage.json",
  ]);
}

export function tests() {
  return { "package/the package is built": thePackageIsBuilt };
}
