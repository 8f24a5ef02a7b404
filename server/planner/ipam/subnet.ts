/** IPv4 addresses as whole numbers, and subnets as what lies between two of them. */

export function toNumber(ip: string): number {
  let n = 0;
  for (const part of ip.split(".")) n = n * 256 + Number(part);
  return n;
}

export function toIp(n: number): string {
  return `${Math.floor(n / 16_777_216)}.${(n >>> 16) & 255}.${(n >>> 8) & 255}.${n & 255}`;
}

/** From the first to the last, both included. */
export interface Range {
  readonly first: number;
  readonly last: number;
}

/** Every address of a subnet, the network's and the broadcast one too. */
export function rangeOf(cidr: string): Range & { readonly bits: number } {
  const [address = "0.0.0.0", bits = "32"] = cidr.split("/");
  const size = 2 ** (32 - Number(bits));
  const first = Math.floor(toNumber(address) / size) * size;
  return { first, last: first + size - 1, bits: Number(bits) };
}

export function overlaps(a: Range, b: Range): boolean {
  return a.first <= b.last && b.first <= a.last;
}

/** Addresses that mean something else to every machine: none of them can be a network's. */
const special: readonly (readonly [string, string])[] = [
  ["0.0.0.0/8", "addresses that stand for no machine"],
  ["127.0.0.0/8", "addresses of each machine for itself"],
  ["169.254.0.0/16", "link-local addresses, clouds' metadata among them"],
  ["224.0.0.0/3", "multicast and reserved addresses"],
];

/** Why no network can have these addresses, to go on after "lies in"; null where it can. */
export function notForNetworks(cidr: string): string | null {
  const clash = special.find(([of]) => overlaps(rangeOf(of), rangeOf(cidr)));
  return clash ? `${clash[0]}, ${clash[1]}` : null;
}

/** "10.1.2.10-10.1.2.20" or "10.1.2.10" as a range; null when it is neither. */
export function reservedRange(text: string): Range | null {
  const parts = text.split("-").map((part) => part.trim());
  const [from, to = from] = parts;
  const ip = /^(\d{1,3}\.){3}\d{1,3}$/;
  if (parts.length > 2 || !from || !to || !ip.test(from) || !ip.test(to)) return null;
  if ([...from.split("."), ...to.split(".")].some((part) => Number(part) > 255)) return null;
  const range = { first: toNumber(from), last: toNumber(to) };
  return range.first <= range.last ? range : null;
}
