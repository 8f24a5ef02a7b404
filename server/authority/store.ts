import { randomBytes } from "node:crypto";
import { open as openFile, readFile, rename } from "node:fs/promises";
import { join } from "node:path";
import { makeKey } from "../../agents/identity/key.ts";
import { type Ca, makeCa, openCa } from "./ca.ts";

/** Below KINDLING_HOME; only this part's account may enter. Whoever has it can make hosts and parts of this platform: it belongs into a backup that is kept as safe. */
export const authorityFolder = (home: string): string => join(home, "authority");

export interface Kept {
  readonly ca: Ca;
  /** Private key of the enrolment server, PEM. It stays, so that a command that was given out before a restart still fits. */
  readonly serverKey: string;
}

async function readOrMake(path: string, make: () => string | Promise<string>): Promise<string> {
  const found = await readFile(path, "utf8").catch((error: NodeJS.ErrnoException) => {
    if (error.code === "ENOENT") return null;
    throw error;
  });
  if (found !== null) return found;
  const draft = `${path}.${randomBytes(4).toString("hex")}`;
  const file = await openFile(draft, "wx", 0o600);
  const text = await make();
  try {
    await file.writeFile(text);
    await file.sync();
  } finally {
    await file.close();
  }
  await rename(draft, path);
  return text;
}

/**
 * Opens the authority's files, made at the first start: ca.key, ca.pem, server.key, of mode 0600.
 * @throws when key and certificate are from different backups
 */
export async function openStore(folder: string, installation: string, now: Date): Promise<Kept> {
  const caKey = await readOrMake(join(folder, "ca.key"), makeKey);
  const certificate = await readOrMake(join(folder, "ca.pem"), () => makeCa(caKey, installation, now));
  const serverKey = await readOrMake(join(folder, "server.key"), makeKey);
  return { ca: await openCa(caKey, certificate), serverKey };
}
