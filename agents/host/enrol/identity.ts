/** Who this host is to its platform: a key that never leaves it, its certificate, and the authority's. Files of mode 0600 in the agent's state. */
import { createPrivateKey, createPublicKey, randomBytes, X509Certificate } from "node:crypto";
import { chmod, mkdir, open, readFile, rename } from "node:fs/promises";
import { join } from "node:path";
import { hostOf, uriOf } from "../../identity/names.ts";

export interface Identity {
  readonly installation: string;
  readonly host: string;
  /** PEM. */
  readonly key: string;
  readonly certificate: string;
  readonly ca: string;
}

const names = { key: "key.pem", certificate: "certificate.pem", ca: "ca.pem" } as const;

/** The folder below the agent's state. */
export const identityDir = (state: string): string => join(state, "identity");

/** Writes a file of mode 0600 so that after a power cut it is the old or the new one. */
export async function writeKept(path: string, content: string): Promise<void> {
  const draft = `${path}.${randomBytes(4).toString("hex")}`;
  const file = await open(draft, "wx", 0o600);
  try {
    await file.writeFile(content);
    await file.sync();
  } finally {
    await file.close();
  }
  await rename(draft, path);
}

/** Pure: the certificate's installation and host, when the authority signed it for this key. @throws in words when not */
export function identityOf(parts: Pick<Identity, "key" | "certificate" | "ca">): Identity {
  const shown = new X509Certificate(parts.certificate);
  const installation = /^kindling:\/\/([a-z0-9]+)\/host\//.exec(uriOf(shown) ?? "")?.[1] ?? "";
  const host = hostOf(shown, installation);
  if (!host) throw new Error("The certificate is not one of a host.");
  if (!shown.checkPrivateKey(createPrivateKey(parts.key))) throw new Error("The certificate is not of this host's key.");
  if (!shown.verify(createPublicKey(new X509Certificate(parts.ca).publicKey.export({ type: "spki", format: "pem" }))))
    throw new Error("The certificate is not signed by the platform's authority.");
  return { ...parts, installation, host };
}

/** What was kept, or null where this host was never enrolled. @throws when the files do not belong together */
export async function loadIdentity(dir: string): Promise<Identity | null> {
  const read = (name: string) =>
    readFile(join(dir, name), "utf8").catch((error: NodeJS.ErrnoException) => {
      if (error.code === "ENOENT") return null;
      throw error;
    });
  const [key, certificate, ca] = await Promise.all([read(names.key), read(names.certificate), read(names.ca)]);
  if (key === null || certificate === null || ca === null) return null;
  return identityOf({ key, certificate, ca });
}

/** Keeps an identity. The certificate is written last: before it there is none, and a new key goes nowhere without it. */
export async function saveIdentity(dir: string, { key, certificate, ca }: Identity): Promise<void> {
  await mkdir(dir, { recursive: true, mode: 0o700 });
  await chmod(dir, 0o700);
  await writeKept(join(dir, names.key), key);
  await writeKept(join(dir, names.ca), ca);
  await writeKept(join(dir, names.certificate), certificate);
}
