import type { z } from "zod";
import { canCluster } from "../../auth/can.ts";
import { shareSelect } from "../../auth/shares.ts";
import type { Tx } from "../../db.ts";
import { notify } from "../../db.ts";
import { UserError } from "../../errors.ts";
import { clusterSecrets } from "../../secrets/places.ts";
import { randomSecret } from "../../secrets.ts";
import { loadSnapshot } from "../../snapshot/load.ts";
import { audit } from "../audit/write.ts";
import type { TenantCtx } from "../context.ts";
import { assertOpen } from "../tenants/closed.ts";
import { checkQuota, lockTenant, readQuota } from "../tenants/usage.ts";
import { ownVolumes } from "../volumes/own.ts";
import { type Chosen, type Claimed, choose, takesOf } from "./choose.ts";
import type { CreateCluster } from "./schemas.ts";
import { chooseSegment, holdSegment } from "./segment.ts";
import { sizeWords } from "./summary.ts";
import { emptied, tryPlacing } from "./trial.ts";

/** @throws UserError when somebody has the name */
async function checkName(tx: Tx, { actor, tenant }: TenantCtx, name: string): Promise<void> {
  const where = { tenantId_name: { tenantId: tenant.id, name } };
  const taken = await tx.cluster.findUnique({ where, include: { owner: true, shares: { select: shareSelect } } });
  if (!taken) return;
  if (taken.desired === "deleted")
    throw new UserError("conflict", `A cluster named ${name} is still being deleted. Wait until it is gone, or take another name.`, "name");
  throw new UserError(
    "conflict",
    // Names are the whole tenant's; whose it is, is for those who may see it.
    `The tenant already has a cluster named ${name}${canCluster(actor, tenant, "see", taken) ? ` (${taken.owner.displayName}'s)` : ""}. Take another name.`,
    "name",
  );
}

/** The kept volume that becomes the master's disk. @throws UserError when it is not there or not theirs, not kept, promised to another cluster */
async function claimable(tx: Tx, ctx: TenantCtx, id: string): Promise<Claimed> {
  const volume = await tx.volume.findFirst({ where: { id, ...ownVolumes(ctx) }, include: { claimedBy: true } });
  if (!volume)
    throw new UserError("bad_request", "You have no such kept volume here. Choose another, or start with an empty disk.", "dataVolume");
  if (volume.state !== "kept")
    throw new UserError(
      "conflict",
      `The volume ${volume.name} is not free: it is ${volume.state === "deleting" ? "being deleted" : "in use"}.`,
      "dataVolume",
    );
  if (volume.claimedBy)
    throw new UserError(
      "conflict",
      `The volume ${volume.name} is already promised to the cluster ${volume.claimedBy.name}. Choose another.`,
      "dataVolume",
    );
  return volume;
}

/** Refuses what will never fit, whoever makes room. What does not fit just now waits instead, with the reason on its page. */
async function checkEverFits(
  tx: Tx,
  tenantId: string,
  chosen: Chosen,
  volumeId: string | null,
  now: Date,
  segmentId: string | null,
): Promise<void> {
  const empty = emptied(await loadSnapshot(tx), now.getTime());
  const tried = tryPlacing(empty, tenantId, chosen, volumeId, now.getTime(), segmentId);
  // A host that nobody has heard of yet may have room: that is a matter of waiting.
  if (!("refusal" in tried) || tried.refusal.lacking === "host") return;
  const alone = tryPlacing(empty, tenantId, { ...chosen, workerCount: 0 }, volumeId, now.getTime(), segmentId);
  const field = "refusal" in alone ? "masterFlavor" : "workerFlavor";
  throw new UserError("limit", `This cannot fit here: ${tried.refusal.message}. Choose a smaller flavor or fewer workers.`, field);
}

/**
 * Says that a cluster is wanted. Nothing is made on a host yet: the reconciler does that.
 * @returns its id
 * @throws UserError for a taken name, a limit of the tenant's, an unknown or too small flavor, a volume that is not free
 */
export async function createCluster(ctx: TenantCtx, input: z.output<typeof CreateCluster>): Promise<{ id: string }> {
  const id = ctx.newId("c");
  const now = ctx.now();
  await ctx.db.$transaction(async (tx) => {
    const tenant = await lockTenant(tx, ctx.tenant.id);
    assertOpen(tenant);
    await checkName(tx, ctx, input.name);
    const chosen = await choose(tx, tenant, input);
    const volume = input.dataVolume ? await claimable(tx, ctx, input.dataVolume) : null;
    const { more, mine } = takesOf(chosen, volume, ctx.actor.userId);
    checkQuota(await readQuota(tx, tenant, { id: ctx.actor.userId, name: null }, ctx.tenant.role), more, mine);
    const segment = await chooseSegment(tx, ctx.tenant.id, input.segment);
    await checkEverFits(tx, ctx.tenant.id, chosen, volume?.id ?? null, now, segment?.id ?? null);
    if (segment && input.segment) await holdSegment(tx, segment);
    await tx.cluster.create({
      data: {
        id,
        tenantId: ctx.tenant.id,
        ownerId: ctx.actor.userId,
        name: input.name,
        distributionId: chosen.distribution.id,
        masterFlavorId: chosen.master.id,
        workerFlavorId: chosen.worker.id,
        workerCount: chosen.workerCount,
        dataVolumeId: volume?.id ?? null,
        // Only what was chosen: the usual one is decided when it is placed.
        segmentId: input.segment ? (segment?.id ?? null) : null,
        capabilitySet: chosen.set.id,
        attemptAt: now,
        createdAt: now,
        phaseSince: now,
        secrets: ctx.seal(clusterSecrets(id), JSON.stringify({ sparkAuth: randomSecret(), jupyterToken: randomSecret() })),
      },
    });
    await audit(tx, ctx.actor, {
      action: "cluster.create",
      resource: `cluster:${id}`,
      resourceName: input.name,
      tenantId: ctx.tenant.id,
      detail: {
        what: `${chosen.distribution.name}, ${sizeWords({ masterFlavor: chosen.master, workerFlavor: chosen.worker, workerCount: chosen.workerCount })}${input.capabilitySet ? `, ${chosen.set.name}` : ""}`,
        ...(volume ? { volume: volume.name } : {}),
      },
    });
    await notify(tx, "desired", id);
  });
  return { id };
}
