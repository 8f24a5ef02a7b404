import type { z } from "zod";
import { NodeObservation } from "../../../agents/protocol/observed.ts";
import { serviceOrigin } from "../../env.ts";
import { applicationEndpoint } from "../clusters/links.ts";
import type { ActorCtx } from "../context.ts";
import { usableEndpoint } from "./endpoint.ts";
import type { EndpointRef, EndpointView } from "./schemas.ts";

/** Whether a service can be opened now, and if not, what it waits for. @throws UserError not_found */
export async function lookHandover({ ctx, input }: { ctx: ActorCtx; input: z.output<typeof EndpointRef> }): Promise<EndpointView> {
  const { cluster, node, service, origin: at, title, closed } = await usableEndpoint(ctx, input.cluster, input.endpoint);
  const observed = NodeObservation.safeParse(node?.observed).data;
  const healthy = observed?.state === "running" && (service === null || observed.services.some((one) => one.id === service && one.healthy));
  const origin = serviceOrigin(ctx.env, at, cluster.id);
  return {
    cluster: { id: cluster.id, name: cluster.name, tenant: cluster.tenant.slug },
    title,
    phase: closed ? "suspended" : cluster.desired === "stopped" && cluster.phase !== "stopping" ? "stopped" : cluster.phase,
    reason: closed ?? cluster.phaseReason,
    ready: closed === null && cluster.desired === "running" && healthy,
    origin: at,
    start: `${origin}/.kindling/${input.endpoint === applicationEndpoint ? "application" : "start"}`,
  };
}
