import type { Plan } from "../../planner/changes.ts";
import { hostOf, nodeOf } from "../../planner/rows.ts";
import type { Snapshot } from "../../planner/snapshot.ts";
import { ago } from "../../planner/words.ts";

/** Inserts what a plan means for hosts, once its changes are written ($1: kind and sentence of each, $2: hosts that are being drained). */
export const toldSql: readonly [string, string] = [
  `INSERT INTO "HostEvent" ("hostId", kind, message) SELECT r."hostId", r.kind, r.message
   FROM jsonb_to_recordset($1::jsonb) AS r("hostId" text, kind text, message text)`,
  `INSERT INTO "HostEvent" ("hostId", kind, message) SELECT h.id, 'drained', 'Its last node left: it is drained.'
   FROM "Host" h WHERE h.id IN (SELECT jsonb_array_elements_text($1::jsonb)) AND NOT EXISTS (SELECT 1 FROM "Node" n WHERE n."hostId" = h.id)`,
];

/** What is told of a plan, and drained hosts which a node leaves by it. */
export function toldOf(
  basis: Snapshot,
  { changes }: Plan,
): { events: { hostId: string; kind: string; message: string }[]; left: string[] } {
  const events: { hostId: string; kind: string; message: string }[] = [];
  const left = new Set<string>();
  for (const change of changes) {
    if (change.op === "fenceHost") {
      const heard = hostOf(basis, change.id)?.observedAt ?? change.at;
      const message = `Not heard for ${ago(change.at - heard)}, longer than the site waits: its nodes move elsewhere.`;
      events.push({ hostId: change.id, kind: "fenced", message });
    }
    if (change.op === "unfenceHost")
      events.push({ hostId: change.id, kind: "reconciled", message: "It is back, and runs nothing any more that lives elsewhere by now." });
    if (change.op === "moveNode" || change.op === "dropNode") {
      const node = nodeOf(basis, change.id);
      if (node && hostOf(basis, node.hostId)?.mode === "draining") left.add(node.hostId);
    }
  }
  return { events, left: [...left] };
}
