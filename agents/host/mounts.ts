/** What is mounted where, from the kernel's own list; and what is to be. */
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { run } from "./exec.ts";
import { together } from "./together.ts";

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

export interface Mount {
  readonly type: string;
  readonly source: string;
  readonly target: string;
  /** As `mount -o` takes them. */
  readonly options: string;
}

const patienceMs = 30_000;

/** Mounts, together with whatever else is to be mounted just now. What is mounted there already stays. Throws ExecError. */
export const mount: (wanted: Mount) => Promise<void> = together(async (all) => {
  const folder = await mkdtemp(join(tmpdir(), "kindling-mounts-"));
  try {
    const table = join(folder, "fstab");
    await writeFile(table, fstab(all), { mode: 0o600, flag: "wx" });
    await run("mount", ["--all", "--fstab", table], { timeoutMs: patienceMs * all.length });
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
});

/** Takes away what is mounted on top at the target, together with others; nothing there is fine. Throws ExecError. */
export const unmount: (target: string) => Promise<void> = together(async (all) => {
  // One of several may be gone already when each is done alone.
  const mounted = new Set((await readMounts()).map((entry) => entry.target));
  const left = all.filter((target) => mounted.has(target));
  if (left.length > 0) await run("umount", left, { timeoutMs: patienceMs * left.length });
});

/** Pure: lines of fstab(5), where blanks, backslashes and hashes are written in octal. */
export function fstab(mounts: readonly Mount[]): string {
  const field = (text: string) => text.replace(/[\s\\#]/g, (char) => `\\${char.charCodeAt(0).toString(8).padStart(3, "0")}`);
  return mounts.map(({ source, target, type, options }) => `${[source, target, type, options].map(field).join(" ")} 0 0\n`).join("");
}
