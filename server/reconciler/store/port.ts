import type { ImageObservation, NodeObservation, VolumeObservation } from "../../../agents/protocol/observed.ts";
import type { Plan } from "../../planner/changes.ts";
import type { HostSeen, Snapshot, StepRow } from "../../planner/snapshot.ts";

export interface HostEvent {
  readonly hostId: string;
  readonly kind: "silent" | "back" | "rebooted" | "engine";
  /** One sentence. */
  readonly message: string;
}

/** That a node's container is not as it was approved, or is again, for the audit trail. */
export interface Drift {
  readonly nodeId: string;
  readonly action: "container.altered" | "container.restored";
  readonly detail: { readonly what: string; readonly before?: Record<string, string>; readonly after?: Record<string, string> };
}

/** Everything that observing changes, written at once. Only what differs from the rows is in it. */
export interface ObservedWrite {
  readonly at: number;
  readonly host: { readonly id: string; readonly observed: HostSeen } | null;
  readonly nodes: readonly { readonly id: string; readonly observed: NodeObservation }[];
  readonly volumes: readonly { readonly id: string; readonly observed: VolumeObservation }[];
  /** All images of the host when one changed, otherwise null. */
  readonly images: readonly ImageObservation[] | null;
  readonly clusters: readonly { readonly id: string; readonly phase: string; readonly reason: string | null; readonly since: number }[];
  readonly steps: readonly StepRow[];
  /** What is told on hosts' pages. That a host is silent or back is told once, however often it is said. */
  readonly events?: readonly HostEvent[];
  readonly drifts?: readonly Drift[];
  /** Only figures that move all the time: nothing that anybody would decide differently for. */
  readonly quiet?: boolean;
  /** Clusters whose page changes; `*` where it is not one cluster's matter. */
  readonly notify: readonly string[];
}

/** The rows, as the reconciler uses them. One implementation is PostgreSQL, the other one lives in memory for the simulator. */
export interface Store {
  load(): Promise<Snapshot>;
  /**
   * Writes a plan's changes in one transaction, provided that the rows are still those of `basis`.
   * @param raise also raises the installation's generation, because a host's spec changes with it
   * @returns the generation afterwards
   * @throws ConflictError when somebody was faster; nothing is written then
   */
  commit(basis: Snapshot, plan: Plan, raise: boolean): Promise<number>;
  /** Writes what was observed. Rows that are gone meanwhile are passed over. */
  observe(write: ObservedWrite): Promise<void>;
  /** Forgets sessions, handovers and tokens whose time is over. Gives the number of rows. */
  collect(now: number): Promise<number>;
}
