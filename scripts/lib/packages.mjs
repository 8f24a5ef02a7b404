import { createHash } from "node:crypto";
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { env, root } from "./paths.mjs";
import { run } from "./run.mjs";

const stamp = join(root, "node_modules", ".kindling-lock");

/** Installs the npm packages when the lock file is another than the one that was installed. */
export async function ensurePackages() {
  const wanted = createHash("sha256")
    .update(readFileSync(join(root, "package-lock.json")))
    .digest("hex");
  if (existsSync(stamp) && readFileSync(stamp, "utf8") === wanted) return;
  await run("npm", ["install", "--no-audit", "--no-fund", "--loglevel=error"], { cwd: root });
  const installed = createHash("sha256")
    .update(readFileSync(join(root, "package-lock.json")))
    .digest("hex");
  writeFileSync(stamp, installed);
}

/** Writes the Prisma client when the schema is newer than it. The native schema engine is not needed for that. */
export async function ensureClient() {
  const schema = readFileSync(join(root, "prisma", "schema.prisma"));
  const wanted = createHash("sha256").update(schema).digest("hex");
  const mark = join(root, "server", "db", "generated", ".schema");
  if (existsSync(mark) && readFileSync(mark, "utf8") === wanted) return;
  await run(join(root, "node_modules", ".bin", "prisma"), ["generate"], {
    cwd: root,
    env: { ...env, PRISMA_SCHEMA_ENGINE_BINARY: "/bin/true" },
  });
  writeFileSync(mark, wanted);
}
