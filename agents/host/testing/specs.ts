/** Specs for tests: a small tenant network with nodes on it. */
import { randomInt } from "node:crypto";
import type { HostSpec, NodeSpec, SegmentSpec, VolumeSpec } from "../../protocol/spec.ts";

const letters = "abcdefghijklmnopqrstuvwxyz0123456789";

/** An id that no other test run has. */
export function freshId(prefix: string): string {
  return prefix + Array.from({ length: 8 }, () => letters[randomInt(letters.length)]).join("");
}

export interface Net {
  /** First three numbers of a /24. */
  readonly base: string;
  readonly segment: SegmentSpec;
}

const bases = new Set<string>();

/** No two of one process are the same. */
function freshBase(): string {
  const base = `10.${randomInt(100, 220)}.${randomInt(1, 255)}`;
  if (bases.has(base)) return freshBase();
  bases.add(base);
  return base;
}

export function net(tenant: string, id: string): Net {
  const base = freshBase();
  return {
    base,
    segment: {
      id,
      tenant,
      desired: "present",
      subnet: `${base}.0/24`,
      gateway: `${base}.254`,
      bridge: `kt${id.slice(-9)}`,
      mtu: 1500,
      uplink: { kind: "none" },
      dns: [],
      members: [],
      egress: "open",
      allow: [],
    },
  };
}

export function volume(id: string, tenant: string, sizeMb = 64): VolumeSpec {
  return { id, tenant, name: "test-disk", sizeMb, driver: "loop", desired: "present" };
}

export function node(part: Pick<NodeSpec, "id" | "ip" | "segment" | "volume" | "image" | "tenant"> & Partial<NodeSpec>): NodeSpec {
  return {
    name: part.id,
    domain: "test.local",
    cluster: { id: "clusterone", name: "one" },
    role: "master",
    desired: "running",
    resources: { vcpus: 0.5, memoryMb: 256, pids: 128, rootMb: 1024 },
    capabilities: ["CHOWN", "KILL", "SETGID", "SETUID"],
    gpus: [],
    sudo: false,
    filter: "engine",
    services: [
      {
        id: "jupyter",
        title: "Jupyter",
        command: ["/bin/true"],
        user: "spark",
        probe: { kind: "http", port: 8888, path: "/" },
        endpoints: [{ id: "jupyter", title: "Jupyter", port: 8888, path: "/" }],
        guarded: [8888],
        stopSeconds: 2,
      },
    ],
    spark: null,
    origins: {},
    secrets: { "jupyter-token": "s3cret-of-the-test" },
    incarnation: 1,
    ...part,
  };
}

/** A spec that wants nothing. */
export function emptySpec(parts: Pick<HostSpec, "installation" | "host" | "generation">): HostSpec {
  const nothing = { deny: [], incoming: [], outgoing: [], images: [], segments: [], volumes: [], nodes: [] };
  return { protocol: 1, leaseSeconds: null, ...nothing, ...parts };
}

/** A whole host spec; members of each segment follow from the nodes. */
export function hostSpec(parts: {
  installation: string;
  host: string;
  generation: number;
  segments: SegmentSpec[];
  volumes: VolumeSpec[];
  nodes: NodeSpec[];
  images?: HostSpec["images"];
}): HostSpec {
  const segments = parts.segments.map((s) => ({
    ...s,
    members: parts.nodes
      .filter((n) => n.segment === s.id && n.desired !== "deleted")
      .map((n) => ({ ip: n.ip, name: n.name, cluster: n.cluster.id, via: null, remote: false })),
  }));
  return { ...emptySpec(parts), ...parts, segments };
}
