import type { AuditView } from "../../../server/services/views.ts";

const verbs: Record<string, string> = {
  "cluster.create": "created the cluster",
  "cluster.start": "started it",
  "cluster.stop": "stopped it",
  "cluster.resize": "resized it",
  "cluster.retry": "tried it again",
  "cluster.delete": "deleted it",
  "cluster.restart-service": "restarted a service",
  "session.open": "opened a page of it",
  "handover.open": "opened a page of it",
  "service.open": "opened a page of it",
  "cluster.notebooks": "downloaded the notebooks",
};

/** What was done, after the name of who did it. An action this page does not know is shown by its own name. */
export function verb({ action, outcome }: Pick<AuditView, "action" | "outcome">): string {
  const done = verbs[action] ?? action.replaceAll(".", " ");
  return outcome === "refused" ? `was refused: ${done}` : done;
}
