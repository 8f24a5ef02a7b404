import { mkdir, open, readFile, rm } from "node:fs/promises";
import { join } from "node:path";
import type { ServiceUser } from "./user.ts";

/**
 * Copies out of the home, which is root's, the secrets that one part needs, readable by that part's account alone. They lie below the run
 * folder, usually in memory, and are written afresh at every start.
 * @returns the part's folder, for KINDLING_KEYS
 */
export async function handKeys(home: string, keys: string, part: string, user: ServiceUser, names: readonly string[]): Promise<string> {
  const folder = join(keys, part);
  await rm(folder, { recursive: true, force: true });
  await mkdir(folder, { recursive: true, mode: 0o711 });
  for (const name of names) {
    const content = await readFile(join(home, name));
    const file = await open(join(folder, name), "wx", 0o400);
    try {
      await file.writeFile(content);
      await file.chown(user.uid, user.gid);
    } finally {
      await file.close();
    }
  }
  return folder;
}
