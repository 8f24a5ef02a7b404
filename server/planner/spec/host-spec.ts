import type { HostSpec, NodeSpec, SegmentSpec, Uplink, VolumeSpec } from "../../../agents/protocol/spec.ts";
import { leaseOf } from "../moves.ts";
import {
  addressesOf,
  addressOf,
  clusterOf,
  copyOf,
  gatewaysOf,
  gatewaysOfHost,
  hostOf,
  nodeOf,
  nodesOnHost,
  remnantsOnHost,
  segmentOf,
  volumesOnHost,
} from "../rows.ts";
import type { AddressRow, HostRow, NodeRow, RemnantRow, SegmentRow, Snapshot, TenantRow, VolumeRow } from "../snapshot.ts";
import { mtuOf, ownAddresses, revoked, tunnelAddress, vlanParent } from "../underlay.ts";
import { nodeSpec, type Site } from "./node-spec.ts";

/**
 * Everything one host has to be, as the rows say. Lists are in a fixed order, so that the same rows give the same text.
 * @param generation raised by the caller whenever the content differs from the last one sent
 */
export function hostSpec(snapshot: Snapshot, hostId: string, generation: number, site: Site): HostSpec {
  const nodes = [...nodesOnHost(snapshot, hostId)].sort((a, b) => a.number - b.number);
  const volumes = volumesOnHost(snapshot, hostId);
  const remnants = [...remnantsOnHost(snapshot, hostId)].sort(by((row) => row.nodeId));
  const inUse = new Set(nodes.map((node) => clusterOf(snapshot, node.clusterId)?.distributionId));
  return {
    protocol: 1,
    installation: snapshot.installation.id,
    host: hostId,
    generation,
    leaseSeconds: leaseOf(snapshot.installation.moveAfterSeconds),
    deny: othersOf(snapshot.hosts, hostId),
    // Images are made ahead, so that the first cluster of a distribution need not wait for its build.
    images: snapshot.distributions
      .filter((row) => !row.retired || inUse.has(row.id))
      .map((row) => ({ bundle: row.id, tag: row.imageTag }))
      .sort(by((row) => row.bundle)),
    segments: gatewaysOfHost(snapshot, hostId)
      .flatMap((own) => segmentSpec(snapshot, hostId, own) ?? [])
      .sort(by((row) => row.id)),
    volumes: volumes
      .filter((row) => row.state !== "arriving")
      .map(volumeSpec)
      .sort(by((row) => row.id)),
    incoming: volumes
      .filter((row) => row.state === "arriving")
      .map(({ id, tenantId: tenant, sizeMb, driver }) => ({ id, tenant, sizeMb, driver: driverOf(driver) }))
      .sort(by((row) => row.id)),
    outgoing: volumes.flatMap((row) => (row.state === "attached" && copyOf(snapshot, row.id) ? [row.id] : [])).sort(),
    nodes: [...nodes.map((node) => nodeSpec(snapshot, node, site)), ...remnants.map((row) => remnantSpec(snapshot, row))],
  };
}

/** Every host's own addresses; made once for hosts that stay as they are. */
const reached = new WeakMap<readonly HostRow[], readonly { id: string; addresses: readonly string[] }[]>();

/** Where the other hosts' agents, their sshd and the platform's ports are: a node that may go out still has no business there. */
function othersOf(hosts: readonly HostRow[], hostId: string): string[] {
  const known = reached.get(hosts) ?? hosts.map((host) => ({ id: host.id, addresses: ownAddresses(host) }));
  reached.set(hosts, known);
  return [...new Set(known.flatMap(({ id, addresses }) => (id === hostId ? [] : addresses)))].sort();
}

function by<T>(key: (row: T) => string): (a: T, b: T) => number {
  return (a, b) => (key(a) < key(b) ? -1 : key(a) > key(b) ? 1 : 0);
}

/** Nodes that stay on a segment, by number; made once for addresses and nodes that stay as they are. */
const staying = new WeakMap<readonly NodeRow[], Map<string, { addresses: readonly AddressRow[]; nodes: readonly NodeRow[] }>>();

function stayingOn(snapshot: Snapshot, segmentId: string): readonly NodeRow[] {
  const known = staying.get(snapshot.nodes) ?? new Map();
  staying.set(snapshot.nodes, known);
  const cached = known.get(segmentId);
  if (cached?.addresses === snapshot.addresses) return cached.nodes;
  const nodes = addressesOf(snapshot, segmentId)
    .flatMap((row) => (row.nodeId === null ? [] : (nodeOf(snapshot, row.nodeId) ?? [])))
    .filter((node) => !node.removing)
    .sort((a, b) => a.number - b.number);
  known.set(segmentId, { addresses: snapshot.addresses, nodes });
  return nodes;
}

