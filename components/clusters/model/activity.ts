import type { AuditView } from "../../../server/services/views.ts";

/** Done, and what one wanted to do. */
const verbs: Record<string, [done: string, wanted: string]> = {
  "cluster.create": ["created the cluster", "create the cluster"],
  "cluster.start": ["started it", "start it"],
  "cluster.stop": ["stopped it", "stop it"],
  "cluster.resize": ["changed its workers", "change its workers"],
  "cluster.retry": ["tried it again", "try it again"],
  "cluster.delete": ["deleted it", "delete it"],
  "cluster.restart-service": ["restarted a service", "restart a service"],
  "cluster.notebooks": ["downloaded its notebooks", "download its notebooks"],
  "container.altered": ["found a container altered", "compare its containers"],
  "container.restored": ["found the container as approved again", "compare its containers"],
  "cluster.share": ["shared it", "share it"],
  "cluster.unshare": ["stopped sharing it", "stop sharing it"],
  "cluster.hand-over": ["handed it over", "hand it over"],
  "terminal.open": ["opened a terminal in a node", "open a terminal in a node"],
  "service.open": ["opened a service of it", "open a service of it"],
};

/** What happened, after the name of who did it. An action this page does not know is shown by its own name. */
export function happened({ action, outcome }: Pick<AuditView, "action" | "outcome">): string {
  const known = verbs[action];
  if (outcome === "done") return known?.[0] ?? `did: ${action}`;
  return `wanted to ${known?.[1] ?? `do: ${action}`} and was refused`;
}
