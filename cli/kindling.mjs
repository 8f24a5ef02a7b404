#!/usr/bin/env node
// Finds a Node that runs TypeScript (24 or newer: this one, or the one among the package's own dependencies) and hands over.
import { spawn } from "node:child_process";
import { existsSync, realpathSync } from "node:fs";
import module from "node:module";
import { constants, homedir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

const root = dirname(dirname(realpathSync(fileURLToPath(import.meta.url))));
const main = join(root, "cli", "main.ts");

if (Number(process.versions.node.split(".")[0]) >= 24) {
  // Half of what a short command takes is its own compilation. A folder of this user's alone: whoever writes there decides what runs.
  module.enableCompileCache(join(process.env.XDG_CACHE_HOME || join(homedir(), ".cache"), "kindling"));
  await import(main);
} else {
  const own = [`node-${process.platform}-${process.arch}/bin/node`, ".bin/node"]
    .map((path) => join(root, "node_modules", path))
    .find(existsSync);
  if (!own) {
    process.stderr.write(
      `kindling needs Node 24 or newer; this is ${process.versions.node}. Run "npm install" in ${root}, which brings it.\n`,
    );
    process.exit(1);
  }
  const child = spawn(own, [main, ...process.argv.slice(2)], { stdio: "inherit" });
  // Ctrl-C reaches both; the child decides how to end.
  for (const signal of ["SIGINT", "SIGTERM"]) process.on(signal, () => child.kill(signal));
  child.on("exit", (code, signal) => process.exit(code ?? 128 + (signal ? constants.signals[signal] : 1)));
}