/**
 * A segment is wanted on a host as long as a node of it stays there. Afterwards it is named as deleted for as long as the host has its own
 * address there: that is freed when the host has shown that nothing is left.
 */
function segmentSpec(snapshot: Snapshot, hostId: string, own: AddressRow): SegmentSpec | null {
  const segment = segmentOf(snapshot, own.segmentId);
  const host = hostOf(snapshot, hostId);
  if (!segment || !host) return null;
  const nodes = stayingOn(snapshot, segment.id);
  const here = nodes.some((node) => node.hostId === hostId && !node.evicting);
  const tenant = snapshot.tenants.find((row) => row.id === segment.tenantId);
  return {
    id: segment.id,
    tenant: segment.tenantId,
    desired: here ? "present" : "deleted",
    subnet: segment.cidr,
    gateway: own.ip,
    bridge: segment.bridge,
    mtu: mtuOf(segment, snapshot.hosts),
    uplink: uplinkOf(snapshot, segment, host, here),
    dns: [...segment.dns],
    members: here ? nodes.map((node) => memberOf(snapshot, hostId, node)) : [],
    ...egressOf(tenant),
  };
}

/** Listed is closed with exceptions: a host whose agent does not know lists keeps it closed. */
function egressOf(tenant: TenantRow | undefined): Pick<SegmentSpec, "egress" | "allow"> {
  if (tenant?.egress === "listed") return { egress: "closed", allow: [...tenant.egressList] };
  return { egress: tenant?.egress === "open" ? "open" : "closed", allow: [] };
}

function memberOf(snapshot: Snapshot, hostId: string, node: NodeRow): SegmentSpec["members"][number] {
  const remote = node.hostId !== hostId;
  const other = remote ? hostOf(snapshot, node.hostId) : undefined;
  const via = other && !revoked(other) ? tunnelAddress(other) : null;
  return { ip: addressOf(snapshot, node.id)?.ip ?? "", name: node.name, cluster: node.clusterId, via, remote };
}

function uplinkOf(snapshot: Snapshot, segment: SegmentRow, host: HostRow, here: boolean): Uplink {
  const none: Uplink = { kind: "none" };
  if (segment.uplink === "vlan") {
    const parent = vlanParent(host);
    return parent === null || segment.vlanId === null ? none : { kind: "vlan", vid: segment.vlanId, parent };
  }
  const local = tunnelAddress(host);
  if (segment.uplink !== "vxlan" || segment.vni === null || local === null) return none;
  return {
    kind: "vxlan",
    vni: segment.vni,
    port: snapshot.installation.vxlanPort,
    local,
    peers: here ? peersOf(snapshot, segment, host) : [],
  };
}

/** Tunnel addresses of the other hosts that carry the segment. One that counts as lost is none of them, nor one whose certificate was revoked. */
function peersOf(snapshot: Snapshot, segment: SegmentRow, host: HostRow): string[] {
  return gatewaysOf(snapshot, segment.id)
    .flatMap((row) => {
      const other = row.hostId === null || row.hostId === host.id ? undefined : hostOf(snapshot, row.hostId);
      return other && other.fencedAt === null && !revoked(other) ? (tunnelAddress(other) ?? []) : [];
    })
    .sort();
}

const driverOf = (driver: string): VolumeSpec["driver"] => (driver === "lvm" ? "lvm" : "loop");

function volumeSpec(volume: VolumeRow): VolumeSpec {
  return {
    id: volume.id,
    tenant: volume.tenantId,
    name: volume.name,
    sizeMb: volume.sizeMb,
    driver: driverOf(volume.driver),
    desired: volume.state === "deleting" ? "deleted" : "present",
  };
}

/** What a host may still run of a node that lives elsewhere by now: only its identity counts, because it is to go. */
function remnantSpec(snapshot: Snapshot, remnant: RemnantRow): NodeSpec {
  return {
    id: remnant.nodeId,
    name: remnant.name,
    domain: snapshot.installation.nodeDomain,
    tenant: remnant.tenantId,
    cluster: { id: remnant.clusterId, name: remnant.clusterId },
    role: remnant.role,
    desired: "deleted",
    image: remnant.imageTag,
    segment: remnant.segmentId,
    ip: remnant.ip,
    volume: remnant.volumeId,
    resources: { vcpus: 1, memoryMb: 256, pids: 64, rootMb: 1024 },
    gpus: [],
    capabilities: [],
    sudo: false,
    filter: "engine",
    services: [],
    spark: null,
    origins: {},
    secrets: {},
    incarnation: remnant.incarnation,
  };
}
