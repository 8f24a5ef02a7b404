import type { z } from "zod";
import { rereads } from "../../auth/directory/config.ts";
import { firstName, normalDn } from "../../auth/directory/names.ts";
import { notFound, UserError } from "../../errors.ts";
import { log } from "../../log.ts";
import { audit } from "../audit/write.ts";
import type { ActorCtx } from "../context.ts";
import type { AddMapping, MadeMapping, MappingView, MissingView } from "./schemas.ts";

const order: Record<MappingView["role"], number> = { "site-admin": 0, admin: 1, member: 2 };

function roleOf(role: string): MappingView["role"] {
  return role === "site-admin" || role === "admin" ? role : "member";
}

const words = ({ role, tenant }: Pick<MappingView, "role" | "tenant">): string => (tenant ? `${role} of ${tenant.slug}` : role);

/** Which group gives which role where: site administrators first, then by tenant. @param tenantId only that tenant's */
export async function listMappings({ db }: Pick<ActorCtx, "db">, tenantId?: string): Promise<MappingView[]> {
  const rows = await db.groupMapping.findMany({
    where: tenantId === undefined ? {} : { tenantId },
    include: { tenant: { select: { slug: true, name: true } } },
  });
  return rows
    .map(({ id, group, role, tenant }) => ({ id, group, role: roleOf(role), tenant }))
    .sort(
      (a, b) =>
        (a.tenant?.name ?? "").localeCompare(b.tenant?.name ?? "") || order[a.role] - order[b.role] || a.group.localeCompare(b.group),
    );
}

/** Whether the directory has one of the groups that it was asked for; null: it says nothing of it. */
type Found = (group: string) => boolean | null;

/**
 * Which of these groups the directory of now shows; null: it cannot be asked.
 * @param listed for whoever may choose from a list and know of nothing else
 */
async function foundOf({ directory }: ActorCtx, groups: readonly string[], listed = false): Promise<Found | null> {
  const { config } = await directory.effective();
  if (!rereads(config)) return null;
  try {
    const { lacking, untold } = await (await directory.directory()).lacks(groups, listed);
    return (group) => (untold.includes(group) ? null : !lacking.includes(group));
  } catch (error) {
    log.warn({ err: error }, "directory.groups");
    return null;
  }
}

/** Mappings that give nobody anything, because the directory does not have their groups: those of the one that was set before, say. */
export async function missingMappings(ctx: ActorCtx): Promise<MissingView> {
  const all = await listMappings(ctx);
  const found = await foundOf(ctx, [...new Set(all.map(({ group }) => group))]);
  return { asked: found !== null, mappings: all.filter(({ group }) => found?.(group) === false) };
}

/**
 * What this group gives now, for the audit trail. A tenant's administrators read what is written of their tenant, and nothing of others.
 * @param tenantId whose trail it is written to; null: the site's
 */
async function given(tx: Pick<ActorCtx["db"], "groupMapping">, group: string, tenantId: string | null): Promise<string> {
  const rows = await tx.groupMapping.findMany({
    where: { group, ...(tenantId === null ? {} : { tenantId }) },
    include: { tenant: { select: { slug: true, name: true } } },
  });
  return (
    rows
      .map(({ role, tenant }) => words({ role: roleOf(role), tenant }))
      .sort()
      .join(", ") || "nothing"
  );
}

/** Of one tenant: every one is looked at for everybody who is signed in, twice a minute. */
const mostMappings = 200;

/** What a terminal would obey, or a line would be read from the wrong end by: also written as \1b. Other people read these names. */
const unshowable = /[\p{Cc}\u2028\u2029\u202a-\u202e\u2066-\u2069]/u;

/**
 * Gives the members of a group a role. It counts for whoever is signed in within seconds.
 * @param listed the caller knows of no groups but those that findGroups gives
 * @throws UserError for a tenant that does not exist, a mapping that does, or a group that the directory does not show (but `anyway`)
 */
