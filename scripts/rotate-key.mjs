// `npm run rotate-key`: a new key for the secrets in the database.
import { join } from "node:path";
import { env, node24, root } from "./lib/paths.mjs";
import { runOpen } from "./lib/run.mjs";
import { main } from "./lib/say.mjs";
import { needRoot } from "./lib/system.mjs";

main(async () => {
  needRoot("npm run rotate-key");
  process.exitCode = await runOpen(node24, [join(root, "scripts", "rotate-key.ts")], { cwd: root, env });
});
