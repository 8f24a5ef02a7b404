import { createHash, createSecretKey, type KeyObject, randomBytes } from "node:crypto";
import { z } from "zod";

/** The site's keys: values are sealed with the last one; those before it are only there until nothing is sealed with them any more. */
export interface Ring {
  readonly keys: readonly { readonly id: string; readonly key: KeyObject }[];
}

const Written = z.object({
  version: z.literal(2),
  keys: z.array(z.object({ id: z.string(), key: z.base64url() })).min(1),
});

/** Twelve hexadecimal digits that name a key and tell nothing of it. */
export function keyId(key: KeyObject): string {
  return createHash("sha256").update("kindling site key\0").update(key.export()).digest("hex").slice(0, 12);
}

function named(key: KeyObject): Ring["keys"][number] {
  return { id: keyId(key), key };
}

export function newKey(): Ring["keys"][number] {
  return named(createSecretKey(randomBytes(32)));
}

/** The key that values are sealed with. */
export function current(ring: Ring): Ring["keys"][number] {
  const last = ring.keys.at(-1);
  if (!last) throw new Error("The ring holds no key.");
  return last;
}

export function ringText(ring: Ring): string {
  const keys = ring.keys.map(({ id, key }) => ({ id, key: key.export().toString("base64url") }));
  return `${JSON.stringify({ version: 2, keys } satisfies z.infer<typeof Written>, null, 2)}\n`;
}

/**
 * Reads a key file; 32 bytes and nothing else are one key, as earlier versions wrote it.
 * @throws when it is not one, because a wrong key would make every secret unreadable
 */
export function readRing(path: string, content: Buffer): Ring {
  if (content.length === 32) return { keys: [named(createSecretKey(content))] };
  const wrong = (): Error => new Error(`${path} does not hold keys of 32 bytes; put the original file back from your backup.`);
  let parsed: z.infer<typeof Written>;
  try {
    parsed = Written.parse(JSON.parse(content.toString("utf8")));
  } catch (cause) {
    throw new Error(wrong().message, { cause });
  }
  const keys = parsed.keys.map(({ key }) => Buffer.from(key, "base64url"));
  if (keys.some((key) => key.length !== 32)) throw wrong();
  const ring = { keys: keys.map((key) => named(createSecretKey(key))) };
  if (ring.keys.some(({ id }, index) => id !== parsed.keys[index]?.id)) throw wrong();
  return ring;
}
