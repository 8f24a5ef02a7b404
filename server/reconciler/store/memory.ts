import { apply, ConflictError } from "../../planner/apply.ts";
import type { Snapshot } from "../../planner/snapshot.ts";
import { applyObserved } from "../apply-observed.ts";
import type { Store } from "./port.ts";

/** The rows in memory, with the same constraints: what the simulator runs on. */
export interface MemoryStore extends Store {
  /** The rows now. */
  rows(): Snapshot;
  /** What people do: changes rows at once. */
  edit(change: (rows: Snapshot) => Snapshot): void;
}

export function memoryStore(initial: Snapshot): MemoryStore {
  let rows = initial;
  return {
    rows: () => rows,
    edit(change) {
      rows = change(rows);
    },
    load: () => Promise.resolve(rows),
    // Not async before the work is done: a transaction has no moment in between.
    async commit(basis, plan, raise) {
      const { installation } = basis;
      if (rows.installation.nextNode !== installation.nextNode || rows.installation.generation !== installation.generation)
        throw new ConflictError("another reconciler was here");
      for (const { clusterId, generation } of plan.basis)
        if (!rows.clusters.some((row) => row.id === clusterId && row.generation === generation))
          throw new ConflictError("a cluster was changed meanwhile");
      const next = apply(rows, plan.changes);
      rows = { ...next, installation: { ...next.installation, generation: next.installation.generation + (raise ? 1 : 0) } };
      return rows.installation.generation;
    },
    async observe(write) {
      rows = applyObserved(rows, write);
    },
    collect: () => Promise.resolve(0),
  };
}
