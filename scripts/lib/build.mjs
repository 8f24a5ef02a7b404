import { createHash } from "node:crypto";
import { existsSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join, relative } from "node:path";
import { env, node24, root } from "./paths.mjs";
import { run } from "./run.mjs";

const inputs = [
  "app",
  "components",
  "public",
  "server/api",
  "server/auth",
  "server/planner",
  "server/services",
  "server/env.ts",
  "agents/protocol",
  "next.config.ts",
  "postcss.config.mjs",
  "tsconfig.next.json",
  "package-lock.json",
];

function filesBelow(path) {
  const full = join(root, path);
  if (!existsSync(full)) return [];
  const entries = readdirSync(full, { withFileTypes: true, recursive: true });
  // Before Node 20 a folder's entry knows where it lies by another name.
  return entries.filter((entry) => entry.isFile()).map((entry) => relative(root, join(entry.parentPath ?? entry.path, entry.name)));
}

/** Hash over everything that goes into the pages' build. */
function fingerprint() {
  const hash = createHash("sha256");
  const files = inputs.flatMap((path) => (/\.\w+$/.test(path) ? [path] : filesBelow(path))).filter((file) => !file.includes(".test."));
  for (const file of files.sort())
    hash
      .update(file)
      .update("\0")
      .update(readFileSync(join(root, file)));
  return hash.digest("hex");
}

/** Builds the pages when their sources are others than those of the last build. */
export async function ensureBuild() {
  const wanted = fingerprint();
  const mark = join(root, ".next", "kindling-build");
  if (existsSync(mark) && readFileSync(mark, "utf8") === wanted) return;
  await run(node24, [join(root, "node_modules", "next", "dist", "bin", "next"), "build"], {
    cwd: root,
    env: { ...env, NODE_ENV: "production" },
  });
  writeFileSync(mark, wanted);
}
