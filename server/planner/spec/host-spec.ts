import type { HostSpec, SegmentSpec, VolumeSpec } from "../../../agents/protocol/spec.ts";
import type { SegmentRow, Snapshot, VolumeRow } from "../snapshot.ts";
import { nodeSpec, type Site } from "./node-spec.ts";

/**
 * Everything one host has to be, as the rows say. Lists are in a fixed order, so that the same rows give the same text.
 * @param generation raised by the caller whenever the content differs from the last one sent
 */
export function hostSpec(snapshot: Snapshot, hostId: string, generation: number, site: Site): HostSpec {
  const nodes = snapshot.nodes.filter((node) => node.hostId === hostId).sort((a, b) => a.number - b.number);
  const inUse = new Set(nodes.map((node) => snapshot.clusters.find((cluster) => cluster.id === node.clusterId)?.distributionId));
  return {
    protocol: 1,
    installation: snapshot.installation.id,
    host: hostId,
    generation,
    leaseSeconds: null,
    // Images are made ahead, so that the first cluster of a distribution need not wait for its build.
    images: snapshot.distributions
      .filter((row) => !row.retired || inUse.has(row.id))
      .map((row) => ({ bundle: row.id, tag: row.imageTag }))
      .sort((a, b) => (a.bundle < b.bundle ? -1 : 1)),
    segments: snapshot.segments.map((segment) => segmentSpec(snapshot, hostId, segment)).sort((a, b) => (a.id < b.id ? -1 : 1)),
    volumes: snapshot.volumes
      .filter((volume) => volume.hostId === hostId)
      .map(volumeSpec)
      .sort((a, b) => (a.id < b.id ? -1 : 1)),
    nodes: nodes.map((node) => nodeSpec(snapshot, node, site)),
  };
}

/** A segment is wanted on a host as long as a node of the tenant stays there; every other one is named as deleted, so that none is left over. */
function segmentSpec(snapshot: Snapshot, hostId: string, segment: SegmentRow): SegmentSpec {
  const addresses = new Map(snapshot.addresses.map((address) => [address.nodeId, address]));
  const staying = snapshot.nodes.filter((node) => !node.removing && addresses.get(node.id)?.segmentId === segment.id);
  const members = staying
    .sort((a, b) => a.number - b.number)
    .map((node) => ({ ip: addresses.get(node.id)?.ip ?? "", name: node.name, cluster: node.clusterId, via: null, remote: false }));
  const here = staying.some((node) => node.hostId === hostId);
  const tenant = snapshot.tenants.find((row) => row.id === segment.tenantId);
  return {
    id: segment.id,
    tenant: segment.tenantId,
    desired: here ? "present" : "deleted",
    subnet: segment.cidr,
    gateway: segment.gateway,
    bridge: segment.bridge,
    mtu: segment.mtu,
    uplink: { kind: "none" },
    dns: [...segment.dns],
    members: here ? members : [],
    egress: tenant?.egress === "closed" ? "closed" : "open",
  };
}

function volumeSpec(volume: VolumeRow): VolumeSpec {
  return {
    id: volume.id,
    tenant: volume.tenantId,
    name: volume.name,
    sizeMb: volume.sizeMb,
    driver: volume.driver === "lvm" ? "lvm" : "loop",
    desired: volume.state === "deleting" ? "deleted" : "present",
  };
}
