import { readFileSync, statSync } from "node:fs";
import { type Ring, readRing } from "./ring.ts";
import { keyOf, openWith, type Place, sealWith } from "./seal.ts";

/** What seals and opens secrets; a key that is rotated while a part runs is noticed by itself. */
export interface Keys {
  seal(place: Place, plain: string): string;
  /** @throws when the text was changed, belongs elsewhere, or no key opens it */
  open(place: Place, sealed: string): string;
}

/** Keys out of a file that may change: it is read again before each sealing if it did, and when a value names a key that is not known. */
export function keysOf(path: string): Keys {
  let seen = "";
  let ring: Ring = { keys: [] };
  const look = (): Ring => {
    const { ino, mtimeMs, size } = statSync(path);
    const now = `${ino} ${mtimeMs} ${size}`;
    if (now !== seen) ring = readRing(path, readFileSync(path));
    seen = now;
    return ring;
  };
  look();
  return {
    seal: (place, plain) => sealWith(look(), place, plain),
    open(place, sealed) {
      const id = keyOf(sealed);
      const known = ring.keys.some((one) => one.id === id);
      return openWith(known ? ring : look(), place, sealed);
    },
  };
}
