// `npm run check`: format and lint, types, import arrows and shells, scopes, dead code; side by side.

import { checkArrows, checkShell } from "./lib/arrows.mjs";
import { ensureClient, ensurePackages } from "./lib/packages.mjs";
import { env, node24, root } from "./lib/paths.mjs";
import { run } from "./lib/run.mjs";
import { main, Plain, say, step } from "./lib/say.mjs";

const inRoot = { cwd: root, env };

async function arrows() {
  const files = (await run("git", ["ls-files", "--cached", "--others", "--exclude-standard"], inRoot)).trim().split("\n");
  const wrong = [...checkArrows(files), ...checkShell(files)];
  if (wrong.length > 0) throw new Plain(wrong.join("\n"));
}

/** Pages name their own address in their types, which Next writes down: in a fresh checkout nobody has built the pages yet. */
async function types() {
  await run("next", ["typegen"], inRoot);
  await run("tsc", ["--noEmit", "-p", "."], inRoot);
}

export async function check() {
  await ensurePackages();
  await ensureClient();
  const parts = [
    step("format and lint", () => run("biome", ["check", "--error-on-warnings", "."], inRoot)),
    step("types", types),
    step("import arrows, shells", arrows),
    step("scopes", () => run(node24, [`${root}/scripts/scopes.ts`], inRoot)),
    step("dead code", () => run("knip", ["--no-progress"], inRoot)),
  ];
  const failed = (await Promise.allSettled(parts)).filter((result) => result.status === "rejected");
  if (failed.length > 0) throw new Plain(failed.map((result) => result.reason.message).join("\n\n"));
}

if (process.argv[1]?.endsWith("check.mjs")) main(async () => check().then(() => say("check: all held")));
