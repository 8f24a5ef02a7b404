import { z } from "zod";
import { VolumeCopy } from "./copy.ts";
import { Fault } from "./errors.ts";
import { GpuId, NvidiaFacts } from "./gpu.ts";
import { Cidr, Id, Ipv4, Label } from "./ids.ts";

const At = z.iso.datetime();

/** A Spark application as its master's JSON shows it. */
export const SparkApplication = z.object({
  id: z.string().max(100),
  name: z.string().max(200),
  cores: z.number(),
  state: z.string().max(40),
  startedAt: At,
});

export const ServiceObservation = z.object({
  id: Label,
  state: z.enum(["stopped", "starting", "running", "backoff", "fatal", "unknown"]),
  /** True once the probe answered; a running process may not yet listen. */
  healthy: z.boolean(),
  since: At.nullable(),
  restarts: z.number().int(),
  /** One sentence when it is not well. */
  detail: z.string().max(400).nullable(),
});
export type ServiceObservation = z.infer<typeof ServiceObservation>;

/** One thing about a container that is not as it was approved. */
export const ContainerDifference = z.object({ what: z.string().max(60), approved: z.string().max(400), engine: z.string().max(400) });
export type ContainerDifference = z.infer<typeof ContainerDifference>;

/** What laying a running container beside what was approved found: from the engine's own answer. */
export const ContainerAudit = z.object({ at: At, differences: z.array(ContainerDifference).max(100) });
export type ContainerAudit = z.infer<typeof ContainerAudit>;

export const NodeObservation = z.object({
  id: Id,
  /** `absent`: no container, and the spec's deletion (if any) is complete. */
  state: z.enum(["absent", "pending", "creating", "running", "stopped", "exited"]),
  /** The step the agent is at or stuck in. */
  step: z.enum(["image", "network", "volume", "container", "services", "done"]),
  ip: Ipv4.nullable(),
  incarnation: z.number().int().nullable(),
  startedAt: At.nullable(),
  services: z.array(ServiceObservation),
  /** Only on the node that runs a Spark master which answers. */
  sparkMaster: z
    .object({
      aliveWorkers: z.number().int(),
      cores: z.number().int(),
      coresUsed: z.number().int(),
      applications: z.array(SparkApplication),
    })
    .nullable(),
  /** Processes killed for lack of memory since the container started. */
  oomKills: z.number().int(),
  lastOom: z.object({ at: At, process: z.string().max(100).nullable() }).nullable(),
  usage: z.object({ cpuCores: z.number(), memoryMb: z.number(), dataUsedMb: z.number(), dataSizeMb: z.number() }).nullable(),
  /** Null: nothing runs, or it was not compared yet. */
  audit: ContainerAudit.nullish(),
  fault: Fault.nullable(),
});
export type NodeObservation = z.infer<typeof NodeObservation>;

export const VolumeObservation = z.object({
  id: Id,
  state: z.enum(["absent", "present", "mounted", "quarantined"]),
  sizeMb: z.number(),
  usedMb: z.number().nullable(),
  /** Only of one that goes to another host or comes from there. */
  copy: VolumeCopy.optional(),
  fault: Fault.nullable(),
});
export type VolumeObservation = z.infer<typeof VolumeObservation>;

export const SegmentObservation = z.object({
  id: Id,
  state: z.enum(["absent", "present"]),
  fault: Fault.nullable(),
  /** Bytes that a packet may have on it, as it was made; only while it is present. */
  mtu: z.number().int().optional(),
});
export type SegmentObservation = z.infer<typeof SegmentObservation>;

export const ImageObservation = z.object({
  bundle: Label,
  tag: z.string(),
  state: z.enum(["absent", "building", "present", "failed"]),
  /** What the build does now ("step 4 of 11: installing JupyterLab"). */
  progress: z.string().max(200).nullable(),
  startedAt: At.nullable(),
  endedAt: At.nullable(),
  sizeMb: z.number().nullable(),
  fault: Fault.nullable(),
});
export type ImageObservation = z.infer<typeof ImageObservation>;

