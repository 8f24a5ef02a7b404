import { z } from "zod";
import { Id, Label } from "../../../agents/protocol/ids.ts";
import { canCluster, scopeOf } from "../../auth/can.ts";
import { shareSelect } from "../../auth/shares.ts";
import type { Db, Tx } from "../../db.ts";
import { UserError } from "../../errors.ts";
import { log } from "../../log.ts";
import type { ActorCtx } from "../context.ts";
import { terminalNumber } from "../handover/terminal.ts";
import { makeRepeats, type Repeats } from "./repeats.ts";
import { type AuditEntry, audit } from "./write.ts";

const name = z.string().max(100).optional().catch(undefined);
const id = Id.optional().catch(undefined);
const About = z.object({ cluster: id, clusterId: id, name, tenant: name, slug: name, host: name, flavor: name }).catch({});

// What somebody may not do, or what a limit forbids. A typing mistake is nobody's business.
const worth: readonly UserError["code"][] = ["forbidden", "limit", "conflict"];

/** Procedures whose doing is recorded under another name than their own. */
const recorded: Record<string, string> = {
  "accounts.createToken": "token.create",
  "accounts.revokeToken": "token.revoke",
  "accounts.setRole": "account.role",
  "directory.addMapping": "mapping.add",
  "directory.removeMapping": "mapping.remove",
  "directory.removeMissing": "mapping.remove",
  "enrolment.add": "host.invite",
  "enrolment.again": "host.invite",
  "enrolment.withdraw": "host.withdraw",
  "enrolment.revoke": "host.revoke",
  "handover.create": "service.open",
  "me.createToken": "token.create",
  "me.endOtherSessions": "session.revoke",
  "me.endThisToken": "token.revoke",
  "me.revokeToken": "token.revoke",
  "me.revokeSession": "session.revoke",
  "site.buildImage": "image.build",
  "site.setSettings": "site.settings",
  "tenants.addMapping": "mapping.add",
  "tenants.removeMapping": "mapping.remove",
  "tenants.setPersonLimits": "tenant.limits",
};

const Terminal = z.object({ endpoint: z.string().refine((endpoint) => terminalNumber(endpoint) !== null) });

/** "clusters.restartService" → "cluster.restart-service": as it would be recorded, had it been done. */
export function actionOf(path: string, input?: unknown): string {
  if (path === "handover.create" && Terminal.safeParse(input).success) return "terminal.open";
  const known = recorded[path];
  if (known) return known;
  const [entity = "", verb = ""] = path.split(".");
  const thing = entity.replace(/^site(?=[A-Z])/, "").replace(/s$/, "");
  return `${thing.toLowerCase()}.${verb.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)}`;
}

/** A call that was refused. */
export interface Refused {
  path: string;
  input: unknown;
  cause: unknown;
  /** The tenant that was asked about, if there is one. */
  tenant: { id: string; name: string } | null;
  /** Refused before anything was looked at, because of who asks. */
  stranger?: boolean;
  /** Only wanted to see something: written down once in ten minutes for a person and a place, since pages ask again by themselves. */
  looking?: boolean;
}

const lookedMs = 10 * 60_000;
const looked = new Map<string, number>();

/** Whether a look was written down a short while ago; remembers that it is now. */
function seenBefore(key: string, now: number): boolean {
  const since = now - (looked.get(key) ?? Number.NEGATIVE_INFINITY);
  // By a clock that was set back it would be kept out of the trail until that comes to the same hour again.
  if (since >= 0 && since < lookedMs) return true;
  looked.delete(key);
  looked.set(key, now);
  const oldest = looked.size > 10_000 ? looked.keys().next().value : undefined;
  if (oldest !== undefined) looked.delete(oldest);
  return false;
}

/** These look to whoever may not open a notebook as if there were none. */
const opening = ["handover.create", "clusters.notebooks"];

/** The cluster that was asked for and that looks to this person as if it did not exist. */
async function hiddenOf(
  { db, actor }: ActorCtx,
  { input, cause, path }: Refused,
): Promise<{ id: string; tenant: { id: string; name: string } } | null> {
  if (!(cause instanceof UserError) || cause.code !== "not_found") return null;
  const { cluster, clusterId = cluster } = About.parse(input);
  if (clusterId === undefined) return null;
  const row = await db.cluster.findUnique({ where: { id: clusterId }, include: { tenant: true, shares: { select: shareSelect } } });
  const scope = row && scopeOf(actor, row.tenant);
  return row && !(scope && canCluster(actor, scope, opening.includes(path) ? "notebook" : "see", row)) ? row : null;
}

