import type { Bundle } from "../../agents/protocol/bundle.ts";
import type { CapabilitySetId } from "../../agents/protocol/capability.ts";
import type { EgressRule } from "../../agents/protocol/egress.ts";
import type { HostObservation, NodeObservation, VolumeObservation } from "../../agents/protocol/observed.ts";

/**
 * Everything the planner decides from: the rows of the database as plain values, times in milliseconds since the epoch.
 * Nothing here knows Prisma, and nothing in it is changed in place.
 */
export interface Snapshot {
  readonly installation: InstallationRow;
  readonly tenants: readonly TenantRow[];
  readonly hosts: readonly HostRow[];
  readonly segments: readonly SegmentRow[];
  readonly addresses: readonly AddressRow[];
  readonly volumes: readonly VolumeRow[];
  readonly flavors: readonly FlavorRow[];
  readonly distributions: readonly DistributionRow[];
  readonly clusters: readonly ClusterRow[];
  readonly nodes: readonly NodeRow[];
  /** Cards that nodes have. */
  readonly gpus: readonly GpuRow[];
  /** What fenced hosts may still run of nodes that were started elsewhere. */
  readonly remnants: readonly RemnantRow[];
  /** Steps of each cluster's current attempt only. */
  readonly steps: readonly StepRow[];
}

export interface InstallationRow {
  readonly id: string;
  readonly nodePrefix: string;
  readonly nodeDomain: string;
  readonly nextNode: number;
  readonly generation: number;
  readonly cpuRatio: number;
  readonly addressRestSeconds: number;
  readonly placement: "spread" | "pack";
  /** Null: nodes of a lost host move on an administrator's word only. */
  readonly moveAfterSeconds: number | null;
  readonly vxlanPort: number;
}

export interface TenantRow {
  readonly id: string;
  readonly state: "active" | "suspended" | "deleting";
  /** Capability sets that it may use. */
  readonly capabilitySets: readonly CapabilitySetId[];
  /** The one that its clusters get unless they ask for another. */
  readonly capabilitySet: CapabilitySetId;
  readonly egress: "open" | "closed" | "listed";
  /** What its nodes reach outside of their network where that is listed. */
  readonly egressList: readonly EgressRule[];
  /** Its nodes go only to hosts with all of these. */
  readonly hostTags: readonly string[];
}

export type HostSeen = Omit<HostObservation, "nodes">;

export interface HostRow {
  readonly id: string;
  readonly name: string;
  readonly endpoint: string;
  /** SHA-256 of the public key that its agent must show; null: reached by Unix sockets, or revoked. */
  readonly certificate: string | null;
  readonly reservedMemoryMb: number;
  readonly mode: "active" | "cordoned" | "draining" | "maintenance" | "removing";
  readonly drainData: "copy" | "keep" | null;
  /** Nodes it had when its draining began. */
  readonly drainNodes: number | null;
  /** Its address for tunnels, as its administrator set it; null: the first that it reports. */
  readonly address: string | null;
  readonly vlanParent: string | null;
  readonly tags: readonly string[];
  /** Only this tenant's nodes; null: of every one. */
  readonly tenantId: string | null;
  readonly fencedAt: number | null;
  readonly observed: HostSeen | null;
  readonly observedAt: number | null;
  /**
   * Generation of the last spec that differs in content, as far as this process knows; null after a start, until one is committed.
   * Only a picture of at least this generation shows that a deletion was carried out.
   */
  readonly wantedGeneration: number | null;
  /** Nodes, volumes and segments whose deletion is in the spec of that generation: of nothing else is "absent" the end. */
  readonly toldToDelete: ReadonlySet<string>;
  /** Nodes that its last picture, as far as this process heard one, calls absent: also such that are no longer its own (remnants). */
  readonly absent: ReadonlySet<string>;
  /** When this process last heard it, or began to listen: nobody is given up for a time in which nobody listened. Null: whoever asks only looks. */
  readonly listenedSince: number | null;
}

export interface SegmentRow {
  readonly id: string;
  readonly tenantId: string;
  readonly name: string;
  readonly cidr: string;
  readonly gateway: string;
  readonly bridge: string;
  readonly uplink: "none" | "vlan" | "vxlan";
  readonly vlanId: number | null;
  readonly vni: number | null;
  readonly mtu: number;
  readonly dns: readonly string[];
  /** Never given out: single addresses or ranges such as 10.1.2.10-10.1.2.20. */
  readonly reserved: readonly string[];
}

