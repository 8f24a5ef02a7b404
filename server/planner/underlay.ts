import { Ipv4 } from "../../agents/protocol/ids.ts";
import { Mtu } from "../../agents/protocol/spec.ts";
import type { HostRow, SegmentRow } from "./snapshot.ts";

type Seen = Pick<HostRow, "address" | "vlanParent" | "observed">;

/** A host's address for tunnels: the one set, else the first that it reports; null when there is none. */
export function tunnelAddress(host: Seen): string | null {
  return host.address ?? host.observed?.facts.links.find((link) => link.addresses.length > 0)?.addresses[0] ?? null;
}

/** The IPv4 addresses by which a host is reached: the one set, the one its agent answers at, those that it reports. */
export function ownAddresses(host: Pick<HostRow, "address" | "observed" | "endpoint">): string[] {
  const at = URL.parse(host.endpoint)?.hostname ?? "";
  const reported = host.observed?.facts.links.flatMap((link) => link.addresses) ?? [];
  return [...new Set([...(host.address ? [host.address] : []), ...(Ipv4.safeParse(at).success ? [at] : []), ...reported])];
}

/** It was enrolled, and nobody trusts it any more: nothing is taken from it, and nothing sent to it. */
export function revoked(host: Pick<HostRow, "endpoint" | "certificate">): boolean {
  return host.certificate === null && host.endpoint.startsWith("https:");
}

/** The link that carries VLANs: the one set, else the one with the host's address. */
export function vlanParent(host: Seen): string | null {
  if (host.vlanParent) return host.vlanParent;
  const address = tunnelAddress(host);
  return host.observed?.facts.links.find((link) => address !== null && link.addresses.includes(address))?.name ?? null;
}

/** The link that a segment's traffic leaves by; undefined when the host does not report it. */
function underlay(host: Seen): { mtu: number } | undefined {
  const address = tunnelAddress(host);
  return host.observed?.facts.links.find((link) => address !== null && link.addresses.includes(address));
}

const tunnelHeader = 50;
const smallest = new WeakMap<readonly HostRow[], number>();

/** The largest packet that every host's underlay carries; 1500 where none reports one. */
function smallestUnderlay(hosts: readonly HostRow[]): number {
  const known = smallest.get(hosts);
  if (known !== undefined) return known;
  const sizes = hosts.flatMap((host) => underlay(host)?.mtu ?? []);
  const made = sizes.length > 0 ? Math.min(...sizes) : 1500;
  smallest.set(hosts, made);
  return made;
}

const carried = new WeakMap<readonly HostRow[], ReadonlyMap<string, number>>();

/**
 * The packet size that segments have where they are carried now. The largest where hosts differ: a host whose underlay is smaller makes its own
 * smaller by itself. One given up as lost carries nothing.
 */
function carriedMtus(hosts: readonly HostRow[]): ReadonlyMap<string, number> {
  const known = carried.get(hosts);
  if (known) return known;
  const made = new Map<string, number>();
  // Goes into every host's spec: one host's nonsense must not keep the others from taking theirs.
  for (const { fencedAt, observed } of hosts)
    for (const { id, state, mtu } of fencedAt === null ? (observed?.segments ?? []) : [])
      if (state === "present" && mtu !== undefined && Mtu.safeParse(mtu).success) made.set(id, Math.max(mtu, made.get(id) ?? mtu));
  carried.set(hosts, made);
  return made;
}

/**
 * The MTU of a segment, the same on every host: in a tunnel there is room for 50 less than in the smallest underlay. While anybody carries it,
 * it keeps the one with which it was made, because nodes use it: whoever joins with a smaller underlay changes nothing.
 */
export function mtuOf(segment: Pick<SegmentRow, "id" | "uplink" | "mtu">, hosts: readonly HostRow[]): number {
  if (segment.uplink !== "vxlan") return segment.mtu;
  return carriedMtus(hosts).get(segment.id) ?? Math.max(576, Math.min(segment.mtu, smallestUnderlay(hosts) - tunnelHeader));
}

/** Why a host cannot carry a segment with this uplink; null when it can. */
export function cannotCarry(host: HostRow, segment: Pick<SegmentRow, "id" | "uplink" | "vlanId">): string | null {
  const facts = host.observed?.facts;
  if (segment.uplink === "none" || !facts) return null;
  if (segment.uplink === "vxlan") {
    if (!facts.abilities.vxlan) return `${host.name} cannot make VXLAN tunnels`;
    return tunnelAddress(host) === null ? `${host.name} reports no address for tunnels` : null;
  }
  const parent = vlanParent(host);
  if (parent === null) return `${host.name} has no link for VLANs`;
  // A link that was given to it is a port of the segment's bridge by now, and is no longer among those that are free.
  const joined = host.observed?.segments.some(({ id, state, fault }) => id === segment.id && state === "present" && fault === null);
  const ready = joined === true || facts.links.some((link) => link.name === `${parent}.${segment.vlanId}`);
  return facts.abilities.vlan || ready ? null : `${host.name} cannot make VLANs and has no link ${parent}.${segment.vlanId}`;
}
