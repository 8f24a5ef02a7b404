import { createHash, createSecretKey, hkdfSync, type KeyObject, randomBytes } from "node:crypto";
import { link, mkdir, open as openFile, readFile, rm } from "node:fs/promises";
import { join } from "node:path";
import { type Keys, keysOf } from "./secrets/keys.ts";
import { newKey, ringText } from "./secrets/ring.ts";

export type { Keys } from "./secrets/keys.ts";
export type { Place } from "./secrets/seal.ts";

/** What is sealed is sealed with these: the portal writes it, reconciler and gateway open it. */
export const siteKeyFile = "site.key";
/** What only the portal knows: who opens sealed secrets must not be able to sign a session. */
const portalKey = "portal.key";
export const keyFiles = [siteKeyFile, portalKey] as const;

/**
 * The keys that secrets in the database are sealed with, out of site.key in a folder (mode 0600); made at the first start. Two processes may
 * start at once: one file wins.
 * @throws when the file holds no key of ours, because a wrong key would make every secret unreadable
 */
export async function loadSiteKeys(folder: string): Promise<Keys> {
  await ensureFile(folder, siteKeyFile, () => ringText({ keys: [newKey()] }));
  return keysOf(join(folder, siteKeyFile));
}

/** The key of sessions: 32 bytes, made in the same way. */
export async function loadPortalKey(folder: string): Promise<KeyObject> {
  const bytes = await ensureFile(folder, portalKey, () => randomBytes(32));
  if (bytes.length !== 32)
    throw new Error(`${join(folder, portalKey)} does not hold a key of 32 bytes; put the original file back from your backup.`);
  return createSecretKey(bytes);
}

async function ensureFile(folder: string, name: string, make: () => string | Buffer): Promise<Buffer> {
  const path = join(folder, name);
  const found = await readFile(path).catch((error: NodeJS.ErrnoException) => {
    if (error.code === "ENOENT") return null;
    throw error;
  });
  if (found) return found;
  await mkdir(folder, { recursive: true, mode: 0o700 });
  const draft = `${path}.${randomBytes(6).toString("hex")}`;
  const file = await openFile(draft, "wx", 0o600);
  try {
    await file.writeFile(make());
    await file.sync();
  } finally {
    await file.close();
  }
  // A link, unlike a rename, never replaces the key that another process made in the meantime.
  await link(draft, path).catch((error: NodeJS.ErrnoException) => {
    if (error.code !== "EEXIST") throw error;
  });
  await rm(draft);
  return readFile(path);
}

/** A key for one purpose, so that no two uses share one. Base64url text of 32 bytes. */
export function deriveKey(key: KeyObject, purpose: string): string {
  return Buffer.from(hkdfSync("sha256", key, "kindling", purpose, 32)).toString("base64url");
}

/** How a random secret (token, code, nonce) is kept: 256 bits of randomness need no slow hash. */
export function hashSecret(secret: string): string {
  return createHash("sha256").update(secret).digest("hex");
}

/** 256 random bits as text that is safe in headers, files and addresses. */
export function randomSecret(): string {
  return randomBytes(32).toString("base64url");
}
