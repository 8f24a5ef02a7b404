/** What is mounted where, from the kernel's own list. */
import { readFile } from "node:fs/promises";

export interface MountEntry {
  readonly target: string;
  readonly fsType: string;
  /** /dev/loop0 for a loop mount. */
  readonly source: string;
}

/** Reads /proc/self/mountinfo. */
export async function readMounts(): Promise<MountEntry[]> {
  const text = await readFile("/proc/self/mountinfo", "utf8");
  return parseMounts(text);
}

/** Pure part: fields before " - " are positional (the fifth is the target), after it type and source. */
export function parseMounts(text: string): MountEntry[] {
  const entries: MountEntry[] = [];
  for (const line of text.split("\n")) {
    const [before, after] = line.split(" - ");
    const target = before?.split(" ")[4];
    const [fsType, source] = after?.split(" ") ?? [];
    if (target && fsType && source) entries.push({ target: plain(target), fsType, source: plain(source) });
  }
  return entries;
}

/** The kernel writes blanks and backslashes in octal. */
function plain(text: string): string {
  return text.replace(/\\([0-7]{3})/g, (_, octal: string) => String.fromCharCode(Number.parseInt(octal, 8)));
}

export async function mountAt(target: string): Promise<MountEntry | null> {
  // The last one wins: it covers those below it.
  return (await readMounts()).findLast((entry) => entry.target === target) ?? null;
}
