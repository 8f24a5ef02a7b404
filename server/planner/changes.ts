import type { CapabilitySetId } from "../../agents/protocol/capability.ts";
import type { NodeRow, Refusal, RemnantRow } from "./snapshot.ts";

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
  /** A place on another host for a copy of a node's volume. */
  | {
      readonly op: "copyVolume";
      readonly id: string;
      readonly tenantId: string;
      readonly hostId: string;
      readonly name: string;
      readonly sizeMb: number;
      readonly copyOf: string;
    }
  /** The copy is there whole: it becomes the node's /data, in the same commit in which the node moves. */
  | { readonly op: "arriveVolume"; readonly id: string; readonly copyOf: string }
  /** Nobody waits for the copy any more. */
  | { readonly op: "condemnCopy"; readonly id: string }
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
  /** A host begins to carry a segment, with an address of its own there. */
  | { readonly op: "takeGateway"; readonly ip: string; readonly segmentId: string; readonly hostId: string }
  /** The host reported the segment taken down. */
  | { readonly op: "freeGateway"; readonly ip: string; readonly hostId: string; readonly at: number }
  /** A card of its host becomes the node's, for as long as it is there. */
  | { readonly op: "takeGpu"; readonly hostId: string; readonly card: string; readonly nodeId: string }
  /** The node is gone from the card's host. */
  | { readonly op: "freeGpu"; readonly hostId: string; readonly card: string; readonly nodeId: string }
  /** The cluster's segment is decided for good. */
  | { readonly op: "useSegment"; readonly clusterId: string; readonly segmentId: string }
  /** The node is to leave its host. */
  | { readonly op: "evictNode"; readonly id: string }
  /** Its host is not drained any more, or nobody else can take it: it stays. */
  | { readonly op: "stayNode"; readonly id: string }
  /** A node that runs nowhere any more gets a place on another host, with its name and address, and a new disk. */
  | {
      readonly op: "moveNode";
      readonly id: string;
      readonly from: string;
      readonly hostId: string;
      readonly volumeId: string;
      readonly incarnation: number;
    }
  /** The host was silent for so long that its nodes may start elsewhere. */
  | { readonly op: "fenceHost"; readonly id: string; readonly at: number }
  /** What a lost host may still run, written down as its node leaves it. */
  | { readonly op: "addRemnant"; readonly remnant: RemnantRow }
  /** The host came back and removed it. */
  | { readonly op: "dropRemnant"; readonly nodeId: string; readonly hostId: string }
  /** The host came back and runs nothing any more that is not its own. */
  | { readonly op: "unfenceHost"; readonly id: string }
  /** A node that is started takes the image that its distribution has now. */
  | { readonly op: "useImage"; readonly id: string; readonly imageTag: string }
  /** What its container may do from its next start on. */
  | { readonly op: "grant"; readonly id: string; readonly capabilitySet: CapabilitySetId; readonly capabilities: readonly string[] }
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
  | { readonly op: "dropCluster"; readonly id: string }
  /** A kept volume of a tenant that is to go. */
  | { readonly op: "condemnKept"; readonly id: string }
  /** An address that only rests, of a segment that goes. */
  | { readonly op: "forgetAddress"; readonly ip: string }
  | { readonly op: "dropSegment"; readonly id: string }
  | { readonly op: "dropTenant"; readonly id: string };

/** What plan() wants; empty when everything is as it has to be. */
export interface Plan {
  readonly changes: readonly Change[];
  /** Clusters the plan decided about, with the generation it saw: people may have changed their mind since. */
  readonly basis: readonly { readonly clusterId: string; readonly generation: number }[];
}
