import type { Refusal } from "../snapshot.ts";
import { count, gb } from "../words.ts";
import { type Check, check, type Demand, explain } from "./filters.ts";
import { type Free, take } from "./ledger.ts";
import { rank } from "./rank.ts";

export type Placed = { readonly hosts: ReadonlyMap<string, string>; readonly free: readonly Free[] } | { readonly refusal: Refusal };

/**
 * Finds a host for every demand, or for none. Pinned and big ones choose first, which is when they still have a choice.
 * @param free what is left; the answer carries what is left afterwards
 */
export function place(demands: readonly Demand[], free: readonly Free[], imageTag: string, now: number): Placed {
  const order = [...demands].sort((a, b) => Number(b.pinned !== null) - Number(a.pinned !== null) || b.memoryMb - a.memoryMb);
  const hosts = new Map<string, string>();
  let left = free;
  for (const demand of order) {
    const fits = left.filter((entry) => check(demand, entry, now) === null);
    const [best] = rank(demand, fits, new Set(hosts.values()), imageTag);
    if (!best) return { refusal: refuse(demand, demands, free, now) };
    hosts.set(demand.key, best.host.id);
    left = take(left, best.host.id, demand);
  }
  return { hosts, free: left };
}

function refuse(demand: Demand, all: readonly Demand[], free: readonly Free[], now: number): Refusal {
  const alone = free.map((entry) => check(demand, entry, now));
  const failed = alone.filter((entry): entry is Check => entry !== null);
  if (failed.length === alone.length) return explain(failed);
  return together(
    all,
    free.filter((_entry, index) => alone[index] === null),
  );
}

/** Each node would fit, all of them do not. */
function together(all: readonly Demand[], free: readonly Free[]): Refusal {
  const sum = (of: (demand: Demand) => number): number => all.reduce((total, demand) => total + of(demand), 0);
  const have = (of: (entry: Free) => string): string => free.map((entry) => `${entry.host.name} has ${of(entry)} free`).join(", ");
  const total = (of: (entry: Free) => number): number => free.reduce((all_, entry) => all_ + of(entry), 0);
  const nodes = count(all.length, "node");
  if (sum((d) => d.memoryMb) > total((f) => f.memoryMb) || free.length > 1)
    return { message: `needs ${gb(sum((d) => d.memoryMb))} for its ${nodes}; ${have((f) => gb(f.memoryMb))}`, lacking: "memory" };
  if (sum((d) => d.vcpus) > total((f) => f.vcpus))
    return {
      message: `needs ${count(
        sum((d) => d.vcpus),
        "VCPU",
      )} for its ${nodes}; ${have((f) => String(f.vcpus))}`,
      lacking: "cpu",
    };
  return {
    message: `needs ${gb(sum((d) => d.diskMb))} of disk for the /data of its ${nodes}; ${have((f) => gb(f.diskMb))}`,
    lacking: "disk",
  };
}
