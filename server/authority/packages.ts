import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { z } from "zod";

const Package = z.object({ version: z.string(), dependencies: z.record(z.string(), z.string()).default({}) });

const statement = /^\s*(?:import|export)\s+(?:[^"';]*?\sfrom\s+)?["']([^"'.][^"']*)["']|import\(\s*["']([^"'.][^"']*)["']\s*\)/gm;

/** Pure: names of the packages that a source imports at run time. */
export function packagesOf(source: string): string[] {
  return [...source.matchAll(statement)].flatMap(([text, plain, dynamic]) => {
    const target = plain ?? dynamic ?? "";
    if (target.startsWith("node:") || /^\s*(import|export)\s+type\s/.test(text)) return [];
    return [
      target
        .split("/")
        .slice(0, target.startsWith("@") ? 2 : 1)
        .join("/"),
    ];
  });
}

/**
 * Packages with everything that they need themselves, found as Node finds them.
 * @returns folders relative to the root, each with its version
 */
export async function closure(root: string, names: readonly string[]): Promise<Map<string, string>> {
  const found = new Map<string, string>();
  const add = async (name: string, from: string): Promise<void> => {
    for (let at = from; ; at = at.includes("/node_modules/") ? at.slice(0, at.lastIndexOf("/node_modules/")) : "") {
      const folder = at === "" ? `node_modules/${name}` : `${at}/node_modules/${name}`;
      const text = await readFile(join(root, folder, "package.json"), "utf8").catch(() => null);
      if (text !== null) {
        if (found.has(folder)) return;
        const { version, dependencies } = Package.parse(JSON.parse(text));
        found.set(folder, version);
        for (const needed of Object.keys(dependencies)) await add(needed, folder);
        return;
      }
      if (at === "") throw new Error(`The package ${name} is not installed.`);
    }
  };
  for (const name of names) await add(name, "");
  return found;
}
