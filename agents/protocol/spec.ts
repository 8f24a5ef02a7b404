import { z } from "zod";
import { BundleService, Role } from "./bundle.ts";
import { Capability } from "./capability.ts";
import { IncomingSpec } from "./copy.ts";
import { EgressRule, mostDestinations } from "./egress.ts";
import { GpuId } from "./gpu.ts";
import { Cidr, Id, Ipv4, Label, Line, Port } from "./ids.ts";

/** Which image a host must have. The tag carries the hash of the bundle's content, so that an image never changes under a name. */
export const ImageSpec = z.object({ bundle: Label, tag: Line });
export type ImageSpec = z.infer<typeof ImageSpec>;

/** A network link's name: what the kernel allows and nothing that a program would take for an option. */
export const LinkName = z.string().regex(/^[a-z0-9][a-z0-9._@-]{0,14}$/i, "not the name of a network link");

/**
 * How a segment's bridge reaches the segment on other hosts. `vlan`: the link `<parent>.<vid>`, used as it is when the host has it, made as an
 * 802.1Q sub-interface otherwise. `vxlan`: the kernel's tunnel without learning; who is where comes from `members`, `peers` are the
 * addresses of the other hosts that carry the segment.
 */
export const Uplink = z.discriminatedUnion("kind", [
  z.object({ kind: z.literal("none") }),
  z.object({ kind: z.literal("vlan"), vid: z.number().int().min(1).max(4094), parent: LinkName }),
  z.object({
    kind: z.literal("vxlan"),
    vni: z.number().int().min(1).max(16_777_215),
    port: Port,
    local: Ipv4,
    peers: z.array(Ipv4),
  }),
]);
export type Uplink = z.infer<typeof Uplink>;

/** Bytes that a packet of a segment may have. */
export const Mtu = z.number().int().min(576).max(9000);

/** A tenant's network as one host sees it. */
export const SegmentSpec = z.object({
  id: Id,
  tenant: Id,
  desired: z.enum(["present", "deleted"]),
  subnet: Cidr,
  /** This host's own address on the bridge. */
  gateway: Ipv4,
  /** Linux bridge name, at most 15 characters. */
  bridge: z.string().regex(/^[a-z][a-z0-9]{1,14}$/),
  mtu: Mtu.default(1500),
  uplink: Uplink,
  /** Name servers that nodes ask about the world outside; none: what the host itself asks. */
  dns: z.array(Ipv4).default([]),
  /** Every node of the tenant, on whichever host: for names, for the guard between clusters and for forwarding. */
  members: z.array(
    z.object({
      ip: Ipv4,
      name: Label,
      cluster: Id,
      /** Address of the host that runs it; null for a node of this host. */
      via: Ipv4.nullable().default(null),
      /** True for a node of another host. */
      remote: z.boolean().default(false),
    }),
  ),
  /** `open`: nodes may reach what the host can route to, except what invariant 14 forbids. `closed`: only the segment. */
  egress: z.enum(["open", "closed"]),
  /** What nodes of a closed segment reach nevertheless. An agent that is older than lists leaves it out, and keeps the segment closed. */
  allow: z.array(EgressRule).max(mostDestinations).default([]),
});
export type SegmentSpec = z.infer<typeof SegmentSpec>;

/** A node's persistent disk. It lives longer than any container. */
export const VolumeSpec = z.object({
  id: Id,
  tenant: Id,
  /** The name people see: the node's it was made for. */
  name: Label,
  sizeMb: z.number().int().min(64),
  driver: z.enum(["loop", "lvm"]),
  desired: z.enum(["present", "deleted"]),
});
export type VolumeSpec = z.infer<typeof VolumeSpec>;

/** What Spark is told, derived from the flavor by the catalogue. All memory in MB. */
export const SparkSettings = z.object({
  masterHost: Line,
  cores: z.number().int().min(1),
  daemonMemoryMb: z.number().int(),
  workerMemoryMb: z.number().int(),
  executorMemoryMb: z.number().int(),
  driverMemoryMb: z.number().int(),
  /** Most cores that one application takes, so that a second notebook makes progress. */
  maxCoresPerApplication: z.number().int().min(1),
  /** Public address of the master's UI, which carries workers and applications (spark.ui.reverseProxyUrl). */
  masterUiUrl: z.url(),
});
export type SparkSettings = z.infer<typeof SparkSettings>;

/** One container. Absent from the spec means "not known", never "delete": deletion is said with `desired`. */
export const NodeSpec = z.object({
  id: Id,
  name: Label,
  domain: Line,
  tenant: Id,
  cluster: z.object({ id: Id, name: Line }),
  role: Role,
  desired: z.enum(["running", "stopped", "deleted"]),
  image: Line,
  segment: Id,
  ip: Ipv4,
  volume: Id,
  resources: z.object({
    vcpus: z.number().positive(),
    memoryMb: z.number().int().min(256),
    pids: z.number().int().min(64),
    /** Size in MB at which the agent stops a node whose writable layer fills the host. */
    rootMb: z.number().int(),
  }),
  /** Cards of this host that are the node's alone. */
  gpus: z.array(GpuId).max(64).default([]),
  capabilities: z.array(Capability),
  /** Programs in it may gain privileges (sudo); otherwise no-new-privileges holds. */
  sudo: z.boolean().default(false),
  /** Whose filter of system calls holds: the engine's, or the narrower one of ours. */
  filter: z.enum(["engine", "own"]).default("engine"),
  services: z.array(z.object({ id: Label, ...BundleService.shape })),
  spark: SparkSettings.nullable(),
  /** Public origin of each endpoint by its id: Jupyter checks the Origin header against it. */
  origins: z.record(Label, z.url()),
  /**
   * Delivered as files of /run/secrets from the host's memory; never logged, never in labels or the environment. An empty one is one that the
   * platform cannot read at present: the host keeps what it holds.
   */
  secrets: z.record(Label, z.string()),
  /** Raised to replace the container although nothing else changed (Retry, Restart). */
  incarnation: z.number().int(),
});
export type NodeSpec = z.infer<typeof NodeSpec>;

/** Everything one host has to be. It is sent whole, every time. */
export const HostSpec = z.object({
  protocol: z.literal(1),
  installation: Id,
  host: Id,
  /** Grows with every change. A host refuses a lower one: the database behind it was restored from an old copy. */
  generation: z.number().int(),
  /**
   * Seconds without a word from the platform after which this host takes its nodes off the network by itself, because they may be started
   * elsewhere; null where only a person decides that.
   */
  leaseSeconds: z.number().int().min(10).nullable().default(null),
  /** Addresses and networks that no node of this host reaches, whatever its tenant may: the other hosts and the platform. */
  deny: z.array(z.union([Ipv4, z.cidrv4()])).default([]),
  images: z.array(ImageSpec),
  segments: z.array(SegmentSpec),
  volumes: z.array(VolumeSpec),
  /** Disks that come from other hosts. In lists of their own: an agent that is older than copies leaves them out, and makes no empty disk instead. */
  incoming: z.array(IncomingSpec).default([]),
  /** Of the volumes those that are being copied to another host: they are out of use, and no node has them. */
  outgoing: z.array(Id).default([]),
  nodes: z.array(NodeSpec),
});
export type HostSpec = z.infer<typeof HostSpec>;
