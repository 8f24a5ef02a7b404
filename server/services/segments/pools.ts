import { UserError } from "../../errors.ts";

/** "100-199, 300" as ranges; null when it is something else or out of bounds. */
export function numbersOf(text: string, least: number, most: number): { first: number; last: number }[] | null {
  const parts = text.split(",").map((part) => /^\s*(\d+)\s*(?:-\s*(\d+)\s*)?$/.exec(part));
  const ranges = parts.map((part) => (part ? { first: Number(part[1]), last: Number(part[2] ?? part[1]) } : null));
  const good = ranges.filter((range) => range !== null && range.first >= least && range.last <= most && range.first <= range.last);
  return good.length === ranges.length ? good.flatMap((range) => range ?? []) : null;
}

/** The first number of a pool that nobody has. @throws UserError `limit` when all are taken */
export function nextNumber(pool: string, taken: ReadonlySet<number>, what: "VLAN id" | "VNI"): number {
  for (const { first, last } of numbersOf(pool, 1, 16_777_215) ?? [])
    for (let at = first; at <= last; at += 1) if (!taken.has(at)) return at;
  throw new UserError(
    "limit",
    `The site's pool of ${what}s, ${pool}, is used up. Give a ${what}, or set a larger pool in the site's settings.`,
    "uplink",
  );
}