/** What was tried at the site, as it would be named had it been done: tenant:finance, host:rack-1, site:settings. */
function tried({ path, input }: Refused): string {
  const { tenant, slug, host, flavor, name } = About.parse(input);
  const [kind = "", verb = ""] = actionOf(path, input).split(".");
  if (kind !== "tenant" && tenant !== undefined && Label.safeParse(tenant).success) return `tenant:${tenant}`;
  const own = { tenant: tenant ?? slug, host, flavor }[kind] ?? slug ?? name;
  if (own !== undefined && Label.safeParse(own).success) return `${kind}:${own}`;
  return `site:${kind === "site" ? verb : kind}`;
}

async function thingOf(db: Tx, refused: Refused): Promise<{ resource: string; resourceName: string }> {
  const { input, tenant } = refused;
  const about = About.parse(input);
  const cluster = about.cluster ?? about.clusterId;
  const known =
    tenant && cluster ? await db.cluster.findFirst({ where: { id: cluster, tenantId: tenant.id }, select: { name: true } }) : null;
  if (known) return { resource: `cluster:${cluster}`, resourceName: known.name };
  const said = about.name ?? about.host ?? about.flavor;
  if (tenant) return { resource: `tenant:${tenant.id}`, resourceName: said ?? tenant.name };
  return { resource: tried(refused), resourceName: said ?? about.slug ?? about.tenant ?? "the site" };
}

/** Writes down that somebody was refused something. The refusal stands whether or not it could be written down. */
export async function auditRefusal(ctx: ActorCtx, call: Refused): Promise<void> {
  try {
    const hidden = call.stranger ? null : await hiddenOf(ctx, call);
    await record(ctx, hidden ? { ...call, tenant: hidden.tenant, stranger: true } : call);
  } catch (error) {
    log.error({ err: error, path: call.path }, "audit.refusal");
  }
}

async function record(ctx: ActorCtx, refused: Refused): Promise<void> {
  const { cause, path, tenant } = refused;
  if (!(cause instanceof UserError) || !(worth.includes(cause.code) || (refused.stranger && cause.code === "not_found"))) return;
  if (refused.looking && seenBefore(`${ctx.actor.userId} ${tenant?.id ?? "site"}`, ctx.now().getTime())) return;
  const what = refused.stranger && cause.code === "not_found" ? "has no business there" : cause.message;
  const entry: AuditEntry = {
    action: refused.looking ? (tenant ? "tenant.look" : "site.look") : actionOf(path, refused.input),
    ...(await thingOf(ctx.db, refused)),
    tenantId: tenant?.id ?? null,
    outcome: "refused",
    detail: { what },
  };
  const repeats = repeatsOf(ctx.db);
  if (
    refused.looking ||
    repeats.isNew(
      ctx.actor.userId,
      `${entry.action} ${entry.resource} ${entry.resourceName} ${what}`,
      { ctx, entry, what },
      ctx.now().getTime(),
    )
  )
    await audit(ctx.db, ctx.actor, entry);
  await tellRepeats(ctx.db, ctx.now());
}

interface Repeated {
  ctx: ActorCtx;
  entry: AuditEntry;
  what: string;
}

/** Counts of refusals that were not written down one by one: each database's own. */
const counts = new WeakMap<Db, Repeats<Repeated>>();

function repeatsOf(db: Db): Repeats<Repeated> {
  const known = counts.get(db) ?? makeRepeats<Repeated>();
  counts.set(db, known);
  return known;
}

/** Writes down how often refusals came again, those whose minute is over; at the end of a process all of them. */
export async function tellRepeats(db: Db, now: Date, all = false): Promise<void> {
  for (const { last, times, mixed } of repeatsOf(db).due(now.getTime(), all)) {
    const often = times === 1 ? "once" : `${times} times`;
    const more = mixed ? `with other things that were refused, ${often} within a minute` : `${often} more within a minute`;
    const detail = { what: `${last.what} (${more})`, times };
    await audit(db, last.ctx.actor, { ...last.entry, detail });
  }
}
