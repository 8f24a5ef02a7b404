/** What the agent knows: the wanted spec and the observed things, and how to say that something changed. */
import type { Fault } from "../protocol/errors.ts";
import type { ContainerAudit, HostFacts, HostUsage, ImageObservation, NodeObservation } from "../protocol/observed.ts";
import type { HostSpec } from "../protocol/spec.ts";
import type { Faults } from "./converge/faults.ts";
import { type Joining, makeJoining } from "./converge/joining.ts";
import type { Transfer } from "./copy/transfers.ts";
import type { ContainerSeen } from "./drivers/container/port.ts";
import type { NetworkSeen } from "./drivers/network/port.ts";
import type { Drivers } from "./drivers/types.ts";
import type { VolumeSeen } from "./drivers/volume/port.ts";
import type { AgentEnv } from "./env.ts";
import type { Binding } from "./firewall/render.ts";
import type { Log } from "./log.ts";
import type { SpecStore } from "./spec-store.ts";

/** A container of ours, as last seen. */
export interface Known extends ContainerSeen {
  readonly startedAt: string | null;
  readonly exitCode: number | null;
  readonly sandbox: string | null;
  readonly binding: Binding | null;
  /** The packet filter knows the binding. */
  readonly bound: boolean;
}

export interface World {
  readonly env: AgentEnv;
  readonly log: Log;
  readonly drivers: Drivers;
  readonly store: SpecStore;
  readonly faults: Faults;
  readonly now: () => number;
  /** True while the platform has been silent for too long, so that this host's nodes may not be on the network: decided, the filter follows. */
  readonly fenced: () => boolean;
  /** Set while the engine does not answer. */
  engineFault: Fault | null;
  /** Set when the agent ends: no further step is begun. */
  ended: boolean;
  /** False until everything was listed once. */
  surveyed: boolean;
  facts: HostFacts | null;
  /** What the machine used when it was measured last. */
  usage: HostUsage | null;
  readonly containers: Map<string, Known>;
  /** By container: what comparing it with what was approved found last. */
  readonly audits: Map<string, ContainerAudit>;
  /** By segment. */
  readonly networks: Map<string, NetworkSeen>;
  readonly volumes: Map<string, VolumeSeen>;
  /** Disks that were taken out of use for a copy. */
  readonly resting: Set<string>;
  /** Disks that are being sent or taken just now. */
  readonly transfers: Map<string, Transfer>;
  readonly images: Map<string, ImageObservation>;
  /** Hash of the files that a node has. */
  readonly written: Map<string, string>;
  /** Nodes that have a directory of files. */
  readonly directories: Set<string>;
  /** Nodes whose secrets are in the host's memory although the agent does not know them. */
  readonly secretsThere: Set<string>;
  readonly steps: Map<string, NodeObservation["step"]>;
  /** By node: cards of a container that the engine is making or starting. */
  readonly takingCards: Map<string, readonly string[]>;
  /** Nodes that are being started just now. */
  readonly joining: Joining;
  /** Containers that we are stopping: their end is no surprise. */
  readonly ending: Set<string>;
  /** Bridges that the loaded packet filter covers. */
  guardedBridges: ReadonlySet<string>;
  /** Whether the loaded packet filter keeps the nodes off the network; null: this agent has loaded none. */
  loadedFence: boolean | null;
  /** When an orphan was first seen, by kind and id. */
  readonly orphans: Map<string, { readonly kind: "container" | "network" | "volume"; readonly id: string; readonly sinceMs: number }>;
  readonly poke: (key: string) => void;
  readonly pokeSoon: (key: string) => void;
  /** Notes a fault that no step of ours met, so that the next try waits as after a failed one. */
  readonly surprise: (node: string, fault: Fault) => void;
  /** Looks at everything again. @param before the spec that was served until now, where another one is the reason */
  readonly pokeAll: (before?: HostSpec | null) => void;
  /** The picture may have changed: send it. */
  readonly changed: () => void;
}

export function emptyWorld(
  parts: Pick<
    World,
    "env" | "log" | "drivers" | "store" | "faults" | "now" | "fenced" | "poke" | "pokeSoon" | "pokeAll" | "changed" | "surprise"
  >,
): World {
  return {
    ...parts,
    engineFault: null,
    ended: false,
    surveyed: false,
    facts: null,
    usage: null,
    containers: new Map(),
    audits: new Map(),
    networks: new Map(),
    volumes: new Map(),
    resting: new Set(),
    transfers: new Map(),
    images: new Map(),
    written: new Map(),
    directories: new Set(),
    secretsThere: new Set(),
    steps: new Map(),
    takingCards: new Map(),
    joining: makeJoining(),
    ending: new Set(),
    guardedBridges: new Set(),
    loadedFence: null,
    orphans: new Map(),
  };
}
