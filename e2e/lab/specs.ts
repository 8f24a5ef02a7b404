/** From one plan of segments and nodes to the spec of each host, as the platform would send it. */
import { node, volume } from "../../agents/host/testing/specs.ts";
import type { HostSpec, SegmentSpec } from "../../agents/protocol/spec.ts";

export interface PlannedSegment {
  readonly id: string;
  readonly tenant: string;
  /** First three numbers of a /24. */
  readonly base: string;
  readonly kind: { readonly vid: number } | { readonly vni: number };
}

export interface PlannedNode {
  readonly id: string;
  readonly segment: PlannedSegment;
  readonly last: number;
  readonly host: number;
  /** Deleted where it was; it may be planned elsewhere as well. */
  readonly gone?: boolean;
}

export interface Plan {
  readonly installation: string;
  readonly image: string;
  /** Names and addresses of the hosts. */
  readonly hosts: readonly { readonly name: string; readonly address: string }[];
  readonly segments: readonly PlannedSegment[];
  readonly nodes: readonly PlannedNode[];
  readonly leaseSeconds?: number;
  /** Everything is to go. */
  readonly deleted?: boolean;
}

export const ipOf = ({ segment, last }: Pick<PlannedNode, "segment" | "last">): string => `${segment.base}.${last}`;
export const gatewayOf = (segment: PlannedSegment, host: number): string => `${segment.base}.${254 - host}`;
export const domain = "lab.local";

export function specOf(plan: Plan, host: number, generation: number): HostSpec {
  const { name, address } = plan.hosts[host]!;
  const desired = plan.deleted ? "deleted" : "present";
  const here = plan.nodes.filter((n) => n.host === host);
  const segments = plan.segments.map((s): SegmentSpec => {
    const uplink: SegmentSpec["uplink"] =
      "vid" in s.kind
        ? { kind: "vlan", vid: s.kind.vid, parent: "eth0" }
        : {
            kind: "vxlan",
            vni: s.kind.vni,
            port: 4789,
            local: address,
            peers: plan.hosts.filter((h) => h.name !== name).map((h) => h.address),
          };
    const members = plan.nodes
      .filter((n) => n.segment === s && !n.gone)
      .map((n) => {
        const remote = n.host !== host;
        return {
          ip: ipOf(n),
          name: n.id,
          cluster: `cluster${s.tenant}`,
          via: remote ? (plan.hosts[n.host]?.address ?? null) : null,
          remote,
        };
      });
    return {
      id: s.id,
      tenant: s.tenant,
      desired,
      subnet: `${s.base}.0/24`,
      gateway: gatewayOf(s, host),
      bridge: `k${s.id}`.slice(0, 15),
      mtu: 1500,
      uplink,
      dns: [],
      members,
      egress: "open",
      allow: [],
    };
  });
  return {
    protocol: 1,
    installation: plan.installation,
    host: name,
    generation,
    deny: [],
    incoming: [],
    outgoing: [],
    leaseSeconds: plan.leaseSeconds ?? null,
    images: [],
    segments,
    volumes: here.map((n) => ({ ...volume(`vol${n.id}`, n.segment.tenant), desired: n.gone ? "deleted" : desired })),
    nodes: here.map((n) => ({
      ...node({
        id: n.id,
        name: n.id,
        domain,
        ip: ipOf(n),
        segment: n.segment.id,
        volume: `vol${n.id}`,
        image: plan.image,
        tenant: n.segment.tenant,
        cluster: { id: `cluster${n.segment.tenant}`, name: n.segment.tenant },
        // Raw packets: what it may try is the point here.
        capabilities: ["CHOWN", "KILL", "SETGID", "SETUID", "NET_RAW"],
      }),
      desired: n.gone || plan.deleted ? ("deleted" as const) : ("running" as const),
    })),
  };
}