export const HostFacts = z.object({
  hostname: z.string().max(255),
  cpus: z.number().int(),
  memoryMb: z.number().int(),
  /** Space below the volumes' directory. */
  diskFreeMb: z.number(),
  diskTotalMb: z.number(),
  kernel: z.string(),
  engine: z
    .object({
      ...{ version: z.string(), apiVersion: z.string(), storageDriver: z.string(), cgroup: z.string() },
      /** Its default runtime gives cards to every container whose environment names them; nodes are made with another one. */
      handsOutCards: z.boolean().optional(),
    })
    .nullable(),
  /** Capabilities that this host can grant: its own bounding set. */
  capabilities: z.array(z.string()),
  /** Changes with every start of the machine. */
  bootId: z.string().max(60).default(""),
  /** What the kernel can do for networks and volumes. A missing ability takes the choices away that need it. */
  abilities: z
    .object({
      vlan: z.boolean(),
      vxlan: z.boolean(),
      lvm: z.boolean(),
      rootQuota: z.boolean(),
      /** Frames between nodes do not pass the host's own packet filter besides ours. */
      plainBridges: z.boolean().default(false),
    })
    .default({ vlan: false, vxlan: false, lvm: false, rootQuota: false, plainBridges: false }),
  /** Network links that may carry segments, with their addresses. */
  links: z.array(z.object({ name: z.string().max(15), addresses: z.array(Ipv4), mtu: z.number().int() })).default([]),
  /** Subnets that this host finds at its links or beyond them, without those of the platform's segments. One that is older says nothing. */
  networks: z
    .array(
      z.object({
        link: z.string().max(15),
        cidr: Cidr,
        /** At the link itself; false: beyond a router. */
        direct: z.boolean(),
      }),
    )
    .optional(),
  /** Names of all cards that the kernel knows, for people. */
  gpus: z.array(z.string().max(100)).default([]),
  /** Cards that nodes can have. One that is older says nothing, and gives none. */
  nvidia: NvidiaFacts.optional(),
  disks: z.array(z.object({ name: z.string().max(60), sizeMb: z.number(), model: z.string().max(100).nullable() })).default([]),
  /** Parts of a spec that came later and that this agent knows; one that is older says nothing. */
  understands: z.array(z.string().max(40)).optional(),
});

/** What a host itself uses now, nodes and everything else. */
export const HostUsage = z.object({ cpuCores: z.number(), memoryMb: z.number(), diskUsedMb: z.number() });
export type HostUsage = z.infer<typeof HostUsage>;
export type HostFacts = z.infer<typeof HostFacts>;

/** A whole picture of one host, sent at every change and as a heartbeat. */
export const HostObservation = z.object({
  protocol: z.literal(1),
  installation: Id,
  host: Id,
  /** Rises by one with every picture, so that a late one is recognised and dropped. */
  sequence: z.number().int(),
  at: At,
  /** Highest spec generation this host has accepted. */
  generation: z.number().int(),
  facts: HostFacts,
  usage: HostUsage.nullable().default(null),
  /** True while the host keeps its nodes off the network because its lease ran out. */
  fenced: z.boolean().default(false),
  /** The lease of the spec that it holds; null: it has none, and keeps its nodes on the network however long nobody speaks to it. */
  leaseSeconds: z.number().int().nullable().default(null),
  /** Set while the engine cannot be reached or the host halts for its safety. */
  fault: Fault.nullable(),
  images: z.array(ImageObservation),
  segments: z.array(SegmentObservation),
  volumes: z.array(VolumeObservation),
  nodes: z.array(NodeObservation),
  /** Cards that a container of this installation uses or is about to, whichever it is: nobody else may have them yet. Absent: none. */
  heldCards: z.array(GpuId).optional(),
  /** Things with our installation's label that no spec names. */
  orphans: z.array(z.object({ kind: z.enum(["container", "network", "volume"]), id: z.string(), since: At })),
});
export type HostObservation = z.infer<typeof HostObservation>;
