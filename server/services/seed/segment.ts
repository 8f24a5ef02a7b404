import { UserError } from "../../errors.ts";
import { overlaps, rangeOf, toIp } from "../../planner/ipam/subnet.ts";

/**
 * The first subnet of this size in the site's pool that overlaps no segment: the platform chooses subnets, Docker never does.
 * @throws UserError `limit` when the pool is used up
 */
export function nextSubnet(pool: string, taken: readonly string[], bits = 24): { cidr: string; gateway: string } {
  const { first, last } = rangeOf(pool);
  const size = 2 ** (32 - bits);
  const used = taken.map(rangeOf);
  for (let at = Math.ceil(first / size) * size; at + size - 1 <= last; at += size) {
    const range = { first: at, last: at + size - 1 };
    const hit = used.find((other) => overlaps(other, range));
    if (!hit) return { cidr: `${toIp(at)}/${bits}`, gateway: gatewayOf(`${toIp(at)}/${bits}`) };
    // The next one that begins after what is in the way.
    at = Math.max(at, Math.ceil((hit.last + 1) / size) * size - size);
  }
  throw new UserError(
    "limit",
    `The site's address pool ${pool} has no free subnet left for a segment of /${bits}. A site administrator can set a larger KINDLING_ADDRESS_POOL, or give a subnet outside it.`,
  );
}

/** The highest address: the first that a host takes as its own. */
export function gatewayOf(cidr: string): string {
  return toIp(rangeOf(cidr).last - 1);
}

/** Linux bridge names have at most 15 characters: `k` and the random part of the segment's id. */
export function bridgeName(segmentId: string): string {
  return `k${segmentId}`.slice(0, 15);
}
