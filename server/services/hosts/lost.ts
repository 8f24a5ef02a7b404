import type { z } from "zod";
import { UserError } from "../../errors.ts";
import { lost } from "../../planner/confirm.ts";
import { ago, count } from "../../planner/words.ts";
import type { ActorCtx } from "../context.ts";
import { changeHost, confirmed } from "./change.ts";
import type { ConfirmHost } from "./schemas.ts";

/** A little longer than it takes the platform to tell nothing any more to a host that is silent. */
const surelySilentMs = 20_000;

/**
 * An administrator's word that a silent host runs nothing any more: its nodes start elsewhere with their names and addresses, and new disks.
 * @throws UserError while the host is heard, or when the name was not repeated
 */
export function declareLost(ctx: ActorCtx, input: z.output<typeof ConfirmHost>): Promise<{ id: string }> {
  return changeHost(ctx, input.host, "host.declare-lost", async (row, tx) => {
    confirmed(row, input.confirm, "Whatever still runs there would run twice: be sure that it has no power or no network.");
    const now = ctx.now();
    // One that came back and was not cleared before it fell silent again is given up a second time.
    if (lost({ fencedAt: row.fencedAt?.getTime() ?? null, observedAt: row.observedAt?.getTime() ?? null }))
      throw new UserError("conflict", `${row.name} is given up as lost already.`);
    const quiet = row.observedAt ? now.getTime() - row.observedAt.getTime() : Number.POSITIVE_INFINITY;
    if (quiet <= surelySilentMs)
      throw new UserError("conflict", `${row.name} was heard ${ago(quiet)} ago: it is not lost. Drain it to move its nodes elsewhere.`);
    const nodes = await tx.node.count({ where: { hostId: row.id } });
    const moving = `${count(nodes, "node")} ${nodes === 1 ? "moves" : "move"} elsewhere`;
    return {
      data: { fencedAt: now, fencedBy: ctx.actor.displayName },
      event: { kind: "fenced", message: `${ctx.actor.displayName} gave it up as lost; ${moving}.` },
      detail: moving,
    };
  });
}
