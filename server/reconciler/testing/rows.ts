import type { BundleService } from "../../../agents/protocol/bundle.ts";
import type { ClusterRow, DistributionRow, FlavorRow, HostRow, Snapshot } from "../../planner/snapshot.ts";

const service = (title: string, port: number, probe: BundleService["probe"], endpoint?: string): BundleService => ({
  title,
  command: ["/opt/kindling/bin/service"],
  user: "spark",
  probe,
  endpoints: endpoint ? [{ id: endpoint, title, port, path: "/" }] : [],
  guarded: [],
  stopSeconds: 5,
});

/** A Spark distribution as the catalogue has it. */
export const sparkDistribution: DistributionRow = {
  id: "spark-3-5-jupyter",
  name: "Spark 3.5 with Jupyter",
  imageTag: "kindling/spark-3-5-jupyter:1",
  retired: false,
  bundle: {
    id: "spark-3-5-jupyter",
    name: "Spark 3.5 with Jupyter",
    type: "spark",
    summary: "",
    contents: [],
    capabilities: ["CHOWN", "KILL", "SETGID", "SETUID"],
    tools: ["DAC_OVERRIDE", "SYS_RESOURCE"],
    roles: {
      master: { services: ["spark-master", "spark-worker", "jupyter"], minimumMemoryMb: 2048 },
      worker: { services: ["spark-worker"], minimumMemoryMb: 1024 },
    },
    services: {
      "spark-master": service("Spark master", 8080, { kind: "spark-master", port: 8080 }, "spark"),
      "spark-worker": service("Spark worker", 8081, { kind: "http", port: 8081, path: "/json/" }),
      jupyter: service("Jupyter", 8888, { kind: "http", port: 8888, path: "/api" }, "jupyter"),
    },
  },
};

export const utilityDistribution: DistributionRow = {
  id: "utility",
  name: "Debian 12, pristine",
  imageTag: "kindling/utility:1",
  retired: false,
  bundle: {
    id: "utility",
    name: "Debian 12, pristine",
    type: "utility",
    summary: "",
    contents: [],
    capabilities: ["CHOWN", "KILL", "SETGID", "SETUID"],
    tools: ["DAC_OVERRIDE", "SYS_RESOURCE"],
    roles: { master: { services: [], minimumMemoryMb: 256 }, worker: { services: [], minimumMemoryMb: 256 } },
    services: {},
  },
};

export function flavor(slug: string, vcpus: number, memoryMb: number, position: number, gpus = 0): FlavorRow {
  return {
    id: `f${slug}`,
    slug,
    name: slug[0]?.toUpperCase() + slug.slice(1),
    vcpus,
    memoryMb,
    rootGb: 20,
    dataGb: 10,
    gpus,
    position,
    retired: false,
  };
}

export function hostRow(id: string, name: string): HostRow {
  return {
    id,
    name,
    endpoint: `/run/${id}`,
    certificate: null,
    reservedMemoryMb: 1024,
    mode: "active",
    drainData: null,
    drainNodes: null,
    address: null,
    vlanParent: null,
    tags: [],
    tenantId: null,
    fencedAt: null,
    observed: null,
    observedAt: null,
    wantedGeneration: null,
    toldToDelete: new Set(),
    absent: new Set(),
    listenedSince: null,
  };
}

const plain = { mtu: 1500, dns: [], reserved: [] } as const;
const vlan = { ...plain, uplink: "vlan", vlanId: 100, vni: null } as const;
const vxlan = { ...plain, uplink: "vxlan", vlanId: null, vni: 7001 } as const;

const sets = { capabilitySets: ["default", "tools"], capabilitySet: "default" } as const;

const farFuture = Date.UTC(2100, 0, 1);

/**
 * An installation that nobody has used yet: two tenants, a few flavors, two distributions, `hosts` hosts.
 * @param addresses how many each tenant can use; the others rest for a century
 */
export function freshRows(hosts: number, addresses = 248): Snapshot {
  return {
    installation: {
      id: "isite",
      nodePrefix: "kindling",
      nodeDomain: "bdlocal",
      nextNode: 1,
      generation: 1,
      cpuRatio: 4,
      addressRestSeconds: 60,
      placement: "pack",
      moveAfterSeconds: null,
      vxlanPort: 4789,
    },
    tenants: [
      { id: "tred00", state: "active", ...sets, egress: "open", egressList: [], hostTags: [] },
      { id: "tblue0", state: "active", ...sets, egress: "closed", egressList: [], hostTags: [] },
    ],
    hosts: Array.from({ length: hosts }, (_, index) => hostRow(`host${index}`, `host-${index + 1}`)),
    segments: [
      { id: "sred00", tenantId: "tred00", name: "red", cidr: "10.35.192.0/24", gateway: "10.35.192.254", bridge: "kseg1", ...vlan },
      { id: "sblue0", tenantId: "tblue0", name: "blue", cidr: "10.35.193.0/24", gateway: "10.35.193.254", bridge: "kseg2", ...vxlan },
    ],
    addresses: ["192", "193"].flatMap((net) =>
      Array.from({ length: 248 - addresses }, (_, index) => ({
        ip: `10.35.${net}.${249 - index}`,
        segmentId: net === "192" ? "sred00" : "sblue0",
        nodeId: null,
        hostId: null,
        freedAt: farFuture,
      })),
    ),
    volumes: [],
    flavors: [flavor("tiny", 1, 2048, 0), flavor("small", 1, 4096, 1), flavor("medium", 2, 6144, 2), flavor("large", 4, 8192, 3)],
    distributions: [sparkDistribution, utilityDistribution],
    clusters: [],
    nodes: [],
    gpus: [],
    steps: [],
    remnants: [],
  };
}

/** A cluster as Create leaves it: a small master and `workerCount` small workers that nobody placed yet. */
export function cluster(change: Partial<ClusterRow> = {}): ClusterRow {
  return {
    id: "ccluster",
    tenantId: "tred00",
    name: "flights",
    distributionId: "spark-3-5-jupyter",
    masterFlavorId: "fsmall",
    workerFlavorId: "fsmall",
    workerCount: 1,
    desired: "running",
    keepData: false,
    dataVolumeId: null,
    segmentId: null,
    capabilitySet: "default",
    generation: 1,
    attempt: 1,
    attemptAt: Date.UTC(2026, 0, 1),
    secrets: { sparkAuth: "spark secret", jupyterToken: "jupyter secret" },
    refusal: null,
    phase: "queued",
    phaseReason: null,
    phaseSince: Date.UTC(2026, 0, 1),
    ...change,
  };
}

/** One host, and these clusters. */
export function rowsWith(clusters: readonly ClusterRow[], hosts = 1): Snapshot {
  return { ...freshRows(hosts), clusters };
}
