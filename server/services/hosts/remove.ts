import type { z } from "zod";
import { UserError } from "../../errors.ts";
import { lost } from "../../planner/confirm.ts";
import { count } from "../../planner/words.ts";
import { audit } from "../audit/write.ts";
import type { ActorCtx } from "../context.ts";
import { confirmed, lockHost, wake } from "./change.ts";
import type { ConfirmHost } from "./schemas.ts";

/**
 * Forgets a host. One that answers must be empty: no nodes, no volumes, no segments. One that is lost takes what lies on it along, which the
 * typed name confirms.
 * @throws UserError for what is still there
 */
export function removeHost(ctx: ActorCtx, input: z.output<typeof ConfirmHost>): Promise<{ id: string }> {
  return ctx.db.$transaction(async (tx) => {
    const host = await lockHost(tx, input.host);
    if (host.endpoint.startsWith("unix:"))
      throw new UserError("conflict", `${host.name} is the platform's own machine. Drain it, or uninstall the platform there.`);
    const where = { hostId: host.id };
    const nodes = await tx.node.count({ where });
    const volumes = await tx.volume.findMany({ where, include: { claimedBy: { select: { name: true } } } });
    const given = lost({ fencedAt: host.fencedAt?.getTime() ?? null, observedAt: host.observedAt?.getTime() ?? null });
    confirmed(
      host,
      input.confirm,
      given ? `${count(volumes.length, "volume")} on it would be forgotten.` : "It will not be a host any more.",
    );
    if (nodes > 0)
      throw new UserError(
        "conflict",
        given
          ? `${count(nodes, "node")} of ${host.name} wait for another host. Make room, or delete their clusters; then it can be removed.`
          : `${host.name} still has ${count(nodes, "node")}. Drain it, then remove it.`,
      );
    if (!given) await refuseUnlessEmpty(host.name, volumes.length, await tx.address.count({ where }));
    const claimed = volumes.find((volume) => volume.claimedBy)?.claimedBy;
    if (claimed) throw new UserError("conflict", `The cluster ${claimed.name} is to start with a volume of ${host.name}. Delete it first.`);
    await tx.volume.deleteMany({ where });
    await tx.address.updateMany({ where, data: { hostId: null, freedAt: ctx.now() } });
    await tx.host.delete({ where: { id: host.id } });
    await audit(tx, ctx.actor, {
      action: "host.remove",
      resource: `host:${host.id}`,
      resourceName: host.name,
      detail: { what: given ? `lost, with ${count(volumes.length, "volume")}` : "empty" },
    });
    // One row each, so that whoever misses it finds out: what was condemned already was to go in any case.
    for (const { id, name, tenantId } of volumes.filter((volume) => volume.state === "kept"))
      await audit(tx, ctx.actor, {
        ...{ action: "volume.forget", resource: `volume:${id}`, resourceName: name, tenantId },
        detail: { what: `lost with the host ${host.name}, which was removed` },
      });
    await wake(tx, host.id);
    return { id: host.id };
  });
}

async function refuseUnlessEmpty(name: string, volumes: number, segments: number): Promise<void> {
  if (volumes > 0)
    throw new UserError(
      "conflict",
      `${name} still holds ${count(volumes, "volume")}. Delete them on the page of volumes; then it can be removed.`,
    );
  if (segments > 0)
    throw new UserError(
      "conflict",
      `${name} still takes down ${count(segments, "segment")}. That is a matter of seconds while it answers.`,
    );
}
