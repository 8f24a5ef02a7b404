/** What nodes reach outside of their network, where that is listed. */
import { z } from "zod";
import { Cidr, Ipv4, Port } from "./ids.ts";

/**
 * Loopback, multicast, and where clouds serve what belongs to the machine (its keys, its settings): link-local, and of two clouds also an address
 * outside it. No node ever reaches them, whatever its tenant's list says.
 */
export const neverReached = ["169.254.0.0/16", "168.63.129.16", "100.100.100.200", "127.0.0.0/8", "224.0.0.0/4"];

/** What an agent says it understands when it knows lists of destinations; older ones say nothing. */
export const knowsLists = "egress-list";

/** Most destinations of a tenant. */
export const mostDestinations = 50;

/** A destination that nodes may reach: a network or one address; without a protocol everything there. */
export const EgressRule = z
  .object({
    network: z.union([Ipv4, Cidr]),
    protocol: z.enum(["tcp", "udp"]).nullable().default(null),
    /** Ports and inclusive ranges; none: every port. */
    ports: z
      .array(z.tuple([Port, Port]))
      .max(20)
      .default([]),
  })
  .refine((rule) => rule.ports.length === 0 || rule.protocol !== null, "ports belong to tcp or udp");
export type EgressRule = z.infer<typeof EgressRule>;

/** "10.1.2.0/24 tcp 443,8000-8100": as people write and read it. */
export function egressText({ network, protocol, ports }: EgressRule): string {
  const said = ports.map(([from, to]) => (from === to ? `${from}` : `${from}-${to}`)).join(",");
  return [network, ...(protocol ? [protocol] : []), ...(said ? [said] : [])].join(" ");
}
