import { Bundle, type Endpoint } from "../../../agents/protocol/bundle.ts";
import { type ClusterAction, canCluster, scopeOf } from "../../auth/can.ts";
import { shareSelect } from "../../auth/shares.ts";
import { notFound } from "../../errors.ts";
import { applicationEndpoint, notebookEndpoints } from "../clusters/links.ts";
import type { ActorCtx } from "../context.ts";
import { terminalNumber } from "./terminal.ts";

export interface FoundEndpoint {
  /** Id of the service that listens. */
  service: string;
  endpoint: Endpoint;
  isSpark: boolean;
}

/** An endpoint of a bundle's master by its id. */
export function findEndpoint(bundle: Bundle, id: string): FoundEndpoint | null {
  for (const service of bundle.roles.master.services) {
    const definition = bundle.services[service];
    const endpoint = definition?.endpoints.find((one) => one.id === id);
    if (definition && endpoint) return { service, endpoint, isSpark: definition.probe.kind === "spark-master" };
  }
  return null;
}

/** The endpoint of Spark's master, which carries the pages of workers and applications too. */
export function sparkEndpoint(bundle: Bundle): FoundEndpoint | null {
  const service = bundle.roles.master.services.find((id) => bundle.services[id]?.probe.kind === "spark-master");
  const [first] = (service && bundle.services[service]?.endpoints) || [];
  return first ? findEndpoint(bundle, first.id) : null;
}

/**
 * A notebook and a terminal run as its owner: for the owner and whom they let use it; other pages may be looked at by whoever administers, too.
 */
export function endpointAction(endpoint: string): ClusterAction {
  return notebookEndpoints.includes(endpoint) || terminalNumber(endpoint) !== null ? "notebook" : "inspect";
}

/**
 * A cluster and what of it an endpoint is, for somebody who may open it: the node that it is on, the service (null: the node itself, by a terminal),
 * and the endpoint whose origin it has. @throws UserError not_found for everybody else
 */
export async function usableEndpoint(ctx: ActorCtx, clusterId: string, id: string) {
  const cluster = await ctx.db.cluster.findUnique({
    where: { id: clusterId },
    include: {
      tenant: true,
      distribution: { select: { manifest: true } },
      nodes: { where: { removing: false } },
      shares: { select: shareSelect },
    },
  });
  const scope = cluster && scopeOf(ctx.actor, cluster.tenant);
  if (!cluster || !scope || cluster.desired === "deleted") throw notFound("service");
  const bundle = Bundle.parse(cluster.distribution.manifest);
  const number = terminalNumber(id);
  const node = cluster.nodes.find((one) => (number === null ? one.role === "master" : one.number === number));
  if (number !== null) {
    if (!node || !canCluster(ctx.actor, scope, endpointAction(id), cluster)) throw notFound("service");
    return { cluster, node, service: null, origin: id, title: `Terminal on ${node.name}`, closed: scope.closed };
  }
  const found = id === applicationEndpoint ? sparkEndpoint(bundle) : findEndpoint(bundle, id);
  if (!found || !canCluster(ctx.actor, scope, endpointAction(found.endpoint.id), cluster)) throw notFound("service");
  const title = id === applicationEndpoint ? "The running application" : found.endpoint.title;
  return { cluster, node, service: found.service, origin: found.endpoint.id, title, closed: scope.closed };
}
