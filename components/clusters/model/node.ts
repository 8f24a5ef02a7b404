import type { ClusterView, NodeView } from "../../../server/services/clusters/schemas.ts";
import type { StateKind } from "../../ui/state-mark.tsx";
import { moving, phaseState } from "./phases.ts";

/** Why there are no nodes to show. */
export function phaseNow(cluster: Pick<ClusterView, "state">): string {
  if (cluster.state.phase === "deleting") return "Its nodes are gone.";
  if (cluster.state.phase === "failed") return cluster.state.reason ? `No nodes: ${cluster.state.reason}.` : "No nodes could be placed.";
  return "No nodes yet: it waits to be placed.";
}

/** A node as the picture draws it. */
export function drawn(node: NodeView): {
  id: string;
  name: string;
  ip: string;
  host: string;
  role: string;
  vcpus: number;
  memoryMb: number;
  kind: StateKind;
  word: string;
  moving: boolean;
} {
  const { state: kind, word } = phaseState(node.state.phase);
  const { id, name, ip, host, role, flavor } = node;
  return { id, name, ip, host, role, ...flavor, kind, word, moving: moving(node.state.phase) };
}
