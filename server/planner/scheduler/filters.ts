import { knowsCopies } from "../../../agents/protocol/copy.ts";
import { cardsToGive } from "../../../agents/protocol/gpu.ts";
import { silence } from "../silence.ts";
import type { HostRow, Refusal, SegmentRow } from "../snapshot.ts";
import { cannotCarry } from "../underlay.ts";
import { ago, count, gb, list } from "../words.ts";
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
  /** Its /data goes along. */
  readonly copies: boolean;
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
  /** It is the one that the node leaves. */
  readonly left?: true;
  /** Why the host takes no node now, in words that follow its name: it may take some later. */
  readonly now?: string;
  /** It has the cards, and would take the node if it took any: the cluster waits for this host. */
  readonly later?: true;
  /** It has nothing of the kind: where many have not, they are counted and not named. */
  readonly none?: true;
  /** It is kept for another tenant: whoever asks is not told that there is one, what it is called or how it fares. */
  readonly hidden?: true;
}

type Filter = (demand: Demand, free: Free, now: number) => Check | null;

const modes = {
  cordoned: "takes no new nodes (its administrator set it so)",
  draining: "is being drained",
  maintenance: "is in maintenance",
  removing: "is being removed",
};

const available: Filter = (demand, { host }, now) => {
  const fail = (why: string, have = `${host.name} ${why}`): Check => ({
    lacking: "host",
    need: "no host can take nodes now",
    have,
    now: why,
  });
  if (demand.leaves === host.id) return { ...fail("is the one it leaves"), aside: true, left: true };
  if (host.fencedAt !== null) return fail("is given up as lost");
  if (!host.observed || host.observedAt === null) return fail("has not been heard of yet");
  const quiet = silence(host, now);
  if (quiet) return fail(`was not heard for ${ago(now - host.observedAt)}`, quiet);
  if (host.mode !== "active" && !(host.mode === "cordoned" && demand.existing)) return fail(modes[host.mode]);
  if (host.observed.fenced) return fail("keeps its nodes off the network until it is reconciled");
  const { fault } = host.observed;
  if (fault) return fail(`says: ${fault.message}`, `${host.name}: ${fault.message}`);
  return host.observed.facts.engine ? null : fail("has no Docker that runs", `Docker is not running on ${host.name}`);
};

/** Whether the host's agent can send disks to others and take them. */
export function canCopy(host: Pick<HostRow, "observed">): boolean {
  return host.observed?.facts.understands?.includes(knowsCopies) ?? false;
}

const copies: Filter = (demand, { host }) =>
  demand.copies && !canCopy(host)
    ? {
        lacking: "host",
        need: "needs a host that can take a copy of its /data",
        have: `the agent of ${host.name} is older than copies (install it again)`,
      }
    : null;

const pinned: Filter = ({ pinned: pin }, { host }) =>
  pin && pin.hostId !== host.id
    ? { lacking: "host", need: `needs the host that holds ${pin.volume}`, have: `${host.name} does not hold it`, aside: true }
    : null;

