import type { AuditView } from "../../../server/services/views.ts";

const verbs: Record<string, string> = {
  "cluster.create": "created the cluster",
  "cluster.start": "started it",
  "cluster.stop": "stopped it",
  "cluster.resize": "changed its workers",
  "cluster.retry": "tried it again",
  "cluster.delete": "deleted it",
  "cluster.restart-service": "restarted a service",
  "cluster.notebooks": "downloaded its notebooks",
  "service.open": "opened a service of it",
};

/** What was done, after the name of who did it. An action this page does not know is shown by its own name. */
export function verb({ action, outcome }: Pick<AuditView, "action" | "outcome">): string {
  const done = verbs[action] ?? action.replaceAll(".", " ");
  return outcome === "refused" ? `was refused: ${done}` : done;
}
