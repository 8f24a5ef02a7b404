import type { z } from "zod";
import { serviceOrigin } from "../../env.ts";
import { UserError } from "../../errors.ts";
import { hashSecret, randomSecret } from "../../secrets.ts";
import { audit } from "../audit/write.ts";
import type { ActorCtx } from "../context.ts";
import { usableEndpoint } from "./endpoint.ts";
import type { CreateHandover, HandoverView } from "./schemas.ts";

const lifetimeMs = 30_000;

/**
 * A code that signs the person's browser in at a service's origin: once, within 30 s, only with the nonce that this origin gave that
 * browser. The address it is sent to follows from the cluster's row, never from what the caller says.
 * @throws UserError not_found, or forbidden for a caller without a session of the portal (a personal token)
 */
export async function createHandover({ ctx, input }: { ctx: ActorCtx; input: z.output<typeof CreateHandover> }): Promise<HandoverView> {
  const { sessionId } = ctx.actor;
  if (!sessionId) throw new UserError("forbidden", "A personal token cannot open a service in a browser. Sign in on the portal.");
  const { cluster, node, service, origin, closed } = await usableEndpoint(ctx, input.clusterId, input.endpoint);
  if (closed) throw new UserError("forbidden", closed);
  const code = randomSecret();
  const createdAt = ctx.now();
  const bound = { nonceHash: input.nonceHash, sessionId, clusterId: cluster.id, endpoint: origin };
  await ctx.db.$transaction(async (tx) => {
    const expiresAt = new Date(createdAt.getTime() + lifetimeMs);
    await tx.handover.create({ data: { hash: hashSecret(code), ...bound, createdAt, expiresAt } });
    await audit(tx, ctx.actor, {
      action: service === null ? "terminal.open" : "service.open",
      resource: `cluster:${cluster.id}`,
      resourceName: cluster.name,
      tenantId: cluster.tenantId,
      detail: service === null ? { node: node?.name ?? "" } : { endpoint: origin },
    });
  });
  return { code, action: `${serviceOrigin(ctx.env, origin, cluster.id)}/.kindling/enter` };
}
