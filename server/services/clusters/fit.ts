import type { z } from "zod";
import { UserError } from "../../errors.ts";
import type { Snapshot } from "../../planner/snapshot.ts";
import { loadSnapshot } from "../../snapshot/load.ts";
import type { TenantCtx } from "../context.ts";
import { usableFlavors } from "../flavors/usable.ts";
import { closedWords } from "../tenants/closed.ts";
import { exceeded, left, raisedAt } from "../tenants/quota.ts";
import { readQuota } from "../tenants/usage.ts";
import { ownVolumes } from "../volumes/own.ts";
import { type Chosen, choose, type Flavor, takesOf } from "./choose.ts";
import { rightsOn } from "./rights.ts";
import { CreateCluster, type FitView } from "./schemas.ts";
import { chooseSegment } from "./segment.ts";
import { tryPlacing } from "./trial.ts";

/** What Create takes, before there is a name. */
export const FitCluster = CreateCluster.extend({ name: CreateCluster.shape.name.optional() });

/** "master and 2 workers" for each host. */
export function placementWords(snapshot: Snapshot, placed: { hostId: string; role: "master" | "worker" }[]): FitView["placement"] {
  const nodes = new Map<string, string[]>();
  for (const { hostId, role } of placed) nodes.set(hostId, [...(nodes.get(hostId) ?? []), role]);
  return [...nodes].map(([hostId, roles]) => ({ host: snapshot.hosts.find((host) => host.id === hostId)?.name ?? hostId, nodes: roles }));
}

/** The pair of flavors nearest to what was asked that fits as things are; null when not even the smallest would. */
function nearest(asked: Chosen, flavors: readonly Flavor[], fits: (chosen: Chosen) => boolean): FitView["nearest"] {
  const far = (a: Flavor, b: Flavor): number =>
    // Somebody who asked for cards wants them, and nobody else is to take one only because a smaller size is gone.
    Math.abs(a.memoryMb - b.memoryMb) + 256 * Math.abs(a.vcpus - b.vcpus) + 2 ** 30 * Math.abs(a.gpus - b.gpus);
  const { roles } = asked.distribution.bundle;
  const masters = flavors.filter((flavor) => flavor.memoryMb >= roles.master.minimumMemoryMb);
  const workers =
    asked.workerCount === 0 ? [asked.worker] : flavors.filter((flavor) => flavor.memoryMb >= (roles.worker?.minimumMemoryMb ?? 0));
  const found = masters
    .flatMap((master) => workers.map((worker) => ({ ...asked, master, worker })))
    .sort((a, b) => far(a.master, asked.master) + far(a.worker, asked.worker) - far(b.master, asked.master) - far(b.worker, asked.worker))
    .find(fits);
  return found ? { masterFlavor: found.master.slug, workerFlavor: found.worker.slug } : null;
}

/** What a creation would take, what the tenant has left, and whether and where it would fit now. Changes nothing. */
export async function fitCluster(ctx: TenantCtx, input: z.output<typeof FitCluster>): Promise<FitView> {
  const { db, tenant } = ctx;
  const now = ctx.now().getTime();
  const row = await db.tenant.findUniqueOrThrow({ where: { id: tenant.id } });
  const [quota, snapshot, flavors, volume] = await Promise.all([
    readQuota(db, row, { id: ctx.actor.userId, name: null }, tenant.role),
    loadSnapshot(db),
    db.flavor.findMany({ where: usableFlavors(tenant.id) }),
    input.dataVolume ? db.volume.findFirst({ where: { id: input.dataVolume, ...ownVolumes(ctx), state: "kept" } }) : null,
  ]);
  if (input.dataVolume && !volume)
    throw new UserError("bad_request", "You have no such kept volume here. Choose another, or start with an empty disk.", "dataVolume");
  const segment = await chooseSegment(db, tenant.id, input.segment);
  const chosen = await choose(db, row, input);
  const takes = takesOf(chosen, volume, ctx.actor.userId).more;
  const trial = (one: Chosen) => tryPlacing(snapshot, tenant.id, one, volume?.id ?? null, now, segment?.id ?? null);
  const raise = () => {
    const { more, mine } = takesOf(chosen, volume, ctx.actor.userId);
    return raisedAt(quota, more, mine);
  };
  const overLimit = (one: Chosen) => {
    const { more, mine } = takesOf(one, volume, ctx.actor.userId);
    return exceeded(quota, more, mine);
  };
  const tried = trial(chosen);
  const closed = closedWords(row);
  const refusal = closed ?? overLimit(chosen) ?? ("refusal" in tried ? tried.refusal.message : null);
  return {
    takes: { vcpus: takes.vcpus, memoryMb: takes.memoryMb, dataGb: takes.dataGb, nodes: takes.nodes, gpus: takes.gpus },
    left: left(quota.tenant),
    mine: left(quota.person),
    fits: refusal === null,
    placement: "placement" in tried ? placementWords(snapshot, tried.placement) : [],
    segment: segment?.name ?? null,
    refusal,
    raise: closed ? null : raise(),
    rights: rightsOn(
      snapshot,
      tenant.id,
      chosen.distribution.bundle,
      chosen.set,
      "placement" in tried ? tried.placement.map((one) => one.hostId) : [],
    ),
    nearest: refusal === null || closed ? null : nearest(chosen, flavors, (one) => overLimit(one) === null && "placement" in trial(one)),
  };
}
