import type { IncomingHttpHeaders } from "node:http";
import { BlockList, isIP, isIPv4 } from "node:net";

/** What of a request says where it comes from. */
interface Incoming {
  socket: { remoteAddress?: string | undefined };
  headers: IncomingHttpHeaders;
}

/** Gives the address that a request counts for in limits, sessions and the audit trail; null when the connection has none. */
export type AddressOf = (request: Incoming) => string | null;

/** One spelling: an IPv4 address inside an IPv6 one is the IPv4 address; null for anything that is no address. */
function plain(text: string): string | null {
  const bare = text.trim().replace(/^\[([^\]]*)\](:\d+)?$/, "$1");
  const withoutPort = /^[\d.]+:\d+$/.test(bare) ? (bare.split(":")[0] ?? "") : bare;
  const address = withoutPort.toLowerCase().replace(/^::ffff:(?=[\d.]+$)/, "");
  return isIP(address) ? address : null;
}

/**
 * Reads addresses past the proxies in front of us. X-Forwarded-For is a client's own word unless a trusted proxy wrote it: it is read from its
 * right end, each hop believed only as long as the one that reported it is trusted.
 * @param trusted addresses and networks of those proxies
 */
export function addressReader(trusted: readonly string[]): AddressOf {
  const list = new BlockList();
  for (const network of trusted) {
    const [address = "", prefix] = network.split("/");
    const family = isIPv4(address) ? "ipv4" : "ipv6";
    list.addSubnet(address, Number(prefix ?? (family === "ipv4" ? 32 : 128)), family);
  }
  const isTrusted = (address: string): boolean => list.check(address, isIPv4(address) ? "ipv4" : "ipv6");
  return ({ socket, headers }) => {
    let from = plain(socket.remoteAddress ?? "");
    const hops = [headers["x-forwarded-for"] ?? []].flat().join(",").split(",");
    while (from !== null && isTrusted(from)) {
      const hop = plain(hops.pop() ?? "");
      if (hop === null) return from;
      from = hop;
    }
    return from;
  };
}
