import type { z } from "zod";
import type { Tx } from "../../db.ts";
import { notFound, UserError } from "../../errors.ts";
import { hashSecret, randomSecret } from "../../secrets.ts";
import { audit } from "../audit/write.ts";
import type { ActorCtx } from "../context.ts";
import { installCommand, reachableAuthority } from "./enrol-info.ts";
import { type AddHost, type Invitation, InvitedSettings, type PendingInvitation } from "./enrol-schemas.ts";
import type { HostRef } from "./schemas.ts";

/** How long a token counts. */
const tokenMs = 15 * 60_000;
const prefix = "kde_";

/** A one-time command that makes another machine a host. @throws UserError for a name or an address that is taken, an unknown tenant, an authority out of reach */
export async function addHost(ctx: ActorCtx, input: z.output<typeof AddHost>): Promise<Invitation> {
  const { name, tags, address = null, vlanParent = null } = input;
  return invite(ctx, name, null, async (tx) => {
    if ((await tx.host.count({ where: { name } })) > 0)
      throw new UserError(
        "conflict",
        `There is a host ${name} already. To give it a new certificate, enrol it again ("kindling host enrol ${name}").`,
        "name",
      );
    const other = address === null ? null : await tx.host.findFirst({ where: { address }, select: { name: true } });
    if (other) throw new UserError("conflict", `${other.name} has the address ${address}. Two hosts cannot share one.`, "address");
    const tenant = input.tenant ? await tx.tenant.findUnique({ where: { slug: input.tenant }, select: { id: true } }) : null;
    if (input.tenant && !tenant) throw new UserError("not_found", `There is no tenant ${input.tenant}.`, "tenant");
    return { address, tags, tenantId: tenant?.id ?? null, vlanParent };
  });
}

/** A one-time command that gives a host a new key and certificate: after a revocation, a restored database, a machine set up anew. */
export async function enrolAgain(ctx: ActorCtx, { host: name }: z.output<typeof HostRef>): Promise<Invitation> {
  const host = await ctx.db.host.findUnique({ where: { name } });
  if (!host) throw notFound("host");
  if (!host.endpoint.startsWith("https:"))
    throw new UserError("conflict", `${name} is the platform's own machine; its agent needs no certificate.`);
  const { tags, tenantId, vlanParent, address } = host;
  return invite(ctx, name, host.id, async () => ({ address, tags, tenantId, vlanParent }));
}

async function invite(
  ctx: ActorCtx,
  name: string,
  hostId: string | null,
  settingsOf: (tx: Tx) => Promise<Omit<z.output<typeof InvitedSettings>, "createdBy">>,
): Promise<Invitation> {
  const authority = await reachableAuthority(ctx.env);
  const token = prefix + randomSecret();
  const now = ctx.now();
  const expiresAt = new Date(now.getTime() + tokenMs);
  const id = ctx.newId("e");
  await ctx.db.$transaction(async (tx) => {
    const settings = { ...(await settingsOf(tx)), createdBy: ctx.actor.displayName };
    // The newest command for a name is the one that counts; what ended is not kept.
    await tx.enrolment.deleteMany({ where: { usedAt: null, OR: [{ hostName: name }, { expiresAt: { lte: now } }] } });
    const row = {
      id,
      hostName: name,
      tokenHash: hashSecret(token),
      settings,
      createdById: ctx.actor.userId,
      createdAt: now,
      expiresAt,
      hostId,
    };
    await tx.enrolment.create({ data: row });
    await audit(tx, ctx.actor, { action: "host.invite", resource: `enrolment:${id}`, resourceName: name });
  });
  return { id, name, command: installCommand(authority, token, hostId !== null), expiresAt: expiresAt.toISOString() };
}

/** Commands that were given out and may still be used. */
export async function pendingInvitations({ db, now }: ActorCtx): Promise<PendingInvitation[]> {
  const rows = await db.enrolment.findMany({ where: { usedAt: null, expiresAt: { gt: now() } }, orderBy: { createdAt: "desc" } });
  return rows.map(({ id, hostName, hostId, settings, expiresAt }) => ({
    id,
    name: hostName,
    again: hostId !== null,
    createdBy: InvitedSettings.parse(settings).createdBy,
    expiresAt: expiresAt.toISOString(),
  }));
}

/** Makes a command that was given out worthless. @throws UserError not_found when it was used or has ended */
export async function withdrawInvitation(ctx: ActorCtx, { id }: { id: string }): Promise<{ id: string }> {
  await ctx.db.$transaction(async (tx) => {
    const row = await tx.enrolment.findFirst({ where: { id, usedAt: null } });
    if (!row) throw notFound("invitation");
    const { count } = await tx.enrolment.deleteMany({ where: { id, usedAt: null } });
    if (count === 0)
      throw new UserError("conflict", `The command for ${row.hostName} was used just now. Revoke the host's certificate instead.`);
    await audit(tx, ctx.actor, { action: "host.withdraw", resource: `enrolment:${id}`, resourceName: row.hostName });
  });
  return { id };
}
