// `npm start`: from a bare machine to a running platform. Runs on whatever Node the machine has; the platform itself runs on Node 24.

import { constants, mkdirSync, openSync } from "node:fs";
import { join } from "node:path";
import { ensureBuild } from "./lib/build.mjs";
import { ensureClient, ensurePackages } from "./lib/packages.mjs";
import { env, node24, root } from "./lib/paths.mjs";
import { hostPrograms } from "./lib/programs.mjs";
import { run, runOpen } from "./lib/run.mjs";
import { main, say, sinceStart, step } from "./lib/say.mjs";
import { ensureEngine, ensurePrograms, needRoot } from "./lib/system.mjs";

async function software() {
  await step("npm packages and Node 24", ensurePackages);
}

async function pages() {
  await step("database client", ensureClient);
  await step("pages", ensureBuild);
}

async function system() {
  await step("system packages (Docker Engine, firewall, disks)", () => ensurePrograms(hostPrograms));
  await step("Docker Engine", ensureEngine);
}

/** A head start for the host agent, which says what is wrong if this fails. */
async function baseImage() {
  await step("base image", () => run(node24, [join(root, "scripts", "base-image.ts")], { cwd: root, env })).catch(() => undefined);
}

main(async () => {
  needRoot("npm start");
  say("Kindling is getting ready. The first start fetches what is missing and takes a few minutes.\n");
  await Promise.all([software(), system()]);
  await Promise.all([pages(), baseImage()]);
  say(`${sinceStart().padStart(6)} s  ready to start\n`);
  // What the launcher logs is for a file, what it says for the person.
  const logs = join(process.env.KINDLING_HOME ?? "/var/lib/kindling", "logs");
  mkdirSync(logs, { recursive: true });
  const log = join(logs, "launcher.log");
  const append = constants.O_WRONLY | constants.O_APPEND | constants.O_CREAT | constants.O_NOFOLLOW;
  const stdio = ["inherit", "inherit", openSync(log, append, 0o640)];
  process.exitCode = await runOpen(node24, [join(root, "server", "platform", "main.ts")], { cwd: root, env, stdio });
  if (process.exitCode !== 0) say(`The details are in ${log}.`);
});
