import { createCipheriv, createDecipheriv, createSecretKey, type KeyObject, randomBytes } from "node:crypto";
import { current, type Ring } from "./ring.ts";

/** Which value of the database a secret is: it opens there and nowhere else. */
export interface Place {
  table: string;
  column: string;
  row: string;
}

const cipher = "aes-256-gcm";
const nonceBytes = 12;
const tagBytes = 16;

/** Where a secret belongs, and what of it: bound to the text, so that no value can be put in another's place. */
const bound = ({ table, column, row }: Place, what: "key" | "value"): Buffer => Buffer.from(JSON.stringify([what, table, column, row]));

function encrypt(key: KeyObject, plain: Buffer, aad: Buffer): string {
  const nonce = randomBytes(nonceBytes);
  const made = createCipheriv(cipher, key, nonce).setAAD(aad);
  const body = Buffer.concat([made.update(plain), made.final()]);
  return Buffer.concat([nonce, body, made.getAuthTag()]).toString("base64url");
}

function decrypt(key: KeyObject, text: string, aad: Buffer): Buffer {
  const all = Buffer.from(text, "base64url");
  if (all.length < nonceBytes + tagBytes) throw new Error("too short");
  const made = createDecipheriv(cipher, key, all.subarray(0, nonceBytes), { authTagLength: tagBytes }).setAAD(aad);
  made.setAuthTag(all.subarray(all.length - tagBytes));
  return Buffer.concat([made.update(all.subarray(nonceBytes, all.length - tagBytes)), made.final()]);
}

/** `v2.<key>.<the value's own key, under that key>.<the value, under its own key>`: AES-256-GCM, a fresh key and nonce each time. */
export function sealWith(ring: Ring, place: Place, plain: string): string {
  const { id, key } = current(ring);
  const own = randomBytes(32);
  const wrapped = encrypt(key, own, bound(place, "key"));
  return ["v2", id, wrapped, encrypt(createSecretKey(own), Buffer.from(plain, "utf8"), bound(place, "value"))].join(".");
}

/** The id of the key that a text is sealed with; null for a text of an earlier version or none of ours. */
export function keyOf(sealed: string): string | null {
  return /^v2\.([0-9a-f]{12})\./.exec(sealed)?.[1] ?? null;
}

/** @throws when the text was changed, belongs to another place, or is sealed with a key that the ring does not have */
export function openWith(ring: Ring, place: Place, sealed: string): string {
  const [mark, id, wrapped, body, ...more] = sealed.split(".");
  if (mark !== "v2" || !id || !wrapped || body === undefined || more.length > 0)
    throw new Error("This is not a sealed secret of this installation.");
  const found = ring.keys.find((one) => one.id === id);
  if (!found)
    throw new Error(`A secret is sealed with the key ${id}, which site.key does not hold; put the right one back from your backup.`);
  try {
    const own = createSecretKey(decrypt(found.key, wrapped, bound(place, "key")));
    return decrypt(own, body, bound(place, "value")).toString("utf8");
  } catch (cause) {
    throw new Error(`The secret ${place.table}.${place.column} of ${place.row} was changed or put in another's place.`, { cause });
  }
}

/** Opens what versions before key ids sealed: bound to no place. Only for sealing it anew. @throws when no key of the ring opens it */
export function openFormer(ring: Ring, sealed: string): string {
  const [mark, nonce, body, tag] = sealed.split(".");
  if (mark !== "v1" || !nonce || body === undefined || !tag) throw new Error("This is not a sealed secret of this installation.");
  const packed = Buffer.concat([nonce, body, tag].map((text) => Buffer.from(text, "base64url"))).toString("base64url");
  for (const { key } of ring.keys)
    try {
      return decrypt(key, packed, Buffer.alloc(0)).toString("utf8");
    } catch {
      // Perhaps the next.
    }
  throw new Error("No key of this installation opens this secret.");
}
