import { isIPv4 } from "node:net";
import { UnsafeText } from "./unsafe-text.ts";

export type NamedAddress = { ip: string; name: string; domain: string };

const hostLabel = /^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$/i;

/** /etc/hosts: the node itself, then the other nodes, by address, forward and reverse with the full name first. */
export function hostsFile(self: NamedAddress, hosts: readonly NamedAddress[]): string {
  const others = hosts.filter((host) => host.ip !== self.ip && host.name !== self.name);
  const lines = [self, ...others.toSorted((a, b) => (a.ip < b.ip ? -1 : 1))].map(line);
  return ["127.0.0.1\tlocalhost", "::1\tlocalhost ip6-localhost ip6-loopback", ...lines, ""].join("\n");
}

function line({ ip, name, domain }: NamedAddress): string {
  if (!isIPv4(ip)) throw new UnsafeText("the address of a node", "is no IPv4 address");
  if (!hostLabel.test(name)) throw new UnsafeText("the name of a node", "is no host name");
  if (domain.length > 190 || !domain.split(".").every((part) => hostLabel.test(part)))
    throw new UnsafeText("the domain of a node", "is no domain name");
  return `${ip}\t${name}.${domain} ${name}`;
}
