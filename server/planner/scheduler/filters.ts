import { silence } from "../silence.ts";
import type { Refusal } from "../snapshot.ts";
import { count, gb, list } from "../words.ts";
import type { Free } from "./ledger.ts";

/** What one node needs of a host. */
export interface Demand {
  readonly key: string;
  readonly role: "master" | "worker";
  readonly memoryMb: number;
  readonly vcpus: number;
  /** New disk; 0 when its volume exists. */
  readonly diskMb: number;
  /** The host its local volume lies on. */
  readonly pinned: { readonly hostId: string; readonly volume: string } | null;
  readonly capabilities: readonly string[];
}

/** One filter's answer for one host: what would be needed, and what the host has. Null: it passes. */
export interface Check {
  readonly lacking: Refusal["lacking"];
  /** "needs 12 GB on one host" */
  readonly need: string;
  /** "this-host has 9 GB free" */
  readonly have: string;
}

type Filter = (demand: Demand, free: Free, now: number) => Check | null;

const available: Filter = (_demand, { host }, now) => {
  const fail = (have: string): Check => ({ lacking: "host", need: "no host can take nodes now", have });
  if (!host.observed) return fail(`${host.name} has not been heard of yet`);
  const quiet = silence(host, now);
  if (quiet) return fail(quiet);
  if (host.mode !== "active") return fail(`${host.name} takes no new nodes (its administrator set it so)`);
  if (host.observed.fault) return fail(`${host.name}: ${host.observed.fault.message}`);
  return host.observed.facts.engine ? null : fail(`Docker is not running on ${host.name}`);
};

const pinned: Filter = ({ pinned: pin }, { host }) =>
  pin && pin.hostId !== host.id
    ? { lacking: "host", need: `needs the host that holds ${pin.volume}`, have: `${host.name} does not hold it` }
    : null;

const capabilities: Filter = (demand, { host }) => {
  const grants = new Set(host.observed?.facts.capabilities ?? []);
  const missing = demand.capabilities.filter((name) => !grants.has(name));
  if (missing.length === 0) return null;
  return {
    lacking: "capability",
    need: `needs the ${missing.length === 1 ? "capability" : "capabilities"} ${list(missing)}`,
    have: `${host.name} cannot grant ${missing.length === 1 ? "it" : "them"}`,
  };
};

const cpu: Filter = (demand, free) =>
  demand.vcpus <= free.vcpus
    ? null
    : {
        lacking: "cpu",
        need: `needs ${count(demand.vcpus, "VCPU")} on one host`,
        have: `${free.host.name} has ${Math.max(0, free.vcpus)} free`,
      };

const disk: Filter = (demand, free) =>
  demand.diskMb === 0 || demand.diskMb <= free.diskMb
    ? null
    : { lacking: "disk", need: `needs ${gb(demand.diskMb)} of disk for /data`, have: `${free.host.name} has ${gb(free.diskMb)} free` };

const memory: Filter = (demand, free) =>
  demand.memoryMb <= free.memoryMb
    ? null
    : { lacking: "memory", need: `needs ${gb(demand.memoryMb)} on one host`, have: `${free.host.name} has ${gb(free.memoryMb)} free` };

/** In the order in which people would ask. The first that fails is the reason. */
const filters: readonly Filter[] = [pinned, available, capabilities, memory, cpu, disk];

/** Why this host cannot take the node now, or null when it can. */
export function check(demand: Demand, free: Free, now: number): Check | null {
  for (const filter of filters) {
    const failed = filter(demand, free, now);
    if (failed) return failed;
  }
  return null;
}

/** One sentence out of each host's reason. A host that is out only because the data lies elsewhere is not worth a word, if another is. */
export function explain(checks: readonly Check[]): Refusal {
  if (checks.length === 0) return { message: "there is no host yet", lacking: "host" };
  const relevant = checks.filter((entry) => !entry.have.endsWith("does not hold it"));
  const said = relevant.length > 0 ? relevant : checks;
  // The host that is nearest to taking it decides what is said to be short.
  const nearest = said.reduce((best, entry) => (entry.lacking !== "host" && best.lacking === "host" ? entry : best));
  const needs = [...new Set(said.filter((entry) => entry.lacking !== "host" || nearest.lacking === "host").map((entry) => entry.need))];
  return { message: `${needs.join(" and ")}; ${said.map((entry) => entry.have).join(", ")}`, lacking: nearest.lacking };
}
