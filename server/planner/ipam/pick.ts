import type { AddressRow, SegmentRow } from "../snapshot.ts";

const firstHost = 2;
const lastHost = 249;

function toNumber(ip: string): number {
  return ip.split(".").reduce((sum, part) => sum * 256 + Number(part), 0);
}

function toIp(value: number): string {
  return [24, 16, 8, 0].map((shift) => Math.floor(value / 2 ** shift) % 256).join(".");
}

/** The addresses a segment gives to nodes: .2 to .249 without the gateway. .1 and .250 to .254 are the hosts' own. */
export function usable(segment: Pick<SegmentRow, "cidr" | "gateway">): string[] {
  const base = toNumber(segment.cidr.split("/")[0] ?? "");
  const all = Array.from({ length: lastHost - firstHost + 1 }, (_, index) => toIp(base + firstHost + index));
  return all.filter((ip) => ip !== segment.gateway);
}

export type Picked = { readonly ips: readonly string[] } | { readonly short: number; readonly nextFreeAt: number | null };

/**
 * Picks `n` addresses: the lowest that were never used, then those that rested longest. One that rests shorter than `restSeconds` is not
 * given out, because a stale neighbour entry or an open connection may still mean its last owner.
 */
export function pick(segment: SegmentRow, addresses: readonly AddressRow[], n: number, now: number, restSeconds: number): Picked {
  const rows = new Map(addresses.filter((row) => row.segmentId === segment.id).map((row) => [row.ip, row]));
  const fresh: string[] = [];
  const rested: { ip: string; freedAt: number }[] = [];
  let nextFreeAt: number | null = null;
  for (const ip of usable(segment)) {
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
