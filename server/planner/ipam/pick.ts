import type { AddressRow, SegmentRow } from "../snapshot.ts";

const firstHost = 2;
const lastHost = 249;

/** The first three numbers of the segment's addresses; a segment is a /24. */
function prefixOf(segment: Pick<SegmentRow, "cidr">): string {
  return segment.cidr.slice(0, segment.cidr.lastIndexOf(".") + 1);
}

/** The addresses a segment gives to nodes: .2 to .249 without the gateway. .1 and .250 to .254 are the hosts' own. */
export function isUsable(segment: Pick<SegmentRow, "cidr" | "gateway">, ip: string): boolean {
  const prefix = prefixOf(segment);
  const last = Number(ip.slice(prefix.length));
  return ip.startsWith(prefix) && ip !== segment.gateway && last >= firstHost && last <= lastHost;
}

/** How many addresses a segment has for nodes. */
export function sizeOf(segment: Pick<SegmentRow, "cidr" | "gateway">): number {
  return lastHost - firstHost + 1 - Number(isUsable({ ...segment, gateway: "" }, segment.gateway));
}

export type Picked = { readonly ips: readonly string[] } | { readonly short: number; readonly nextFreeAt: number | null };

/**
 * Picks `n` addresses: the lowest that were never used, then those that rested longest. One that rests shorter than `restSeconds` is not
 * given out, because a stale neighbour entry or an open connection may still mean its last owner.
 */
export function pick(segment: SegmentRow, addresses: readonly AddressRow[], n: number, now: number, restSeconds: number): Picked {
  const rows = new Map(addresses.filter((row) => row.segmentId === segment.id).map((row) => [row.ip, row]));
  const prefix = prefixOf(segment);
  const fresh: string[] = [];
  const rested: { ip: string; freedAt: number }[] = [];
  let nextFreeAt: number | null = null;
  for (let last = firstHost; last <= lastHost && fresh.length < n; last += 1) {
    const ip = `${prefix}${last}`;
    if (ip === segment.gateway) continue;
    const row = rows.get(ip);
    if (!row) fresh.push(ip);
    else if (row.freedAt !== null) {
      const free = row.freedAt + restSeconds * 1000;
      if (free <= now) rested.push({ ip, freedAt: row.freedAt });
      else nextFreeAt = Math.min(nextFreeAt ?? free, free);
    }
  }
  rested.sort((a, b) => a.freedAt - b.freedAt);
  const ips = [...fresh, ...rested.map((row) => row.ip)].slice(0, n);
  return ips.length === n ? { ips } : { short: n - ips.length, nextFreeAt };
}
