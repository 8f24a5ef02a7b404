// `npm run uninstall-host`: removes what this installation made on this host.
import { join } from "node:path";
import { env, node24, root } from "./lib/paths.mjs";
import { runOpen } from "./lib/run.mjs";
import { main } from "./lib/say.mjs";
import { needRoot } from "./lib/system.mjs";

main(async () => {
  needRoot("npm run uninstall-host");
  process.exitCode = await runOpen(node24, [join(root, "scripts", "uninstall.ts"), ...process.argv.slice(2)], { cwd: root, env });
});
