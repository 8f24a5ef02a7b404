// `npm run simulate -- --runs N --seed S`: the real planner and reconciler against fake hosts with faults.
import { join } from "node:path";
import { ensureClient, ensurePackages } from "./lib/packages.mjs";
import { env, node24, root } from "./lib/paths.mjs";
import { runOpen } from "./lib/run.mjs";
import { main } from "./lib/say.mjs";

main(async () => {
  await ensurePackages();
  await ensureClient();
  process.exitCode = await runOpen(node24, [join(root, "server", "reconciler", "simulate", "main.ts"), ...process.argv.slice(2)], {
    cwd: root,
    env,
  });
});
