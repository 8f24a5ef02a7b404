import { UserError } from "../../errors.ts";

const toNumber = (ip: string): number => ip.split(".").reduce((sum, part) => sum * 256 + Number(part), 0);
const toIp = (n: number): string => [24, 16, 8, 0].map((shift) => Math.floor(n / 2 ** shift) % 256).join(".");

/**
 * The first /24 of the site's pool that no segment has: the platform chooses subnets, Docker never does.
 * @throws UserError `limit` when the pool is used up
 */
export function nextSubnet(pool: string, taken: readonly string[]): { cidr: string; gateway: string } {
  const [address = "", bits = "24"] = pool.split("/");
  const size = 2 ** (32 - Number(bits));
  const start = Math.floor(toNumber(address) / size) * size;
  const used = new Set(taken);
  for (let at = start; at + 256 <= start + size; at += 256) {
    const cidr = `${toIp(at)}/24`;
    if (!used.has(cidr)) return { cidr, gateway: toIp(at + 254) };
  }
  throw new UserError(
    "limit",
    `The site's address pool ${pool} has no free subnet left. A site administrator can set a larger KINDLING_ADDRESS_POOL.`,
  );
}

/** Linux bridge names have at most 15 characters: `k` and the random part of the segment's id. */
export function bridgeName(segmentId: string): string {
  return `k${segmentId}`.slice(0, 15);
}
