import type { Refusal } from "../snapshot.ts";
import { count, gb } from "../words.ts";
import { type Check, check, type Demand, explain } from "./filters.ts";
import { type Free, take } from "./ledger.ts";
import { rank, type Taste } from "./rank.ts";

export type Placed = { readonly hosts: ReadonlyMap<string, string>; readonly free: readonly Free[] } | { readonly refusal: Refusal };

/**
 * Finds a host for every demand, or for none. Pinned ones, those with cards and big ones choose first, which is when they still have a choice.
 * Demands of a segment without an uplink all get the same host.
 * @param free what is left; the answer carries what is left afterwards
 */
export function place(demands: readonly Demand[], free: readonly Free[], taste: Taste, now: number): Placed {
  const order = [...demands].sort(
    (a, b) => Number(b.pinned !== null) - Number(a.pinned !== null) || b.gpus - a.gpus || b.memoryMb - a.memoryMb,
  );
  const [first] = order;
  const together = first?.network.segment.uplink === "none" && first.network.anchor === null;
  if (!first || !together) return greedy(order, demands, free, taste, now);
  const candidates = rank(
    first,
    free.filter((entry) => check(first, entry, now) === null),
    taste,
  );
  for (const { host } of candidates) {
    const placed = greedy(
      order,
      demands,
      free.filter((entry) => entry.host.id === host.id),
      taste,
      now,
    );
    if ("hosts" in placed)
      return { hosts: placed.hosts, free: free.map((entry) => placed.free.find((left) => left.host.id === entry.host.id) ?? entry) };
  }
  return { refusal: refuse(first, demands, free, now) };
}

function greedy(order: readonly Demand[], all: readonly Demand[], free: readonly Free[], taste: Taste, now: number): Placed {
  const hosts = new Map<string, string>();
  const used = new Map(taste.used);
  let left = free;
  for (const demand of order) {
    const fits = left.filter((entry) => check(demand, entry, now) === null);
    const [best] = rank(demand, fits, { ...taste, used });
    if (!best) return { refusal: refuse(demand, all, free, now, left) };
    hosts.set(demand.key, best.host.id);
    used.set(best.host.id, (used.get(best.host.id) ?? 0) + 1);
    left = take(left, best.host.id, demand);
  }
  return { hosts, free: left };
}

/** @param left what is free once those that chose before have theirs */
function refuse(demand: Demand, all: readonly Demand[], free: readonly Free[], now: number, left: readonly Free[] = free): Refusal {
  const alone = free.map((entry) => check(demand, entry, now));
  const failed = alone.filter((entry): entry is Check => entry !== null);
  if (failed.length === alone.length) return explain(failed);
  return together(
    all,
    free.filter((_entry, index) => alone[index] === null),
    left.some((entry, index) => alone[index] === null && check(demand, entry, now)?.lacking === "gpu"),
    failed.flatMap(({ later, have }) => (later ? [have] : [])),
  );
}

/**
 * Each node would fit, all of them do not.
 * @param cards what the others leave are too few cards somewhere
 * @param later what hosts have that take no node now
 */
function together(all: readonly Demand[], free: readonly Free[], cards: boolean, later: readonly string[]): Refusal {
  const sum = (of: (demand: Demand) => number): number => all.reduce((total, demand) => total + of(demand), 0);
  const named = free.slice(0, 12);
  const more = free.length > named.length ? ` and ${count(free.length - named.length, "host")} more` : "";
  const have = (of: (entry: Free) => string): string => named.map((entry) => `${entry.host.name} has ${of(entry)} free`).join(", ") + more;
  const total = (of: (entry: Free) => number): number => free.reduce((all_, entry) => all_ + of(entry), 0);
  const nodes = count(all.length, "node");
  const on = free.length > 1 && all[0]?.network.segment.uplink === "none" ? " on one host (its segment has no uplink to others)" : "";
  const gpus = sum((d) => d.gpus);
  const most = on === "" ? total((f) => f.gpus) : Math.max(...free.map((f) => f.gpus));
  if (cards || gpus > most)
    return {
      message: `needs ${count(gpus, "GPU")} for its ${nodes}${on}; ${[have((f) => String(f.gpus)), ...later].join(", ")}`,
      lacking: later.length > 0 ? "host" : "gpu",
    };
  if (sum((d) => d.memoryMb) > total((f) => f.memoryMb) || free.length > 1)
    return { message: `needs ${gb(sum((d) => d.memoryMb))} for its ${nodes}${on}; ${have((f) => gb(f.memoryMb))}`, lacking: "memory" };
  if (sum((d) => d.vcpus) > total((f) => f.vcpus))
    return {
      message: `needs ${count(
        sum((d) => d.vcpus),
        "vCPU",
      )} for its ${nodes}; ${have((f) => String(f.vcpus))}`,
      lacking: "cpu",
    };
  return {
    message: `needs ${gb(sum((d) => d.diskMb))} of disk for the /data of its ${nodes}; ${have((f) => gb(f.diskMb))}`,
    lacking: "disk",
  };
}
