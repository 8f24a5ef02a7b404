import { cardsToGive } from "../../../agents/protocol/gpu.ts";
import { silence } from "../silence.ts";
import type { Refusal, SegmentRow } from "../snapshot.ts";
import { cannotCarry } from "../underlay.ts";
import { count, gb, list } from "../words.ts";
import type { Free } from "./ledger.ts";

/** What one node needs of a host. */
export interface Demand {
  readonly key: string;
  readonly role: "master" | "worker";
  readonly memoryMb: number;
  readonly vcpus: number;
  /** Whole cards. */
  readonly gpus: number;
  /** New disk; 0 when its volume exists. */
  readonly diskMb: number;
  /** The host its local volume lies on. */
  readonly pinned: { readonly hostId: string; readonly volume: string } | null;
  /** It is on that host already: a host that takes no new nodes still starts its own. */
  readonly existing: boolean;
  readonly capabilities: readonly string[];
  readonly tenantId: string;
  /** Tags that the tenant's nodes need. */
  readonly tags: readonly string[];
  readonly network: Network;
  /** The host it leaves. */
  readonly leaves: string | null;
}

/** Where a segment is, and may be. */
export interface Network {
  readonly segment: SegmentRow;
  /** Hosts that carry it. */
  readonly carriers: ReadonlySet<string>;
  /** Without an uplink all nodes are on one host: the one where they are now. Null: free to choose. */
  readonly anchor: { readonly hostId: string; readonly name: string } | null;
  /** There is an address for one more host. */
  readonly room: boolean;
}

/** One filter's answer for one host: what would be needed, and what the host has. Null: it passes. */
export interface Check {
  readonly lacking: Refusal["lacking"];
  /** "needs 12 GB on one host" */
  readonly need: string;
  /** "this-host has 9 GB free" */
  readonly have: string;
  /** Not worth a word where another host has a better reason. */
  readonly aside?: true;
}

type Filter = (demand: Demand, free: Free, now: number) => Check | null;

const modes = {
  cordoned: "takes no new nodes (its administrator set it so)",
  draining: "is being drained",
  maintenance: "is in maintenance",
  removing: "is being removed",
};

const available: Filter = (demand, { host }, now) => {
  const fail = (have: string): Check => ({ lacking: "host", need: "no host can take nodes now", have });
  if (demand.leaves === host.id) return { ...fail(`${host.name} is the one it leaves`), aside: true };
  if (host.fencedAt !== null) return fail(`${host.name} is given up as lost`);
  if (!host.observed) return fail(`${host.name} has not been heard of yet`);
  const quiet = silence(host, now);
  if (quiet) return fail(quiet);
  if (host.mode !== "active" && !(host.mode === "cordoned" && demand.existing)) return fail(`${host.name} ${modes[host.mode]}`);
  if (host.observed.fenced) return fail(`${host.name} keeps its nodes off the network until it is reconciled`);
  if (host.observed.fault) return fail(`${host.name}: ${host.observed.fault.message}`);
  return host.observed.facts.engine ? null : fail(`Docker is not running on ${host.name}`);
};

const pinned: Filter = ({ pinned: pin }, { host }) =>
  pin && pin.hostId !== host.id
    ? { lacking: "host", need: `needs the host that holds ${pin.volume}`, have: `${host.name} does not hold it`, aside: true }
    : null;

const tenant: Filter = (demand, { host }) => {
  if (demand.existing) return null;
  if (host.tenantId !== null && host.tenantId !== demand.tenantId)
    return { lacking: "host", need: "needs a host that the tenant may use", have: `${host.name} is another tenant's` };
  const missing = demand.tags.filter((tag) => !host.tags.includes(tag));
  if (missing.length === 0) return null;
  return {
    lacking: "host",
    need: `needs a host with the ${demand.tags.length === 1 ? "tag" : "tags"} ${list(demand.tags)}`,
    have: `${host.name} ${host.tags.length === 0 ? "has no tags" : `has ${list(host.tags)}`}`,
  };
};

