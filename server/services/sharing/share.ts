import type { z } from "zod";
import { firstName, normalDn } from "../../auth/directory/names.ts";
import type { Tx } from "../../db.ts";
import { UserError } from "../../errors.ts";
import type { ClusterRow } from "../clusters/rows.ts";
import type { TenantCtx } from "../context.ts";
import { changeSharing } from "./change.ts";
import type { ShareCluster, ShareWith } from "./schemas.ts";
import { roleName } from "./words.ts";

/** More than anybody lists by hand; whoever needs more shares with a group. */
const most = 100;

/** Somebody of the tenant who counts now. @throws UserError not_found, with the field */
export async function personOf(tx: Tx, tenantId: string, username: string, field: string): Promise<{ id: string; displayName: string }> {
  const user = await tx.user.findFirst({
    where: { username, barredAt: null, memberships: { some: { tenantId } } },
    select: { id: true, displayName: true },
  });
  if (!user)
    throw new UserError("not_found", `Nobody in the tenant has the sign-in name ${username}. Who never signed in is not known yet.`, field);
  return user;
}

type Subject = { userId: string } | { group: string } | { role: string };

async function subjectOf(tx: Tx, ctx: TenantCtx, row: ClusterRow, who: ShareWith): Promise<{ subject: Subject; name: string }> {
  const tenantId = ctx.tenant.id;
  if (who.kind === "role") return { subject: { role: who.role }, name: roleName(who.role, ctx.tenant.name) };
  if (who.kind === "person") {
    const { id, displayName } = await personOf(tx, tenantId, who.username, "with");
    if (id === row.ownerId) throw new UserError("bad_request", `${displayName} is its owner and may do everything with it.`, "with");
    return { subject: { userId: id }, name: displayName };
  }
  const group = normalDn(who.group);
  const name = firstName(group);
  const mapped = await tx.groupMapping.count({ where: { group, tenantId } });
  const people = mapped > 0 ? 1 : await tx.user.count({ where: { groups: { has: group }, memberships: { some: { tenantId } } } });
  if (people === 0)
    throw new UserError("not_found", `Nobody in the tenant is in the group ${name}, so there is nobody to share it with.`, "with");
  return { subject: { group }, name };
}

/**
 * Lets a person, a group or everybody in the tenant see, use or manage a cluster; says something else for whom it is shared with already.
 * @throws UserError not_found, forbidden, `limit`, or bad_request for its owner
 */
export function shareCluster(ctx: TenantCtx, input: z.output<typeof ShareCluster>): Promise<{ id: string }> {
  return changeSharing(ctx, input.cluster, "share", async (row, tx) => {
    const { subject, name } = await subjectOf(tx, ctx, row, input.with);
    const known = await tx.clusterShare.findFirst({ where: { clusterId: row.id, ...subject } });
    if (known?.level === input.level) return null;
    if (!known && row.shares.length >= most)
      throw new UserError("limit", `A cluster is shared with at most ${most} people and groups. Share it with a group instead.`);
    if (known) await tx.clusterShare.update({ where: { id: known.id }, data: { level: input.level, createdBy: ctx.actor.displayName } });
    else
      await tx.clusterShare.create({
        data: {
          id: ctx.newId("x"),
          clusterId: row.id,
          level: input.level,
          createdAt: ctx.now(),
          createdBy: ctx.actor.displayName,
          ...subject,
        },
      });
    return { what: `${name} may ${input.level} it`, before: known?.level ?? "nothing", after: input.level };
  });
}
