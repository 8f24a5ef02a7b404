/** Whom the engine asks about names on a node's behalf. */
import { getServers } from "node:dns";
import { readFile } from "node:fs/promises";
import { isIPv4 } from "node:net";

/** Where systemd says whom its resolver on loopback asks: a node has another loopback, so the engine gives it these. */
const behind = "/run/systemd/resolve/resolv.conf";

/** What the engine takes where it finds none that a node could ask. */
const ofTheEngine = ["8.8.8.8", "8.8.4.4"];

const usable = (servers: readonly string[]): string[] => servers.filter((server) => isIPv4(server) && !server.startsWith("127."));

/** Pure: the name servers of a resolv.conf. */
export function nameServers(text: string): string[] {
  return [...text.matchAll(/^\s*nameserver\s+(\S+)/gm)].map(([, server = ""]) => server);
}

/** Addresses of name servers that nodes ask by the engine's resolver, as the engine finds them. Never throws. */
export async function resolvers(host: readonly string[] = getServers(), file: string = behind): Promise<string[]> {
  const own = usable(host);
  if (own.length > 0) return own;
  const others = usable(nameServers(await readFile(file, "utf8").catch(() => "")));
  return others.length > 0 ? others : ofTheEngine;
}
