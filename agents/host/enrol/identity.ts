/** Who this host is to its platform: a key that never leaves it, its certificate, and the authority's. One file of mode 0600 in the agent's state. */
import { createPrivateKey, createPublicKey, randomBytes, X509Certificate } from "node:crypto";
import { chmod, mkdir, open, readFile, rename, rm } from "node:fs/promises";
import { join } from "node:path";
import { z } from "zod";
import { hostOf, uriOf } from "../../identity/names.ts";

export interface Identity {
  readonly installation: string;
  readonly host: string;
  /** PEM. */
  readonly key: string;
  readonly certificate: string;
  readonly ca: string;
}

const whole = "identity.json";
const parts = ["key.pem", "certificate.pem", "ca.pem"] as const;

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
export function identityOf(of: Pick<Identity, "key" | "certificate" | "ca">): Identity {
  const shown = new X509Certificate(of.certificate);
  const installation = /^kindling:\/\/([a-z0-9]+)\/host\//.exec(uriOf(shown) ?? "")?.[1] ?? "";
  const host = hostOf(shown, installation);
  if (!host) throw new Error("The certificate is not one of a host.");
  if (!shown.checkPrivateKey(createPrivateKey(of.key))) throw new Error("The certificate is not of this host's key.");
  if (!shown.verify(createPublicKey(new X509Certificate(of.ca).publicKey.export({ type: "spki", format: "pem" }))))
    throw new Error("The certificate is not signed by the platform's authority.");
  return { ...of, installation, host };
}

const Kept = z.object({
  key: z.string(),
  certificate: z.string(),
  ca: z.string(),
  /** What the platform said about this host and is not in the agent's settings yet. */
  settings: z.record(z.string(), z.string()).default({}),
});

const readOr = <T>(path: string, otherwise: T): Promise<string | T> =>
  readFile(path, "utf8").catch((error: NodeJS.ErrnoException) => {
    if (error.code === "ENOENT") return otherwise;
    throw error;
  });

async function readKept(dir: string): Promise<z.output<typeof Kept> | null> {
  const text = await readOr(join(dir, whole), null);
  if (text !== null) return Kept.parse(JSON.parse(text));
  // As earlier versions kept it.
  const [key, certificate, ca] = await Promise.all(parts.map((name) => readOr(join(dir, name), undefined)));
  return key && certificate && ca ? { key, certificate, ca, settings: {} } : null;
}

/** What was kept, or null where this host was never enrolled. @throws when it cannot be read, or does not belong together */
export async function loadIdentity(dir: string): Promise<Identity | null> {
  const kept = await readKept(dir);
  return kept && identityOf({ key: kept.key, certificate: kept.certificate, ca: kept.ca });
}

/** What the platform said when it enrolled this host, as long as it has not been written into the agent's settings. */
export async function unwrittenSettings(dir: string): Promise<Readonly<Record<string, string>>> {
  return (await readKept(dir))?.settings ?? {};
}

/**
 * Keeps an identity. It is one file, so that after a power cut there is the old or the new one, and never the key of one beside the other's
 * certificate.
 * @param settings kept with it until it is saved without them
 */
export async function saveIdentity(
  dir: string,
  { key, certificate, ca }: Identity,
  settings: Readonly<Record<string, string>> = {},
): Promise<void> {
  await mkdir(dir, { recursive: true, mode: 0o700 });
  await chmod(dir, 0o700);
  await writeKept(join(dir, whole), JSON.stringify({ key, certificate, ca, settings }));
  for (const name of parts) await rm(join(dir, name), { force: true });
}
