import type { NodeRow, Refusal } from "./snapshot.ts";

/**
 * One row-level change that the planner wants. All changes of a plan are committed together or not at all; each names the state
 * it starts from, so that a commit on rows which moved meanwhile is refused and planned again.
 */
export type Change =
  /** A node with its number and name. Its volume and its address come in changes of their own. */
  | { readonly op: "addNode"; readonly node: Omit<NodeRow, "observed" | "observedAt"> }
  | {
      readonly op: "addVolume";
      readonly id: string;
      readonly tenantId: string;
      readonly hostId: string;
      readonly name: string;
      readonly sizeMb: number;
    }
  /** A kept volume becomes a node's /data again. */
  | { readonly op: "attachVolume"; readonly id: string }
  /** A node's volume becomes the tenant's own. */
  | { readonly op: "keepVolume"; readonly id: string; readonly origin: string; readonly at: number }
  /** A node's volume is to be destroyed, as people asked. */
  | { readonly op: "condemnVolume"; readonly id: string }
  /** The host reported a condemned volume gone. */
  | { readonly op: "dropVolume"; readonly id: string }
  | { readonly op: "takeAddress"; readonly ip: string; readonly segmentId: string; readonly nodeId: string }
  | { readonly op: "freeAddress"; readonly ip: string; readonly nodeId: string; readonly at: number }
  /** A node that is started takes the image that its distribution has now. */
  | { readonly op: "useImage"; readonly id: string; readonly imageTag: string }
  | { readonly op: "removeNode"; readonly id: string }
  /** The host reported the node gone and its volume is looked after. Its address is freed before. */
  | { readonly op: "dropNode"; readonly id: string }
  /** The cluster's attempt got its place: memory and processors are its own from now on. */
  | {
      readonly op: "admit";
      readonly clusterId: string;
      readonly attempt: number;
      readonly startedAt: number;
      readonly at: number;
      readonly nodes: number;
    }
  | { readonly op: "refuse"; readonly clusterId: string; readonly refusal: Refusal | null }
  | { readonly op: "dropCluster"; readonly id: string };

/** What plan() wants; empty when everything is as it has to be. */
export interface Plan {
  readonly changes: readonly Change[];
  /** Clusters the plan decided about, with the generation it saw: people may have changed their mind since. */
  readonly basis: readonly { readonly clusterId: string; readonly generation: number }[];
}