export interface AddressRow {
  readonly ip: string;
  readonly segmentId: string;
  readonly nodeId: string | null;
  /** The host whose own address on the segment it is. */
  readonly hostId: string | null;
  readonly freedAt: number | null;
}

export interface VolumeRow {
  readonly id: string;
  readonly tenantId: string;
  readonly hostId: string;
  readonly name: string;
  readonly sizeMb: number;
  readonly driver: string;
  /** arriving: a copy that another host's disk is to become; nobody's yet. */
  readonly state: "attached" | "arriving" | "kept" | "deleting";
  /** The disk that it is to be a copy of, while it arrives. */
  readonly copyOf: string | null;
  readonly observed: VolumeObservation | null;
}

export interface FlavorRow {
  readonly id: string;
  readonly slug: string;
  readonly name: string;
  readonly vcpus: number;
  readonly memoryMb: number;
  readonly rootGb: number;
  readonly dataGb: number;
  /** Whole cards for each node. */
  readonly gpus: number;
  readonly position: number;
  readonly retired: boolean;
}

export interface DistributionRow {
  readonly id: string;
  readonly name: string;
  readonly imageTag: string;
  readonly bundle: Bundle;
  readonly retired: boolean;
}

export interface Secrets {
  readonly sparkAuth: string;
  readonly jupyterToken: string;
}

/** Why a cluster cannot get what it wants now; the column Cluster.refusal. */
export interface Refusal {
  /** One sentence in the user's words. */
  readonly message: string;
  /** What is short: it decides whether another flavor may help. */
  readonly lacking: "memory" | "cpu" | "disk" | "capability" | "host" | "address" | "flavor" | "secret" | "gpu";
}

export interface ClusterRow {
  readonly id: string;
  readonly tenantId: string;
  readonly name: string;
  readonly distributionId: string;
  readonly masterFlavorId: string;
  readonly workerFlavorId: string;
  readonly workerCount: number;
  readonly desired: "running" | "stopped" | "deleted";
  readonly keepData: boolean;
  readonly dataVolumeId: string | null;
  /** Null until it is placed the first time. */
  readonly segmentId: string | null;
  /** What it was made with; what counts is setOf. */
  readonly capabilitySet: CapabilitySetId;
  readonly generation: number;
  readonly attempt: number;
  readonly attemptAt: number;
  /** Null: no key of the site opens them. */
  readonly secrets: Secrets | null;
  readonly refusal: Refusal | null;
  readonly phase: string;
  readonly phaseReason: string | null;
  readonly phaseSince: number;
}

export interface NodeRow {
  readonly id: string;
  readonly clusterId: string;
  readonly hostId: string;
  readonly number: number;
  readonly name: string;
  readonly role: "master" | "worker";
  readonly vcpus: number;
  readonly memoryMb: number;
  readonly rootGb: number;
  readonly dataMb: number;
  /** The image it runs; a new version of the bundle reaches it at its cluster's next start. */
  readonly imageTag: string;
  /** The set and the capabilities it runs with, decided at its start: nothing that is said later alters it. */
  readonly capabilitySet: CapabilitySetId;
  readonly capabilities: readonly string[];
  readonly volumeId: string;
  readonly incarnation: number;
  readonly removing: boolean;
  /** On its way to another host, with its name and address. */
  readonly evicting: boolean;
  readonly createdAt: number;
  readonly observed: NodeObservation | null;
  readonly observedAt: number | null;
}

/** A card of a host, a node's for as long as that is there. */
export interface GpuRow {
  readonly hostId: string;
  readonly card: string;
  readonly nodeId: string;
}

export interface RemnantRow {
  readonly nodeId: string;
  readonly hostId: string;
  readonly clusterId: string;
  readonly tenantId: string;
  readonly segmentId: string;
  readonly name: string;
  readonly role: "master" | "worker";
  readonly ip: string;
  readonly imageTag: string;
  readonly volumeId: string;
  readonly incarnation: number;
}

export type StepId = "placed" | "network" | "volumes" | "containers" | "master" | "workers" | "notebook";

export interface StepRow {
  readonly clusterId: string;
  readonly attempt: number;
  readonly step: StepId;
  readonly startedAt: number;
  readonly endedAt: number | null;
  readonly done: number;
  readonly of: number;
  readonly failed: boolean;
  readonly message: string | null;
}

/** Source of ids, passed in so that a run can be repeated. */
export type NewId = (prefix: string) => string;
