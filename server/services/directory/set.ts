import type { z } from "zod";
import { rereads } from "../../auth/directory/config.ts";
import type { Prisma } from "../../db/generated/client.ts";
import { UserError } from "../../errors.ts";
import { bindPassword } from "../../secrets/places.ts";
import { audit } from "../audit/write.ts";
import type { ActorCtx } from "../context.ts";
import { candidate } from "./candidate.ts";
import type { DirectorySettings, DirectoryView, SetDirectory } from "./schemas.ts";
import { showDirectory } from "./show.ts";
import { isSiteAdmin, tryOut } from "./test.ts";

const shown = (value: unknown): string =>
  value === null || value === undefined ? "none" : Array.isArray(value) ? value.join(" ") : String(value);

/** Fields that differ, with both values; certificates are told apart by their length only. */
function difference(before: Partial<DirectorySettings>, after: DirectorySettings): { before: string; after: string } {
  const names = (Object.keys(after) as (keyof DirectorySettings)[]).filter(
    (name) => JSON.stringify(before[name]) !== JSON.stringify(after[name]),
  );
  const words = (from: Partial<DirectorySettings>): string =>
    names.map((name) => `${name} ${name === "ca" ? (from.ca ? `${from.ca.length} characters` : "none") : shown(from[name])}`).join("; ") ||
    "nothing";
  return { before: words(before), after: words(after) };
}

/**
 * Changes how people are looked up. Before anything is kept it is tried, and somebody has to come out as a site administrator: a slip would
 * otherwise lock everybody out, its author too.
 * @throws UserError with what would go wrong; `anyway` keeps it all the same
 */
export async function setDirectory(ctx: ActorCtx, input: z.output<typeof SetDirectory>): Promise<DirectoryView> {
  const { admin, anyway, ...change } = input;
  const { before, settings, config, password } = await candidate(ctx, change);
  if (!anyway) await assertAdmin(ctx, config, admin ?? ctx.actor.username);
  await ctx.db.$transaction(async (tx) => {
    const data = {
      settings: settings satisfies Prisma.InputJsonObject,
      bindPassword: password === null ? null : ctx.seal(bindPassword, password),
    };
    await tx.directorySettings.upsert({ where: { id: "site" }, create: { id: "site", ...data }, update: data });
    await audit(tx, ctx.actor, {
      action: "directory.set",
      resource: "site:directory",
      resourceName: "directory",
      detail: {
        ...difference(before, settings),
        ...(change.bindPassword === undefined ? {} : { password: "set" }),
        ...(anyway ? { checked: "no" } : {}),
      },
    });
  });
  ctx.directory.changed();
  return showDirectory(ctx);
}

async function assertAdmin(ctx: ActorCtx, config: Parameters<typeof tryOut>[1], admin: string): Promise<void> {
  if (!rereads(config))
    throw new UserError(
      "conflict",
      "Where people bind themselves nobody can be looked up beforehand, so it cannot be shown that you will still get in. Test with your own password, then save anyway.",
      "anyway",
    );
  const { steps, person } = await tryOut(ctx, config, { username: admin });
  const failed = steps.find(({ outcome }) => outcome === "failed");
  // With one of several servers down the others do; the person decides.
  if (!person)
    throw new UserError(
      "conflict",
      `Nothing was saved: ${admin} could not sign in with these settings. ${failed ? `${failed.title}: ${failed.detail}` : ""}`.trim(),
      "admin",
    );
  if (!(await isSiteAdmin(ctx, person.groups)))
    throw new UserError(
      "conflict",
      `Nothing was saved: with these settings ${admin} would not be a site administrator. Map one of their groups to it first, or name somebody else who comes out as one.`,
      "admin",
    );
}

/** Takes the stored settings away: what the environment says counts, else the demo directory. */
export async function resetDirectory(ctx: ActorCtx): Promise<DirectoryView> {
  await ctx.db.$transaction(async (tx) => {
    const { count } = await tx.directorySettings.deleteMany({});
    if (count === 0) throw new UserError("conflict", "Nothing is stored, so there is nothing to take away.");
    await audit(tx, ctx.actor, { action: "directory.reset", resource: "site:directory", resourceName: "directory" });
  });
  ctx.directory.changed();
  return showDirectory(ctx);
}
