// `npm start`: from a bare machine to a running platform. Runs on whatever Node the machine has; the platform itself runs on Node 24.

import { constants, mkdirSync, openSync } from "node:fs";
import { join } from "node:path";
import { ensureBuild } from "./lib/build.mjs";
import { ensureClient, ensurePackages, ensureTools, firstImage, havePackages } from "./lib/packages.mjs";
import { env, node24, root } from "./lib/paths.mjs";
import { hostPrograms } from "./lib/programs.mjs";
import { asAdministrator } from "./lib/reachable.mjs";
import { runOpen } from "./lib/run.mjs";
import { say, sinceStart, step } from "./lib/say.mjs";
import { ensureEngine, ensurePrograms } from "./lib/system.mjs";

async function software() {
  if (!havePackages()) await step("Node 24", ensureTools);
  await step("npm packages", ensurePackages);
  await step("database client", ensureClient);
  await step("pages", ensureBuild);
}

async function system() {
  await step("system packages (Docker Engine, firewall, disks)", () => ensurePrograms(hostPrograms));
  await step("Docker Engine", ensureEngine);
}

asAdministrator("npm start", async () => {
  say("Kindling is getting ready. The first start fetches what is missing and takes a few minutes.\n");
  const ready = havePackages();
  const systemReady = system();
  // A head start that nobody waits for: the host agent says what is wrong if it fails.
  const ended = new AbortController();
  if (!ready) void systemReady.then(() => firstImage(ended.signal)).catch(() => undefined);
  await Promise.all([software(), systemReady]);
  say(`${sinceStart().padStart(6)} s  ready to start\n`);
  // What the launcher logs is for a file, what it says for the person.
  const logs = join(process.env.KINDLING_HOME ?? "/var/lib/kindling", "logs");
  mkdirSync(logs, { recursive: true });
  const log = join(logs, "launcher.log");
  const append = constants.O_WRONLY | constants.O_APPEND | constants.O_CREAT | constants.O_NOFOLLOW;
  const stdio = ["inherit", "inherit", openSync(log, append, 0o640)];
  process.exitCode = await runOpen(node24, [join(root, "server", "platform", "main.ts")], { cwd: root, env, stdio });
  ended.abort();
  if (process.exitCode !== 0) say(`The details are in ${log}.`);
});
