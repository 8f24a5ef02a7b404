import { z } from "zod";
import { Ipv4, Label } from "../../../agents/protocol/ids.ts";
import { LinkName } from "../../../agents/protocol/spec.ts";
import type { StateView } from "../clusters/schemas.ts";
import type { HostView } from "../views.ts";

/** A host by its name. */
export const HostRef = z.object({ host: Label });

export const DrainHost = HostRef.extend({
  /** copy: each /data goes along, and its node stands still until it is there. keep: nodes start with an empty /data, the old ones stay as volumes. */
  data: z.enum(["copy", "keep"], "What becomes of data is copy or keep.").default("copy"),
});

/** What cannot be taken back asks for the host's name again. */
export const ConfirmHost = HostRef.extend({ confirm: z.string() });

export const ConfigureHost = HostRef.extend({
  tags: z.array(Label).max(20, "A host has at most 20 tags.").optional(),
  /** Slug of the only tenant whose nodes go there; null: every one's. */
  tenant: Label.nullable().optional(),
  /** Address for tunnels between hosts; null: the first that it reports. */
  address: Ipv4.nullable().optional(),
  /** Link that carries VLANs; null: the one with its address. */
  vlanParent: LinkName.nullable().optional(),
  /** Memory kept for the host itself. */
  reservedMemoryMb: z.number("Reserved memory is a whole number of MB.").int().min(0).max(1_048_576).optional(),
});

export interface HostNodeView {
  id: string;
  name: string;
  ip: string;
  role: "master" | "worker";
  tenant: { slug: string; name: string };
  cluster: { id: string; name: string };
  state: StateView["phase"];
  reason: string | null;
  vcpus: number;
  memoryMb: number;
  usage: { cpuCores: number; memoryMb: number; dataUsedMb: number; dataSizeMb: number } | null;
  /** "memory 2048 MB → 4096 MB": what of its container is not as it was approved; null: nothing. */
  drift: string | null;
}

export interface HostSegmentView {
  id: string;
  name: string;
  tenant: string;
  cidr: string;
  /** "VLAN 100", "VXLAN 7001", "this host only". */
  uplink: string;
  /** The host's own address there: the gateway of its nodes. */
  address: string;
  state: "present" | "absent" | "unknown";
  reason: string | null;
}

export interface AbilityView {
  id: "engine" | "vlan" | "vxlan" | "lvm" | "rootQuota" | "capabilities" | "gpus" | "lists" | "plainBridges";
  title: string;
  has: boolean;
  /** What it means for users. */
  means: string;
}

export interface HostDetailView extends HostView {
  facts: {
    hostname: string;
    kernel: string;
    /** "Docker 20.10.24, API 1.41, overlay2, cgroup v2". */
    engine: string | null;
    memoryMb: number;
    links: { name: string; addresses: string[]; mtu: number }[];
    disks: { name: string; sizeMb: number; model: string | null }[];
    /** Names of all cards. */
    gpus: string[];
    /** Those that can be told apart, with the node that has each; null: none. Left: a container from before still has it. Gone: it is not there. */
    cards: { id: string; model: string; node: string | null; state: "there" | "left" | "gone" }[];
    capabilities: string[];
  } | null;
  /** What it uses now, nodes and everything else. */
  usage: { cpuCores: number; memoryMb: number; diskUsedMb: number } | null;
  settings: { address: string | null; vlanParent: string | null; reservedMemoryMb: number; drainData: "copy" | "keep" | null };
  abilities: AbilityView[];
  nodeList: HostNodeView[];
  segments: HostSegmentView[];
  images: { bundle: string; tag: string; state: "absent" | "building" | "present" | "failed"; reason: string | null }[];
  volumes: {
    id: string;
    name: string;
    tenant: string;
    sizeMb: number;
    state: "attached" | "arriving" | "kept" | "deleting";
    origin: string | null;
  }[];
  /** What a drain would copy; `refusal` says why it cannot. */
  copying: { refusal: string | null; dataMb: number; exact: boolean };
  /** What a drain would leave here, in groups that move together, by names of nodes: the first reason of each. */
  staying: { nodes: string[]; reason: string }[];
  events: HostEventView[];
  certificateExpiresAt: string | null;
}

export interface HostEventView {
  id: string;
  at: string;
  kind: string;
  message: string;
}

/** The whole site for a drawing: rows refer to each other by their place in the lists. */
export interface TopologyView {
  at: string;
  tenants: { slug: string; name: string }[];
  hosts: { name: string; state: HostView["state"]; reason: string | null; mode: HostView["mode"]; lost: boolean; address: string | null }[];
  segments: { name: string; tenant: number; cidr: string; uplink: "none" | "vlan" | "vxlan"; number: number | null }[];
  clusters: { id: string; name: string; tenant: number }[];
  nodes: { name: string; host: number; segment: number; cluster: number; ip: string; master: boolean; state: StateView["phase"] }[];
  /** Each host on each segment that it carries, with its own address there. */
  links: { host: number; segment: number; ip: string }[];
}