export async function addMapping(ctx: ActorCtx, input: z.output<typeof AddMapping>, listed = false): Promise<MadeMapping> {
  const group = normalDn(input.group);
  if (unshowable.test(group)) throw new UserError("bad_request", "The group's name has characters that cannot be shown.", "group");
  // Before the transaction: a directory may take its time.
  const found = (await foundOf(ctx, [group], listed))?.(group) ?? null;
  if (found === false && !input.anyway)
    throw new UserError(
      "not_found",
      `The directory has no group ${group}. Look its name up, or map it anyway: it counts as soon as the directory has it.`,
      "anyway",
    );
  const view = await ctx.db.$transaction(async (tx) => {
    // NULL is equal to nothing in a unique index, and a site administrator's mapping has no tenant.
    await tx.$executeRaw`SELECT pg_advisory_xact_lock(4712)`;
    const tenant = input.tenant === null ? null : await tx.tenant.findUnique({ where: { slug: input.tenant } });
    if (input.tenant !== null && !tenant) throw new UserError("not_found", `There is no tenant ${input.tenant}.`, "tenant");
    const tenantId = tenant?.id ?? null;
    if ((await tx.groupMapping.count({ where: { group, role: input.role, tenantId } })) > 0)
      throw new UserError("conflict", `${firstName(group)} has that role already.`, "group");
    if ((await tx.groupMapping.count({ where: { tenantId } })) >= mostMappings)
      throw new UserError(
        "limit",
        `${tenant?.name ?? "The site"} has ${mostMappings} mappings, the most there may be. Take one away first.`,
      );
    const before = await given(tx, group, tenantId);
    const id = ctx.newId("m");
    await tx.groupMapping.create({ data: { id, group, role: input.role, tenantId } });
    await audit(tx, ctx.actor, {
      action: "mapping.add",
      resource: `mapping:${id}`,
      resourceName: firstName(group),
      tenantId,
      detail: {
        what: found === false ? `${group}, which the directory does not have` : group,
        before,
        after: await given(tx, group, tenantId),
      },
    });
    return { id, group, role: input.role, tenant: tenant && { slug: tenant.slug, name: tenant.name } };
  });
  ctx.directory.changed();
  return { ...view, found };
}

/** Groups of administrators, the site's or the tenant's, that the directory does not have, where it is one of them that goes; none where it cannot be asked. */
async function lackedBeside(ctx: ActorCtx, id: string, tenantId: string | null): Promise<ReadonlySet<string>> {
  const same = { role: tenantId === null ? "site-admin" : "admin", tenantId };
  if ((await ctx.db.groupMapping.count({ where: { ...same, id } })) === 0) return new Set();
  const all = (await ctx.db.groupMapping.findMany({ where: same, select: { group: true } })).map(({ group }) => group);
  const found = await foundOf(ctx, all);
  return new Set(all.filter((group) => found?.(group) === false));
}

/**
 * Takes a mapping away, with its line in the audit trail. That roles have changed is the caller's to tell, once for all that it takes.
 * @param lacked groups that the directory does not have
 * @throws as removeMapping
 */
export async function unmap(ctx: ActorCtx, id: string, lacked: ReadonlySet<string>, within: string | null = null): Promise<void> {
  await ctx.db.$transaction(async (tx) => {
    await tx.$executeRaw`SELECT pg_advisory_xact_lock(4712)`;
    const row = await tx.groupMapping.findUnique({ where: { id } });
    if (!row || (within !== null && row.tenantId !== within)) throw notFound("mapping");
    const { role, tenantId } = row;
    const others = await tx.groupMapping.findMany({ where: { role, tenantId, id: { not: id } }, select: { group: true } });
    // One that was mapped by request, and that nobody can be in, keeps nobody's place.
    const last = others.every(({ group }) => !lacked.has(row.group) && lacked.has(group));
    if (within !== null && role === "admin" && last)
      throw new UserError(
        "conflict",
        "It is the last group whose members administer the tenant. Map another one first, or ask a site administrator.",
      );
    if (role === "site-admin" && last)
      throw new UserError(
        "conflict",
        "It is the last group whose members are site administrators. Map another one first: nobody could undo this.",
      );
    const before = await given(tx, row.group, row.tenantId);
    await tx.groupMapping.delete({ where: { id } });
    await audit(tx, ctx.actor, {
      action: "mapping.remove",
      resource: `mapping:${id}`,
      resourceName: firstName(row.group),
      tenantId: row.tenantId,
      detail: { what: row.group, before, after: await given(tx, row.group, row.tenantId) },
    });
  });
}

/**
 * Takes a group's role away: from whoever is signed in within seconds.
 * @param within only a mapping of this tenant, and not the last one that gives it administrators
 * @throws UserError not_found, or where it is the last one that makes site administrators
 */
export async function removeMapping(ctx: ActorCtx, { id }: { id: string }, within: string | null = null): Promise<{ id: string }> {
  // Before the transaction: a directory may take its time.
  await unmap(ctx, id, await lackedBeside(ctx, id, within), within);
  ctx.directory.changed();
  return { id };
}

/** Groups of the directory whose name has this text, to choose one from; none where it cannot be asked without a person's password. */
export async function findGroups({ directory }: ActorCtx, { text }: { text: string }): Promise<string[]> {
  const { config } = await directory.effective();
  if (config.bind === "direct") return [];
  try {
    return await (await directory.directory()).groups(text);
  } catch (cause) {
    throw Object.assign(
      new UserError("unavailable", "The directory does not answer just now. You can type the group's name all the same."),
      { cause },
    );
  }
}
