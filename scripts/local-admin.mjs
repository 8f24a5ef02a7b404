// `npm run local-admin -- on|off|status`: an administrator for when the directory cannot be used.
import { join } from "node:path";
import { env, node24, root } from "./lib/paths.mjs";
import { runOpen } from "./lib/run.mjs";
import { main } from "./lib/say.mjs";
import { needRoot } from "./lib/system.mjs";

main(async () => {
  needRoot("npm run local-admin");
  process.exitCode = await runOpen(node24, [join(root, "scripts", "local-admin.ts"), ...process.argv.slice(2)], { cwd: root, env });
});
