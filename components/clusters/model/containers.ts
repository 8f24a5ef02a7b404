import type { NodeView } from "../../../server/services/clusters/schemas.ts";
import { plural } from "../../ui/format.ts";
import type { StateKind } from "../../ui/state-mark.tsx";

type Compared = Pick<NodeView, "name" | "state" | "audit">;

/** What comparing the containers with what was approved found, in one line. Null: none runs. */
export function comparedLine(nodes: readonly Compared[]): { state: StateKind; text: string } | null {
  const running = nodes.filter((node) => node.audit !== null || node.state.phase === "ready" || node.state.phase === "degraded");
  if (running.length === 0) return null;
  const altered = running.filter((node) => (node.audit?.differences.length ?? 0) > 0).length;
  const waiting = running.filter((node) => node.audit === null).length;
  const all = plural(running.length, "container");
  if (altered > 0) return { state: "failed", text: `${altered} of ${all} ${altered === 1 ? "is" : "are"} not as approved` };
  if (waiting > 0)
    return { state: "busy", text: `${waiting} of ${all} ${waiting === 1 ? "is" : "are"} being compared with what was approved` };
  return { state: "ready", text: `${all} compared with what was approved: all as approved` };
}

/** What differs, a line a node: "memory: approved 2048 MB, now 4096 MB". */
export function alterations(nodes: readonly Compared[]): { node: string; lines: string[] }[] {
  return nodes.flatMap(({ name, audit }) =>
    audit && audit.differences.length > 0
      ? [{ node: name, lines: audit.differences.map(({ what, approved, engine }) => `${what}: approved ${approved}, now ${engine}`) }]
      : [],
  );
}
