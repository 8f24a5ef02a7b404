// `npm run bench`: installs what the comparison needs, then runs it. `-- network`: the segments alone; `-- pages`: the pages in a browser.
import { join } from "node:path";
import { ensureBuild } from "./lib/build.mjs";
import { ensureClient, ensurePackages } from "./lib/packages.mjs";
import { env, node24, root } from "./lib/paths.mjs";
import { hostPrograms } from "./lib/programs.mjs";
import { runOpen } from "./lib/run.mjs";
import { main, step } from "./lib/say.mjs";
import { ensureEngine, ensurePrograms, needRoot } from "./lib/system.mjs";

main(async () => {
  needRoot("npm run bench");
  await step("npm packages and Node 24", ensurePackages);
  const network = process.argv.includes("network");
  const pages = process.argv.includes("pages");
  if (!network) {
    await step("database client", ensureClient);
    await step("pages", ensureBuild);
  }
  const wanted = network
    ? hostPrograms
    : pages
      ? { ...hostPrograms, chromium: "chromium" }
      : { ...hostPrograms, "docker-compose": "docker-compose" };
  await step("system packages", () => ensurePrograms(wanted));
  await step("Docker Engine", ensureEngine);
  process.exitCode = await runOpen(node24, [join(root, "bench", network ? "network.ts" : pages ? "pages.ts" : "main.ts")], {
    cwd: root,
    env,
  });
});
