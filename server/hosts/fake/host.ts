import { type Fault, HostError } from "../../../agents/protocol/errors.ts";
import type { HostFacts } from "../../../agents/protocol/observed.ts";
import type { HostSpec } from "../../../agents/protocol/spec.ts";

/** What happens to one step of the fake host: nothing, an error before or after its effect, or the agent's death right after it. */
export type StepFault = "none" | "before" | "after" | "crash";

export interface FakeContainer {
  readonly node: string;
  readonly ip: string;
  readonly segment: string;
  readonly volume: string;
  readonly memoryMb: number;
  readonly gpus: readonly string[];
  readonly image: string;
  readonly incarnation: number;
  state: "created" | "running" | "exited";
  startedAt: string | null;
  /** Services that answer. */
  healthy: boolean;
}

export interface FakeVolume {
  readonly sizeMb: number;
  /** Who wrote to it, one after the other: stands for what is on it. */
  readonly written: string[];
}

/** What survives the agent's death: the engine's things, the disks, and the spec it had accepted. */
export interface FakeDisk {
  spec: HostSpec | null;
  readonly containers: Map<string, FakeContainer>;
  readonly volumes: Map<string, FakeVolume>;
  /** Networks with the host's own address on each. */
  readonly segments: Map<string, string>;
  readonly images: Map<string, "building" | "present">;
  /** Everything that was ever destroyed, for whoever checks. */
  readonly destroyed: string[];
}

export interface FakeHost {
  readonly id: string;
  readonly installation: string;
  facts: HostFacts;
  readonly now: () => number;
  /** The hosts on which a cluster's nodes may be: a Spark master hears of workers on other ones. */
  readonly peers: (cluster: string) => readonly FakeHost[];
  readonly disk: FakeDisk;
  /** Off: nothing runs, nothing is heard. */
  power: "on" | "off";
  /** Lost when the agent dies. */
  memory: {
    sequence: number;
    /** Nodes whose secrets came since the agent started. */
    secrets: Set<string>;
    /** The last fault of each key, until a step of it succeeds. */
    faults: Map<string, Fault>;
    /** Disks that were taken out of use for a copy, and those that are arriving. */
    resting: Set<string>;
    arriving: Set<string>;
    /** Containers on their way: the engine was asked, and did not answer yet. */
    inFlight: Set<string>;
    /** Its lease ran out, and it was not reconciled since. */
    fenced: boolean;
    /** When the platform last said something; it counts against the lease. */
    lastWordAt: number;
    /** False from its start until the agent has looked at its engine: it then knows of nothing, and says so. */
    looked: boolean;
  };
}

export interface FakeHostOptions {
  readonly id: string;
  readonly installation: string;
  readonly now: () => number;
  readonly facts?: Partial<HostFacts>;
  readonly peers?: (cluster: string) => readonly FakeHost[];
}

export function makeFakeHost({ id, installation, now, facts, peers }: FakeHostOptions): FakeHost {
  const host: FakeHost = {
    id,
    installation,
    now,
    facts: {
      hostname: id,
      cpus: 8,
      memoryMb: 32_768,
      diskFreeMb: 400_000,
      diskTotalMb: 500_000,
      kernel: "6.1",
      engine: { version: "20.10.24", apiVersion: "1.41", storageDriver: "overlay2", cgroup: "v2" },
      capabilities: ["CHOWN", "KILL", "SETGID", "SETUID"],
      bootId: "",
      abilities: { vlan: true, vxlan: true, lvm: false, rootQuota: false, plainBridges: false },
      links: [{ name: "eth0", addresses: [addressFor(id)], mtu: 1500 }],
      gpus: [],
      disks: [],
      ...facts,
    },
    disk: { spec: null, containers: new Map(), volumes: new Map(), segments: new Map(), images: new Map(), destroyed: [] },
    power: "on",
    memory: { ...freshMemory(), looked: true },
    peers: peers ?? (() => [host]),
  };
  return host;
}

/** An underlay address that only this host has. */
function addressFor(id: string): string {
  const n = Number(id.replace(/\D/g, "") || "0");
  return `198.18.${Math.floor(n / 250)}.${(n % 250) + 1}`;
}

function freshMemory(): FakeHost["memory"] {
  return {
    sequence: 0,
    secrets: new Set(),
    faults: new Map(),
    resting: new Set(),
    arriving: new Set(),
    inFlight: new Set(),
    fenced: false,
    lastWordAt: 0,
    looked: false,
  };
}

/** The agent dies and starts again: what the engine and the disks hold stays, and what the engine was asked for arrives. */
export function restartAgent(host: FakeHost): void {
  for (const id of host.memory.inFlight) arrive(host, id);
  host.memory = freshMemory();
}

/** The machine loses its power: containers end, and whatever was in memory is gone. */
export function powerOff(host: FakeHost): void {
  host.power = "off";
  for (const container of host.disk.containers.values())
    if (container.state === "running") Object.assign(container, { state: "exited", startedAt: null, healthy: false });
  host.memory = freshMemory();
}

export function powerOn(host: FakeHost): void {
  host.power = "on";
}

/**
 * The host keeps its nodes off the network, because nobody renewed its lease. It does so until it was told again and runs nothing any more
 * that is not wanted: what it still runs may live elsewhere by now. After a start of its agent it is so until it is told anything.
 */
export function offNetwork(host: FakeHost): boolean {
  const { spec, containers } = host.disk;
  const lease = spec?.leaseSeconds ?? null;
  if (lease !== null && host.now() - host.memory.lastWordAt > lease * 1000) host.memory.fenced = true;
  else if (host.memory.fenced) {
    const wanted = new Set(spec?.nodes.flatMap((node) => (node.desired === "running" ? [node.id] : [])));
    host.memory.fenced = [...containers.values()].some((container) => container.state === "running" && !wanted.has(container.node));
  }
  return host.memory.fenced;
}

/** The agent's PUT: whole specs, never an older one. */
export function accept(host: FakeHost, spec: HostSpec): number {
  if (spec.host !== host.id || spec.installation !== host.installation)
    throw new HostError({ code: "wrong_host", message: "This spec is for another host.", retryable: false });
  const held = host.disk.spec;
  if (held && spec.generation < held.generation)
    throw new HostError({ code: "generation_older", message: "The spec is older than the one this host holds.", retryable: false });
  // Whether the lease ran out is decided before it is renewed.
  offNetwork(host);
  host.disk.spec = spec;
  host.memory.lastWordAt = host.now();
  for (const node of spec.nodes) if (!Object.values(node.secrets).includes("")) host.memory.secrets.add(node.id);
  return spec.generation;
}

/** The engine made what it was asked for, whatever was said since. */
export function arrive(host: FakeHost, id: string): void {
  host.memory.inFlight.delete(id);
  const node = host.disk.spec?.nodes.find((row) => row.id === id);
  if (!node) return;
  const { ip, segment, volume, image, incarnation, resources, gpus } = node;
  const asked = { node: id, ip, segment, volume, image, incarnation, gpus, memoryMb: resources.memoryMb };
  host.disk.containers.set(id, { ...asked, state: "created", startedAt: null, healthy: false });
}
