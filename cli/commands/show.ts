import type { ClusterView } from "../../server/services/clusters/schemas.ts";
import { age, count, facts, gb, stateWords, table } from "../output.ts";

const seconds = (from: string, to: string): string => `${((Date.parse(to) - Date.parse(from)) / 1000).toFixed(1)} s`;

/** "kindling-2: NVIDIA L4 GPU-5c6f8f1c-…": the cards of each node that has some. */
const gpus = ({ nodes }: ClusterView): string | null =>
  nodes.flatMap((node) => node.gpus.map(({ id, model }) => `${node.name}: ${model} ${id}`)).join("; ") || null;

/** A cluster in words, for a terminal. */
export function showWords(view: ClusterView, url: string): string {
  const head = facts([
    ["cluster", `${view.name} (${view.id})`],
    ["state", `${stateWords(view.state)}, for ${age(view.state.since)}`],
    ["distribution", view.distribution],
    ["size", `${view.size}: ${count(view.vcpus, "vCPU")}, ${gb(view.memoryMb)}`],
    ["GPUs", gpus(view)],
    ["owner", view.owner.name],
    ["containers", `${view.rights.name}, ${view.rights.sudo ? "with" : "no"} sudo${view.rights.next ? `; ${view.rights.next}` : ""}`],
    ["not given", view.rights.withheld.join("; ") || null],
    ["outside", view.rights.outside],
    [
      "shared",
      view.access === "owner" || view.access === "admin" ? (view.shares > 0 ? `with ${view.shares}` : null) : `you may ${view.access} it`,
    ],
    ["waits", view.waiting],
    ["spark", view.sparkUrl ? `${view.sparkUrl} (from inside the tenant)` : null],
    ["started in", view.timeline.endedAt ? seconds(view.timeline.startedAt, view.timeline.endedAt) : null],
    ...view.links.map((link): [string, string] => [link.id, link.ready ? `${url}${link.href}` : (link.reason ?? "not ready")]),
  ]);
  if (view.nodes.length === 0) return head;
  const nodes = table(
    ["NODE", "ROLE", "IP", "HOST", "SERVICES", "STATE"],
    view.nodes.map((node) => [node.fqdn, node.role, node.ip, node.host, node.description, stateWords(node.state)]),
  );
  const warnings = view.nodes.flatMap((node) => (node.warning ? [`${node.name}: ${node.warning}`] : []));
  return [head, nodes, ...warnings].join("\n\n");
}
