// `npm run lab:restarts`: how a host comes back after restarts of its engine and after reboots.
import { join } from "node:path";
import { ensureBuild } from "./lib/build.mjs";
import { ensureClient, ensurePackages } from "./lib/packages.mjs";
import { env, node24, root } from "./lib/paths.mjs";
import { hostPrograms } from "./lib/programs.mjs";
import { asAdministrator } from "./lib/reachable.mjs";
import { runOpen } from "./lib/run.mjs";
import { step } from "./lib/say.mjs";
import { ensureEngine, ensurePrograms } from "./lib/system.mjs";

asAdministrator("npm run lab:restarts", async () => {
  await step("npm packages and Node 24", ensurePackages);
  await step("database client", ensureClient);
  await step("pages", ensureBuild);
  await step("system packages", () => ensurePrograms(hostPrograms));
  await step("Docker Engine", ensureEngine);
  process.exitCode = await runOpen(node24, [join(root, "e2e", "lab", "restarts.ts")], { cwd: root, env });
});
