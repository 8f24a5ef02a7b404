import { z } from "zod";
import { Label } from "../../../agents/protocol/ids.ts";
import { type BarReason, barReasons } from "../../auth/bar.ts";
import { aliveSession } from "../../auth/sessions.ts";
import type { TenantCtx } from "../context.ts";
import type { Page } from "../views.ts";
import { tellsOfGpus } from "./gpus.ts";
import { type Hours, noHours, periodBounds, periods, readHours } from "./hours.ts";
import { tenantPeople } from "./people.ts";
import type { Limits } from "./quota.ts";
import type { TenantPersonView } from "./schemas.ts";
import { usualLimits } from "./usage.ts";

export const TenantRoster = z.object({
  tenant: Label,
  period: z.enum(periods, "A period is 30d, month or last-month.").default("30d"),
  /** What is typed or lies in an old link is never an error. */
  q: z
    .string()
    .transform((text) => text.trim().slice(0, 100))
    .optional(),
  sort: z.enum(["name", "hours", "seen"]).default("name"),
  /** Number of rows to skip, as `next` of the page before gave it. */
  cursor: z
    .string()
    .regex(/^\d{1,6}$/, "The cursor is not one of ours.")
    .optional(),
  limit: z.number().int().min(1).max(200).default(50),
});

export interface RosterPerson extends TenantPersonView {
  /** Signed in now. */
  here: boolean;
  /** When they were last seen here, by page or token; null: more than a month ago. */
  seenAt: string | null;
  /** They count for nothing just now, because the directory says so or could not be asked. */
  barred: BarReason | null;
  hours: Hours;
}

export interface RosterView extends Page<RosterPerson> {
  period: { from: string; to: string };
  /** Of everybody, whatever is searched for. */
  hours: Hours;
  signedIn: number;
  personLimits: Limits;
  /** There is something to tell of GPUs. */
  gpus: boolean;
}

const barredFor = (text: string | null): RosterPerson["barred"] => barReasons.find((reason) => reason === text) ?? null;

const orders: Record<"name" | "hours" | "seen", (a: RosterPerson, b: RosterPerson) => number> = {
  // As they come: those who are in the tenant first, by name.
  name: () => 0,
  hours: (a, b) => b.hours.vcpus - a.hours.vcpus,
  seen: (a, b) => Number(b.here) - Number(a.here) || (b.seenAt ?? "").localeCompare(a.seenAt ?? ""),
};

/** Everybody who has signed in to a tenant, or whose clusters used something in the period: when they were seen, what they have and what they used. */
export async function tenantRoster(ctx: TenantCtx, input: z.output<typeof TenantRoster>): Promise<RosterView> {
  const { db, tenant } = ctx;
  const now = ctx.now();
  const bounds = periodBounds(input.period, now);
  const row = await db.tenant.findUniqueOrThrow({ where: { id: tenant.id } });
  const hours = await readHours(db, tenant.id, bounds);
  const people = await tenantPeople(db, row, [...hours.keys()]);
  const users = await db.user.findMany({
    where: { username: { in: people.map(({ username }) => username) } },
    select: { id: true, username: true, barredAt: true, barredFor: true },
  });
  const theirs = { userId: { in: users.map(({ id }) => id) } };
  const [alive, sessions, tokens] = await Promise.all([
    db.session.findMany({ where: { ...aliveSession(now), ...theirs }, select: { userId: true }, distinct: ["userId"] }),
    db.session.groupBy({ by: ["userId"], where: theirs, _max: { lastSeenAt: true } }),
    db.token.groupBy({ by: ["userId"], where: theirs, _max: { lastUsedAt: true } }),
  ]);
  const here = new Set(alive.map(({ userId }) => userId));
  const seen = new Map<string, Date>();
  for (const { userId, at } of [
    ...sessions.map(({ userId, _max }) => ({ userId, at: _max.lastSeenAt })),
    ...tokens.map(({ userId, _max }) => ({ userId, at: _max.lastUsedAt })),
  ])
    if (at && at > (seen.get(userId) ?? new Date(0))) seen.set(userId, at);
  const known = new Map(users.map((user) => [user.username, user]));
  const all = people.map((person): RosterPerson => {
    const user = known.get(person.username);
    return {
      ...person,
      here: user !== undefined && here.has(user.id),
      seenAt: (user && seen.get(user.id)?.toISOString()) ?? null,
      barred: user?.barredAt ? barredFor(user.barredFor) : null,
      hours: (user && hours.get(user.id)) ?? noHours,
    };
  });
  const words = (input.q ?? "").toLowerCase().split(/\s+/).filter(Boolean);
  const found = all
    .filter(({ username, name }) => words.every((word) => `${username} ${name}`.toLowerCase().includes(word)))
    .sort(orders[input.sort]);
  const from = Number(input.cursor ?? 0);
  const to = from + input.limit;
  const sum = (of: keyof Hours): number => all.reduce((total, person) => total + person.hours[of], 0);
  return {
    rows: found.slice(from, to),
    total: found.length,
    next: to < found.length ? String(to) : null,
    period: { from: bounds.from.toISOString(), to: bounds.to.toISOString() },
    hours: { clusters: sum("clusters"), nodes: sum("nodes"), vcpus: sum("vcpus"), memoryGb: sum("memoryGb") },
    signedIn: all.filter((person) => person.here).length,
    personLimits: usualLimits(row),
    gpus: await tellsOfGpus(
      db,
      row,
      people.map(({ usage }) => usage),
    ),
  };
}