const tenant: Filter = (demand, { host }) => {
  // Where its node is already.
  if (demand.leaves === host.id || (demand.existing && demand.pinned?.hostId === host.id)) return null;
  if (host.tenantId !== null && host.tenantId !== demand.tenantId) return { lacking: "host", need: "", have: "", hidden: true };
  const missing = demand.tags.filter((tag) => !host.tags.includes(tag));
  if (demand.existing || missing.length === 0) return null;
  return {
    lacking: "host",
    need: `needs a host with the ${demand.tags.length === 1 ? "tag" : "tags"} ${list(demand.tags)}`,
    // What else it has is the site's to know.
    have: `${host.name} does not have ${list(missing)}`,
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
export function cardsWords({ host, gpus: free, heldGpus }: Free): string {
  const nvidia = host.observed?.facts.nvidia;
  if (nvidia && host.observed?.facts.engine && !nvidia.toolkit && nvidia.cards.length > 0)
    return `${host.name} cannot hand its GPUs to nodes`;
  if (cardsToGive(host.observed?.facts).length === 0) return `${host.name} has none`;
  const soon = heldGpus > 0 ? ` (${heldGpus} more when the containers from before that use them have gone)` : "";
  return `${host.name} has ${Math.max(0, free)} free${soon}`;
}

const gpus: Filter = (demand, free) => {
  if (demand.gpus <= Math.max(0, free.gpus)) return null;
  const cards = count(demand.gpus, "GPU");
  // One that follows the copy of its /data takes cards there, as a new one does.
  if (!demand.existing || demand.leaves !== null) {
    const nothing = cardsToGive(free.host.observed?.facts).length === 0 && !free.host.observed?.facts.nvidia?.cards.length;
    return { lacking: "gpu", need: `needs ${cards} on one host`, have: cardsWords(free), ...(nothing ? { none: true } : {}) };
  }
  const { name } = free.host;
  return {
    lacking: "gpu",
    need: `needs ${cards} on ${name} in place of what that does not show any more`,
    have: `${cardsWords(free)}. Put the card back or start its driver, delete a cluster that has GPUs there, or let a site administrator drain ${name}, so that its nodes get others elsewhere`,
  };
};

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

/** In the order in which people would ask, but that of a host which is none of theirs nothing is said. The first that fails is the reason. */
const filters: readonly Filter[] = [tenant, pinned, available, copies, network, capabilities, gpus, memory, cpu, disk];

/** Why this host cannot take the node now, or null when it can. */
export function check(demand: Demand, free: Free, now: number): Check | null {
  for (const filter of filters) {
    const failed = filter(demand, free, now);
    if (failed) return filter === available ? withCards(demand, free, now, failed) : failed;
  }
  return null;
}

/** A node that wants cards is told of those that a host has which takes no node now; one that never has so many is said to lack them. */
function withCards(demand: Demand, free: Free, now: number, failed: Check): Check {
  const cards = cardsToGive(free.host.observed?.facts).length;
  if (demand.gpus === 0 || demand.existing || failed.aside || !free.host.observed) return failed;
  if ([network, capabilities].some((filter) => filter(demand, free, now) !== null)) return failed;
  if (cards < demand.gpus) return gpus(demand, free, now) ?? failed;
  const have = `${cardsWords(free)} ${demand.gpus <= free.gpus ? "but" : "and"} ${failed.now}`;
  const need = `needs ${count(demand.gpus, "GPU")} on one host`;
  return free.host.mode === "removing" ? { lacking: "gpu", need, have } : { lacking: "host", need, have, later: true };
}

/** More hosts than this are counted, not named. */
const mostNamed = 12;
/** And of those that have nothing of the kind. */
const mostWithout = 3;

/** One sentence out of each host's reason. A host that is out only because the data lies elsewhere is not worth a word, if another is. */
export function explain(checks: readonly Check[]): Refusal {
  if (checks.length === 0) return { message: "there is no host yet", lacking: "host" };
  const shown = checks.filter((entry) => !entry.hidden);
  if (shown.length === 0) return { message: "needs a host that the tenant may use; there is none", lacking: "host" };
  if (shown.every((entry) => entry.left)) return { message: "there is no other host", lacking: "host" };
  const relevant = shown.filter((entry) => !entry.aside);
  const said = relevant.length > 0 ? relevant : shown;
  // The host that is nearest to taking it decides what is said to be short.
  const later = said.find((entry) => entry.later);
  const nearest = later ?? said.reduce((best, entry) => (entry.lacking !== "host" && best.lacking === "host" ? entry : best));
  const counts = (entry: Check): boolean => (later ? entry.need === later.need : entry.lacking !== "host" || nearest.lacking === "host");
  const needs = [...new Set(said.filter(counts).map((entry) => entry.need))];
  const without = said.filter((entry) => entry.none);
  const told = without.length > mostWithout ? said.filter((entry) => !entry.none) : said;
  // Whoever is waited for is named in any case.
  const named = told.toSorted((a, b) => Number(b.later ?? false) - Number(a.later ?? false)).map((entry) => entry.have);
  const more = named.length > mostNamed ? [`and ${count(named.length - mostNamed, "host")} more`] : [];
  const others = told === said ? [] : [`${named.length > 0 ? "the other " : ""}${count(without.length, "host")} have none`];
  return { message: `${needs.join(" and ")}; ${[...named.slice(0, mostNamed), ...more, ...others].join(", ")}`, lacking: nearest.lacking };
}
