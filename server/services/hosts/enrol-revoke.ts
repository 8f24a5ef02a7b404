import type { z } from "zod";
import { notify } from "../../db.ts";
import { notFound, UserError } from "../../errors.ts";
import { audit } from "../audit/write.ts";
import type { ActorCtx } from "../context.ts";
import type { ConfirmHost } from "./schemas.ts";

/**
 * From now on nothing of the platform speaks to the host's agent, its certificate is not renewed, and no other host takes anything from it or
 * sends it anything. The host counts as silent until it is enrolled again. What runs there goes on, unless nodes of lost hosts move by
 * themselves: then they do after the site's wait.
 */
export async function revokeHost(
  ctx: ActorCtx,
  { host: name, confirm }: z.output<typeof ConfirmHost>,
): Promise<{ id: string; name: string }> {
  const host = await ctx.db.host.findUnique({ where: { name } });
  if (!host) throw notFound("host");
  if (confirm !== name) throw new UserError("bad_request", `Repeat the host's name, ${name}, to revoke its certificate.`, "confirm");
  if (!host.endpoint.startsWith("https:"))
    throw new UserError("conflict", `${name} is the platform's own machine; its agent has no certificate that could be revoked.`);
  if (host.certificate === null) throw new UserError("conflict", `The certificate of ${name} is revoked already.`);
  await ctx.db.$transaction(async (tx) => {
    const { moveAfterSeconds: wait } = await tx.installation.findFirstOrThrow({ select: { moveAfterSeconds: true } });
    const then =
      wait === null
        ? "What runs there goes on, cut off from other hosts."
        : `Unless it is enrolled again within ${wait} s, its nodes move elsewhere, as those of a lost host.`;
    await tx.host.update({ where: { id: host.id }, data: { certificate: null, certificateExpiresAt: null } });
    await tx.enrolment.deleteMany({ where: { hostId: host.id, usedAt: null } });
    await tx.hostEvent.create({
      data: { hostId: host.id, at: ctx.now(), kind: "revoked", message: `${ctx.actor.displayName} revoked its certificate. ${then}` },
    });
    await audit(tx, ctx.actor, { action: "host.revoke", resource: `host:${host.id}`, resourceName: name });
    await notify(tx, "desired", "*");
  });
  return { id: host.id, name };
}
