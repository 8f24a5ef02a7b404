// `npm run bench`: installs what the comparison needs, then runs it. `-- network`: the segments alone; `-- pages`: the pages in a browser;
// `-- planner`: nodes placed a second on a thousand hosts, beside SwarmKit's where KINDLING_SWARMKIT names it;
// `-- tenants`: the pages with a company's worth of tenants, people and clusters behind them, beside the same pages with hardly any.
import { join } from "node:path";
import { ensureBuild } from "./lib/build.mjs";
import { ensureClient, ensurePackages } from "./lib/packages.mjs";
import { env, node24, root } from "./lib/paths.mjs";
import { hostPrograms } from "./lib/programs.mjs";
import { asAdministrator } from "./lib/reachable.mjs";
import { runOpen } from "./lib/run.mjs";
import { step } from "./lib/say.mjs";
import { ensureEngine, ensurePrograms } from "./lib/system.mjs";

asAdministrator("npm run bench", async () => {
  await step("npm packages and Node 24", ensurePackages);
  const network = process.argv.includes("network");
  const pages = process.argv.includes("pages");
  const tenants = process.argv.includes("tenants");
  if (process.argv.includes("planner")) {
    await step("database client", ensureClient);
    process.exitCode = await runOpen(node24, [join(root, "bench", "planner.ts")], { cwd: root, env });
    return;
  }
  if (!network) {
    await step("database client", ensureClient);
    await step("pages", ensureBuild);
  }
  const wanted = network
    ? hostPrograms
    : pages || tenants
      ? { ...hostPrograms, chromium: "chromium" }
      : { ...hostPrograms, "docker-compose": "docker-compose" };
  await step("system packages", () => ensurePrograms(wanted));
  // There are no hosts behind those tenants.
  if (!tenants) await step("Docker Engine", ensureEngine);
  const file = network ? "network.ts" : pages ? "pages.ts" : tenants ? "tenants.ts" : "main.ts";
  process.exitCode = await runOpen(node24, [join(root, "bench", file)], { cwd: root, env });
});
