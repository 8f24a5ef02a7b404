import type { Bundle } from "../../../agents/protocol/bundle.ts";
import type { NodeObservation } from "../../../agents/protocol/observed.ts";
import type { Actor, TenantScope } from "../../auth/actor.ts";
import { canCluster, type Guarded } from "../../auth/can.ts";
import { terminalEndpoint } from "../handover/terminal.ts";
import type { LinkView, StateView } from "./schemas.ts";

/** The endpoint of a notebook runs code as the cluster's owner. */
export const notebookEndpoints: readonly string[] = ["jupyter", "zeppelin"];
/** The running application's own pages inside the Spark master's origin. */
export const applicationEndpoint = "application";

interface Parts {
  cluster: Guarded & { id: string; desired: string };
  bundle: Bundle;
  state: Pick<StateView, "phase" | "reason">;
  /** What the master's host last said; null while it is silent or not placed. */
  master: NodeObservation | null;
}

const running = (app: { state: string }): boolean => app.state === "RUNNING";

/** Whether somebody may open an endpoint; one that they may not is not offered to them. */
const may = (actor: Actor, tenant: TenantScope, endpoint: string, cluster: Guarded): boolean =>
  canCluster(actor, tenant, notebookEndpoints.includes(endpoint) ? "notebook" : "inspect", cluster);

/** Endpoints of the cluster that somebody may open, with whether they can be opened now, and why not. */
export function linksOf(actor: Actor, tenant: TenantScope, parts: Parts): LinkView[] {
  const { cluster, bundle, master } = parts;
  const inOrder = bundle.roles.master.services.flatMap((service) => {
    const definition = bundle.services[service];
    const offered = (definition?.endpoints ?? []).filter(({ id }) => may(actor, tenant, id, cluster));
    return offered.map((endpoint): LinkView => {
      const reason = closedLink(tenant) ?? notReady(parts, service, definition?.title ?? endpoint.title);
      return { id: endpoint.id, title: endpoint.title, href: `/go/${cluster.id}/${endpoint.id}`, ready: reason === null, reason };
    });
  });
  // The notebook is what people come for, so it is the first.
  const links = inOrder.toSorted((a, b) => Number(notebookEndpoints.includes(b.id)) - Number(notebookEndpoints.includes(a.id)));
  const spark = bundle.roles.master.services.find((id) => bundle.services[id]?.probe.kind === "spark-master");
  const parent = spark && links.find((link) => bundle.services[spark]?.endpoints.some((endpoint) => endpoint.id === link.id));
  if (!parent) return links;
  const idle = master?.sparkMaster?.applications.some(running) ? null : "No application is running. A notebook starts one.";
  const reason = parent.reason ?? idle;
  return [
    ...links,
    {
      id: applicationEndpoint,
      title: "Running application",
      href: `/go/${cluster.id}/${applicationEndpoint}`,
      ready: reason === null,
      reason,
    },
  ];
}

/** The terminal into a node, which runs as the cluster's owner as a notebook does. Null: not for this person. */
export function terminalLink(
  actor: Actor,
  tenant: TenantScope,
  { cluster, node, state }: Pick<Parts, "cluster" | "state"> & { node: { number: number; name: string; observed: NodeObservation | null } },
): LinkView | null {
  if (!canCluster(actor, tenant, "notebook", cluster)) return null;
  const id = terminalEndpoint(node);
  const waits = node.observed?.state === "running" ? null : `${node.name} does not run yet.`;
  const reason = closedLink(tenant) ?? notWanted(cluster, state) ?? waits;
  return { id, title: "Terminal", href: `/go/${cluster.id}/${id}`, ready: reason === null, reason };
}

function closedLink({ closed }: TenantScope): string | null {
  return closed && "Services are closed while the tenant is suspended.";
}

/** Why nothing of the cluster can be opened at all. */
function notWanted(cluster: Parts["cluster"], state: Parts["state"]): string | null {
  if (cluster.desired === "deleted") return "The cluster is being deleted.";
  if (cluster.desired === "stopped") return "The cluster is stopped. Start it first.";
  if (state.phase === "unknown") return `Its host does not answer (${state.reason ?? "silent"}).`;
  if (state.phase === "queued") return `The cluster waits${state.reason ? `: ${state.reason}` : " for its place"}.`;
  return null;
}

function notReady({ cluster, state, master }: Parts, service: string, title: string): string | null {
  const all = notWanted(cluster, state);
  if (all) return all;
  const seen = master?.services.find((one) => one.id === service);
  if (master?.state === "running" && seen?.healthy) return null;
  if (seen?.state === "fatal" || seen?.state === "backoff")
    return `${title} does not start${seen.detail ? `: ${seen.detail}` : ""}. Look at its log below.`;
  return `${title} is starting.`;
}
