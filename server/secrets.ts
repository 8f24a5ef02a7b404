import { createCipheriv, createDecipheriv, createHash, createSecretKey, hkdfSync, type KeyObject, randomBytes } from "node:crypto";
import { link, mkdir, open as openFile, readFile, rm } from "node:fs/promises";
import { join } from "node:path";

/** The installation's key: everything that is sealed or signed comes from it. Never logged, never in the database. */
export type SiteKey = KeyObject;

const version = "v1";

/** What is sealed is sealed with this one: the portal writes it, reconciler and gateway open it. */
const siteKey = "site.key";
/** What only the portal knows: who opens sealed secrets must not be able to sign a session. */
const portalKey = "portal.key";
export const keyFiles = [siteKey, portalKey] as const;

/**
 * Reads site.key in a folder (32 random bytes, mode 0600); makes it at the first start. Two processes may start at once: one file wins.
 * @throws when the file is not a key of ours, because a wrong key would make every secret unreadable
 */
export function loadSiteKey(folder: string): Promise<SiteKey> {
  return loadKey(folder, siteKey);
}

/** The key of sessions, in the same way. */
export function loadPortalKey(folder: string): Promise<SiteKey> {
  return loadKey(folder, portalKey);
}

async function loadKey(folder: string, name: string): Promise<SiteKey> {
  const path = join(folder, name);
  const found = await readFile(path).catch((error: NodeJS.ErrnoException) => {
    if (error.code === "ENOENT") return null;
    throw error;
  });
  const bytes = found ?? (await makeKeyFile(folder, path));
  if (bytes.length !== 32) throw new Error(`${path} does not hold a key of 32 bytes; put the original file back from your backup.`);
  return createSecretKey(bytes);
}

async function makeKeyFile(home: string, path: string): Promise<Buffer> {
  await mkdir(home, { recursive: true, mode: 0o700 });
  const draft = `${path}.${randomBytes(6).toString("hex")}`;
  const file = await openFile(draft, "wx", 0o600);
  try {
    await file.writeFile(randomBytes(32));
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
export function deriveKey(key: SiteKey, purpose: string): string {
  return Buffer.from(hkdfSync("sha256", key, "kindling", purpose, 32)).toString("base64url");
}

/** Encrypts text for the database (AES-256-GCM, a fresh nonce each time). */
export function seal(key: SiteKey, plain: string): string {
  const nonce = randomBytes(12);
  const cipher = createCipheriv("aes-256-gcm", key, nonce);
  const body = Buffer.concat([cipher.update(plain, "utf8"), cipher.final()]);
  return [version, nonce.toString("base64url"), body.toString("base64url"), cipher.getAuthTag().toString("base64url")].join(".");
}

/** @throws when the text was changed or sealed with another key */
export function open(key: SiteKey, sealed: string): string {
  const [mark, nonce, body, tag] = sealed.split(".");
  if (mark !== version || !nonce || body === undefined || !tag) throw new Error("This is not a sealed secret of this installation.");
  const decipher = createDecipheriv("aes-256-gcm", key, Buffer.from(nonce, "base64url"), { authTagLength: 16 });
  decipher.setAuthTag(Buffer.from(tag, "base64url"));
  return Buffer.concat([decipher.update(Buffer.from(body, "base64url")), decipher.final()]).toString("utf8");
}

/** How a random secret (token, code, nonce) is kept: 256 bits of randomness need no slow hash. */
export function hashSecret(secret: string): string {
  return createHash("sha256").update(secret).digest("hex");
}

/** 256 random bits as text that is safe in headers, files and addresses. */
export function randomSecret(): string {
  return randomBytes(32).toString("base64url");
}
