/** The file with the agent's settings: ours are written anew, what an administrator added stays. */
import { readFile } from "node:fs/promises";
import { writeKept } from "./identity.ts";

/** Pure: the file's new text. A name of ours that was commented out or written twice is no hindrance. */
export function withSettings(text: string, ours: Readonly<Record<string, string>>): string {
  const kept = text.split("\n").filter((line) => !Object.keys(ours).some((name) => line.trimStart().startsWith(`${name}=`)));
  while (kept.at(-1)?.trim() === "") kept.pop();
  return `${[...kept, ...Object.entries(ours).map(([name, value]) => `${name}=${value}`)].join("\n")}\n`;
}

/** @throws when a value could not be one line of such a file */
export async function writeSettings(path: string, ours: Readonly<Record<string, string>>): Promise<void> {
  for (const [name, value] of Object.entries(ours))
    if (!/^[A-Za-z0-9_./:[\]-]+$/.test(value)) throw new Error(`${name} cannot be "${value}": use letters, digits and . / : - _ only.`);
  const text = await readFile(path, "utf8").catch((error: NodeJS.ErrnoException) => {
    if (error.code === "ENOENT") return "# Settings of Kindling's host agent; docs/settings.md lists them all.\n";
    throw error;
  });
  await writeKept(path, withSettings(text, ours));
}
