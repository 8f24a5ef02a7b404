/** The file with the agent's settings: ours are written anew, what an administrator added stays. */
import { access, constants, readFile } from "node:fs/promises";
import { dirname } from "node:path";
import { writeKept } from "./identity.ts";

/** Names of the settings that a text has. */
const namesIn = (text: string): Set<string> => new Set([...text.matchAll(/^\s*([A-Za-z_][A-Za-z0-9_]*)=/gm)].map(([, name = ""]) => name));

/**
 * Pure: the file's new text.
 * @param ours written anew
 * @param offered written where the file says nothing about them yet
 */
export function withSettings(text: string, ours: Readonly<Record<string, string>>, offered: Readonly<Record<string, string>> = {}): string {
  const kept = text.split("\n").filter((line) => !Object.keys(ours).some((name) => line.trimStart().startsWith(`${name}=`)));
  while (kept.at(-1)?.trim() === "") kept.pop();
  const there = namesIn(text);
  const added = Object.entries(offered).filter(([name]) => !there.has(name) && !(name in ours));
  return `${[...kept, ...[...added, ...Object.entries(ours)].map(([name, value]) => `${name}=${value}`)].join("\n")}\n`;
}

/** Whether a setting can be one plain word of such a file. */
export const isPlain = (name: string, value: string): boolean =>
  /^[A-Za-z_][A-Za-z0-9_]*$/.test(name) && /^[A-Za-z0-9_./:[\],@%*+?=&~-]+$/.test(value);

const readSettings = (path: string): Promise<string> =>
  readFile(path, "utf8").catch((error: NodeJS.ErrnoException) => {
    if (error.code === "ENOENT") return "# Settings of Kindling's host agent; docs/settings.md lists them all.\n";
    throw error;
  });

/** What can be known beforehand: that the values are plain, and that the file can be read and its folder written. Changes nothing. @throws when not */
export async function checkSettings(path: string, ours: Readonly<Record<string, string>>): Promise<void> {
  for (const [name, value] of Object.entries(ours))
    if (!isPlain(name, value)) throw new Error(`${name} cannot be "${value}": use letters, digits and . / : , - _ only.`);
  await readSettings(path);
  await access(dirname(path), constants.W_OK);
}

/** @throws when a value could not be one plain word of such a file */
export async function writeSettings(
  path: string,
  ours: Readonly<Record<string, string>>,
  offered: Readonly<Record<string, string>> = {},
): Promise<void> {
  await checkSettings(path, { ...offered, ...ours });
  await writeKept(path, withSettings(await readSettings(path), ours, offered));
}