const network: Filter = ({ network: { segment, carriers, anchor, room } }, { host }) => {
  if (anchor && anchor.hostId !== host.id)
    return {
      lacking: "host",
      need: "needs the host that carries the tenant's segment, which has no uplink to others",
      have: `${host.name} does not carry it (it is on ${anchor.name})`,
      aside: true,
    };
  const cannot = cannotCarry(host, segment);
  if (cannot) return { lacking: "host", need: `needs a host that carries ${segment.uplink.toUpperCase()}s`, have: cannot };
  return room || carriers.has(host.id)
    ? null
    : { lacking: "address", need: "needs an address of the tenant's segment for one more host", have: `none is left for ${host.name}` };
};

const capabilities: Filter = (demand, { host }) => {
  const grants = host.observed?.facts.capabilities ?? [];
  const missing = demand.capabilities.filter((name) => !grants.includes(name));
  if (missing.length === 0) return null;
  return {
    lacking: "capability",
    need: `needs the ${missing.length === 1 ? "capability" : "capabilities"} ${list(missing)}`,
    have: `${host.name} cannot grant ${missing.length === 1 ? "it" : "them"}`,
  };
};

/** What a host has of cards, when it has not enough. */
export function cardsWords({ host, gpus: free }: Free): string {
  const nvidia = host.observed?.facts.nvidia;
  if (nvidia && !nvidia.toolkit && nvidia.cards.length > 0) return `${host.name} cannot hand its GPUs to nodes`;
  return cardsToGive(host.observed?.facts).length === 0 ? `${host.name} has none` : `${host.name} has ${Math.max(0, free)} free`;
}

const gpus: Filter = (demand, free) =>
  demand.gpus <= Math.max(0, free.gpus)
    ? null
    : { lacking: "gpu", need: `needs ${count(demand.gpus, "GPU")} on one host`, have: cardsWords(free) };

const cpu: Filter = (demand, free) =>
  demand.vcpus <= Math.max(0, free.vcpus)
    ? null
    : {
        lacking: "cpu",
        need: `needs ${count(demand.vcpus, "vCPU")} on one host`,
        have: `${free.host.name} has ${Math.max(0, free.vcpus)} free`,
      };

const disk: Filter = (demand, free) =>
  demand.diskMb === 0 || demand.diskMb <= free.diskMb
    ? null
    : { lacking: "disk", need: `needs ${gb(demand.diskMb)} of disk for /data`, have: `${free.host.name} has ${gb(free.diskMb)} free` };

const memory: Filter = (demand, free) =>
  demand.memoryMb <= Math.max(0, free.memoryMb)
    ? null
    : { lacking: "memory", need: `needs ${gb(demand.memoryMb)} on one host`, have: `${free.host.name} has ${gb(free.memoryMb)} free` };

/** In the order in which people would ask. The first that fails is the reason. */
const filters: readonly Filter[] = [pinned, available, tenant, network, capabilities, gpus, memory, cpu, disk];

/** Why this host cannot take the node now, or null when it can. */
export function check(demand: Demand, free: Free, now: number): Check | null {
  for (const filter of filters) {
    const failed = filter(demand, free, now);
    if (failed) return failed;
  }
  return null;
}

/** More hosts than this are counted, not named. */
const mostNamed = 12;

/** One sentence out of each host's reason. A host that is out only because the data lies elsewhere is not worth a word, if another is. */
export function explain(checks: readonly Check[]): Refusal {
  if (checks.length === 0) return { message: "there is no host yet", lacking: "host" };
  const relevant = checks.filter((entry) => !entry.aside);
  const said = relevant.length > 0 ? relevant : checks;
  // The host that is nearest to taking it decides what is said to be short.
  const nearest = said.reduce((best, entry) => (entry.lacking !== "host" && best.lacking === "host" ? entry : best));
  const needs = [...new Set(said.filter((entry) => entry.lacking !== "host" || nearest.lacking === "host").map((entry) => entry.need))];
  const named = said.slice(0, mostNamed).map((entry) => entry.have);
  const more = said.length > mostNamed ? [`and ${count(said.length - mostNamed, "host")} more`] : [];
  return { message: `${needs.join(" and ")}; ${[...named, ...more].join(", ")}`, lacking: nearest.lacking };
}
