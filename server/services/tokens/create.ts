import { z } from "zod";
import type { Actor } from "../../auth/actor.ts";
import { aliveToken, makeToken } from "../../auth/tokens.ts";
import type { Tx } from "../../db.ts";
import { UserError } from "../../errors.ts";
import type { NewId } from "../../ids.ts";
import { audit } from "../audit/write.ts";
import type { ActorCtx } from "../context.ts";
import type { TokenView } from "../views.ts";
import { toTokenView } from "./view.ts";

export const CreateToken = z.object({
  name: z
    .string()
    .trim()
    .min(1, "A token needs a name, so that you know later what it was for.")
    .max(60, "A token's name has at most 60 characters.")
    .regex(/^\P{Cc}*$/u, "A token's name is one line."),
  days: z
    .number("The number of days is a whole number.")
    .int("The number of days is a whole number.")
    .min(1, "A token counts for at least one day.")
    .max(365, "A token counts for at most 365 days."),
});

const mostTokens = 50;

/** Writes the row inside the caller's transaction; the secret exists only in the answer. */
export async function issueToken(
  tx: Tx,
  actor: Actor,
  made: { newId: NewId; now: Date; name: string; days: number },
): Promise<{ secret: string; token: TokenView }> {
  const alive = { userId: actor.userId, ...aliveToken(made.now) };
  if ((await tx.token.count({ where: { ...alive, name: made.name } })) > 0)
    throw new UserError("conflict", `You already have a token named ${made.name}. Revoke it first, or take another name.`, "name");
  if ((await tx.token.count({ where: alive })) >= mostTokens)
    throw new UserError("limit", `You have ${mostTokens} tokens, the most that one person may have. Revoke one first.`);
  // What ended may give its name to a new one.
  await tx.token.deleteMany({ where: { userId: actor.userId, name: made.name } });
  const { secret, hash } = makeToken();
  const expiresAt = new Date(made.now.getTime() + made.days * 86_400_000);
  const row = await tx.token.create({
    data: { id: made.newId("k"), userId: actor.userId, name: made.name, hash, createdAt: made.now, expiresAt },
  });
  await audit(tx, actor, { action: "token.create", resource: `token:${row.id}`, resourceName: made.name, detail: { days: made.days } });
  return { secret, token: toTokenView(row) };
}

/** A personal token for programs. @throws UserError for a taken name, and for a caller who came with a token */
export async function createToken(ctx: ActorCtx, input: z.output<typeof CreateToken>): Promise<{ secret: string; token: TokenView }> {
  // Else a stolen token could outlive its own end.
  if (ctx.actor.sessionId === null) throw new UserError("forbidden", "A token cannot make another one. Sign in on the portal to make it.");
  return ctx.db.$transaction((tx) => issueToken(tx, ctx.actor, { newId: ctx.newId, now: ctx.now(), ...input }));
}
