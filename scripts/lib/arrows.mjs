// The import arrows of ARCHITECTURE.md: which folder may import which. Read from the files' import statements.
import { readFileSync } from "node:fs";
import { dirname, join, posix, relative } from "node:path";
import { root } from "./paths.mjs";

/** From the first pattern that a file matches: the folders it may import at run time, and those it may import as types only. */
const rules = [
  { from: /^agents\/protocol\//, may: ["agents/protocol"], packages: /^zod$/ },
  { from: /^agents\/(host|node|images)\//, may: ["agents"] },
  {
    from: /^server\/planner\//,
    may: ["server/planner", "server/catalog", "agents/protocol"],
    types: ["server/services", "server/ids.ts"],
    packages: /^zod$/,
  },
  {
    from: /^server\/hosts\//,
    may: ["server/hosts", "server/log.ts", "server/errors.ts", "agents/protocol", "agents/identity"],
    types: ["server/services/hosts"],
  },
  {
    from: /^server\/services\//,
    may: [
      "server/services",
      "server/planner",
      "server/catalog",
      "server/snapshot",
      "server/auth",
      "server/db.ts",
      "server/db/",
      "server/errors.ts",
      "server/ids.ts",
      "server/env.ts",
      "server/secrets.ts",
      "server/secrets/",
      "server/log.ts",
      "agents/protocol",
    ],
  },
  {
    from: /^server\/reconciler\//,
    not: ["server/services", "server/api", "server/auth", "server/portal", "server/gateway", "agents/host", "app", "components"],
    typesFree: true,
  },
  {
    from: /^server\/(gateway|auth|authority|directory|platform|catalog)\//,
    not: ["server/reconciler", "server/api", "agents/host", "app", "components"],
  },
  { from: /^server\/api\//, not: ["server/reconciler", "server/hosts", "agents/host", "app", "components"] },
  {
    from: /^(app|components)\//,
    may: [
      "app",
      "components",
      "server/api/bridge.ts",
      "server/services/clusters/schemas.ts",
      "server/services/views.ts",
      "agents/protocol",
    ],
    types: ["server"],
    schemas: /^server\/services\/.*schemas\.ts$/,
  },
];

const statement = /^\s*(?:import|export)\s+(type\s+)?(?:[^"';]*?\sfrom\s+)?["']([^"']+)["']|import\(\s*["']([^"']+)["']\s*\)/gm;
const below = (file, folders) => folders.some((folder) => file === folder || file.startsWith(folder.endsWith("/") ? folder : `${folder}/`));
const isTest = (file) => /\.test\.tsx?$|\/testing\/|^e2e\//.test(file);

/** @returns one sentence per import that goes against the arrows */
export function checkArrows(files) {
  const wrong = [];
  for (const file of files.filter((name) => /\.tsx?$/.test(name) && !isTest(name))) {
    const rule = rules.find(({ from }) => from.test(file));
    if (!rule) continue;
    for (const [, isType, plain, dynamic] of readFileSync(join(root, file), "utf8").matchAll(statement)) {
      const target = plain ?? dynamic;
      if (!target.startsWith(".")) {
        if (rule.packages && !rule.packages.test(target)) wrong.push(`${file} may not import the package ${target}`);
        continue;
      }
      const to = posix.normalize(relative(root, join(root, dirname(file), target)));
      const allowed = rule.not
        ? !below(to, rule.not) || (isType && rule.typesFree)
        : below(to, rule.may) || (isType && below(to, rule.types ?? [])) || rule.schemas?.test(to);
      if (!allowed) wrong.push(`${file} may not import ${to}`);
    }
  }
  return wrong;
}

/** Shells, and settings that hand a string to one. */
const shell = /\bexecSync\(|[^.\w]exec\(|shell:\s*true|["'](?:\/bin\/)?(?:ba)?sh["'],\s*\[\s*["']-c/;

/** @returns one sentence per place that runs a shell */
export function checkShell(files) {
  return files
    .filter(
      (name) =>
        /^(app|server|agents\/host|agents\/protocol|components|cli|scripts|bench)\/.*\.(ts|tsx|mjs)$/.test(name) &&
        !isTest(name) &&
        !name.endsWith("arrows.mjs"),
    )
    .filter((name) => shell.test(readFileSync(join(root, name), "utf8").replace(/\.exec\(/g, "")))
    .map((name) => `${name} runs a shell; call the program with an argument list`);
}
