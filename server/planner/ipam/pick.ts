import type { AddressRow, SegmentRow } from "../snapshot.ts";
import { type Range, rangeOf, reservedRange, toIp, toNumber } from "./subnet.ts";

type Place = Pick<SegmentRow, "cidr" | "reserved">;

/** What a segment can give away: nodes take from the low end, hosts from the high one. */
interface Space {
  /** For nodes. The first address after the network's stays free for a router of the site. */
  readonly nodes: Range;
  /** The highest that a host may take; downwards from there, at last among the nodes' too. */
  readonly top: number;
  readonly reserved: readonly Range[];
}

/** How many at the high end are for hosts alone: a fiftieth, and at least three (at least five from /24 on). */
function share(bits: number): number {
  return Math.max(3, Math.floor(2 ** (32 - bits) / 50));
}

const spaces = new WeakMap<Place, Space>();

function spaceOf(segment: Place): Space {
  const known = spaces.get(segment);
  if (known) return known;
  const { first, last, bits } = rangeOf(segment.cidr);
  const made = {
    nodes: { first: first + 2, last: last - 1 - share(bits) },
    top: last - 1,
    reserved: segment.reserved.flatMap((text) => reservedRange(text) ?? []),
  };
  spaces.set(segment, made);
  return made;
}

/** The range in which a reserved address lies. */
function reservedAt(space: Space, at: number): Range | undefined {
  return space.reserved.find((range) => at >= range.first && at <= range.last);
}

/** Whether a node may have the address. */
export function isUsable(segment: Place, ip: string): boolean {
  const space = spaceOf(segment);
  const at = toNumber(ip);
  return at >= space.nodes.first && at <= space.nodes.last && !reservedAt(space, at);
}

/** Whether a host may have the address as its own on the segment. */
export function isGateway(segment: Place, ip: string): boolean {
  const space = spaceOf(segment);
  const at = toNumber(ip);
  return at >= space.nodes.first && at <= space.top && !reservedAt(space, at);
}

/** How many addresses a segment has for nodes. */
export function sizeOf(segment: Place): number {
  const { nodes, reserved } = spaceOf(segment);
  // Reserved ranges may overlap: counted from left to right, each address once.
  let at = nodes.first;
  let count = 0;
  for (const range of [...reserved].sort((a, b) => a.first - b.first)) {
    count += Math.max(0, Math.min(range.first, nodes.last + 1) - at);
    at = Math.max(at, range.last + 1);
  }
  return count + Math.max(0, nodes.last + 1 - at);
}

export type Picked = { readonly ips: readonly string[] } | { readonly short: number; readonly nextFreeAt: number | null };

/** The segment's rows by number, made once for rows that stay as they are. */
const numbered = new WeakMap<readonly AddressRow[], Map<number, AddressRow>>();

function taken(rows: readonly AddressRow[]): Map<number, AddressRow> {
  const known = numbered.get(rows);
  if (known) return known;
  const made = new Map(rows.map((row) => [toNumber(row.ip), row]));
  numbered.set(rows, made);
  return made;
}

/**
 * Picks `n` addresses for nodes: the lowest that were never used, then those that rested longest. One that rests shorter than `restSeconds`
 * is not given out, because a stale neighbour entry or an open connection may still mean its last owner.
 * @param rows the segment's addresses that are in use or rest; the work grows with them and with `n`, not with the segment's size
 */
export function pick(segment: Place, rows: readonly AddressRow[], n: number, now: number, restSeconds: number): Picked {
  const space = spaceOf(segment);
  const known = taken(rows);
  const ips: string[] = [];
  for (let at = space.nodes.first; at <= space.nodes.last && ips.length < n; at += 1) {
    if (known.has(at)) continue;
    const skip = reservedAt(space, at);
    if (skip) at = skip.last;
    else ips.push(toIp(at));
  }
  if (ips.length === n) return { ips };
  const resting = rows.filter((row) => row.freedAt !== null && isUsable(segment, row.ip));
  const ready = rested(resting, now, restSeconds);
  for (const row of ready) if (ips.length < n) ips.push(row.ip);
  if (ips.length === n) return { ips };
  const waiting = resting.map((row) => (row.freedAt ?? 0) + restSeconds * 1000).filter((at) => at > now);
  return { short: n - ips.length, nextFreeAt: waiting.length > 0 ? Math.min(...waiting) : null };
}

/**
 * Picks the address of a host that begins to carry the segment: one of those for hosts alone as long as a host does not use each of them, the
 * highest that was never used or the one that rested longest; only then one of the nodes', whose number would be one less.
 * @param except addresses that are being given away at the same time
 * @returns null when there is none
 */
export function pickGateway(
  segment: Place,
  rows: readonly AddressRow[],
  now: number,
  restSeconds: number,
  except: ReadonlySet<string>,
): string | null {
  const space = spaceOf(segment);
  const free = rows.filter((row) => row.freedAt !== null && !except.has(row.ip) && isGateway(segment, row.ip));
  const [own, shared] = [free.filter((row) => toNumber(row.ip) > space.nodes.last), free.filter((row) => isUsable(segment, row.ip))];
  // Only nodes of the host itself ever speak to its address, and they are gone: it need not rest for another host.
  return (
    unused(space, rows, { first: space.nodes.last + 1, last: space.top }, except) ??
    rested(own, Number.POSITIVE_INFINITY, 0)[0]?.ip ??
    unused(space, rows, space.nodes, except) ??
    rested(shared, now, restSeconds)[0]?.ip ??
    null
  );
}

/** The highest address of a range that was never used. */
function unused(space: Space, rows: readonly AddressRow[], { first, last }: Range, except: ReadonlySet<string>): string | null {
  const known = taken(rows);
  for (let at = last; at >= first; at -= 1) {
    if (known.has(at)) continue;
    const skip = reservedAt(space, at);
    if (skip) at = skip.first;
    else if (!except.has(toIp(at))) return toIp(at);
  }
  return null;
}

/** Those that rested long enough, the longest first. */
function rested(rows: readonly AddressRow[], now: number, restSeconds: number): AddressRow[] {
  return rows
    .filter((row) => row.freedAt !== null && row.freedAt + restSeconds * 1000 <= now)
    .sort((a, b) => (a.freedAt ?? 0) - (b.freedAt ?? 0) || toNumber(a.ip) - toNumber(b.ip));
}
