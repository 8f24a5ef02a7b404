import { z } from "zod";
import { notify } from "../../db.ts";
import { leastMoveAfterSeconds } from "../../planner/moves.ts";
import { columnChanges } from "../audit/changes.ts";
import { audit } from "../audit/write.ts";
import type { ActorCtx, Deps } from "../context.ts";
import { numbersOf } from "../segments/pools.ts";

const pool = (least: number, most: number) =>
  z
    .string()
    .max(200)
    .refine(
      (text) => numbersOf(text, least, most) !== null,
      `A pool is numbers and ranges between ${least} and ${most}, for example 100-199, 300.`,
    );

/** What a site administrator decides for all; what is left out stays. */
export const SiteSettings = z.object({
  placement: z.enum(["spread", "pack"], "Nodes are laid over hosts by spread or pack.").optional(),
  /** Null: nodes of a lost host move on an administrator's word only. */
  moveAfterSeconds: z
    .number("The wait is a whole number of seconds.")
    .int("The wait is a whole number of seconds.")
    .min(
      leastMoveAfterSeconds,
      `The wait is at least ${leastMoveAfterSeconds} seconds: a host needs time to take its nodes off the network by itself.`,
    )
    .max(86_400, "The wait is at most a day.")
    .nullable()
    .optional(),
  vlanPool: pool(1, 4094).optional(),
  vniPool: pool(1, 16_777_215).optional(),
  vxlanPort: z.number().int().min(1, "A port is between 1 and 65535.").max(65_535, "A port is between 1 and 65535.").optional(),
  cpuRatio: z
    .number()
    .min(0.5, "Between half a vCPU and 32 for each processor.")
    .max(32, "Between half a vCPU and 32 for each processor.")
    .optional(),
});

export interface SiteSettingsView {
  placement: "spread" | "pack";
  moveAfterSeconds: number | null;
  vlanPool: string;
  vniPool: string;
  vxlanPort: number;
  cpuRatio: number;
  /** Set by the environment when the platform starts. */
  fixed: { addressPool: string; addressRestSeconds: number; nodePrefix: string; nodeDomain: string };
}

export async function siteSettings({ db }: Pick<Deps, "db">): Promise<SiteSettingsView> {
  const row = await db.installation.findFirstOrThrow();
  const { moveAfterSeconds, vlanPool, vniPool, vxlanPort, cpuRatio, addressPool, addressRestSeconds, nodePrefix, nodeDomain } = row;
  return {
    ...{ moveAfterSeconds, vlanPool, vniPool, vxlanPort, cpuRatio },
    placement: row.placement === "pack" ? "pack" : "spread",
    fixed: { addressPool, addressRestSeconds, nodePrefix, nodeDomain },
  };
}

/** Changes some of them; hosts learn of it at once. */
export async function setSiteSettings(ctx: ActorCtx, input: z.output<typeof SiteSettings>): Promise<SiteSettingsView> {
  await ctx.db.$transaction(async (tx) => {
    const row = await tx.installation.findFirstOrThrow();
    const { id, moveAfterSeconds: wait } = row;
    const data = Object.fromEntries(Object.entries(input).filter(([, value]) => value !== undefined));
    await tx.installation.update({ where: { id }, data });
    // Which lease a host holds now is known again when it has shown it: one that is silent meanwhile moves on a person's word only.
    if (input.moveAfterSeconds !== undefined && input.moveAfterSeconds !== wait)
      await tx.$executeRaw`UPDATE "Host" SET observed = observed - 'leaseSeconds' WHERE jsonb_typeof(observed) = 'object'`;
    const what = Object.entries(data).map(([name, value]) => `${name} ${value ?? "never"}`);
    await audit(tx, ctx.actor, {
      action: "site.settings",
      resource: `site:${id}`,
      resourceName: "settings",
      detail: { what: what.join("; ") || "nothing", ...columnChanges(row, data) },
    });
    await notify(tx, "desired", id);
    await notify(tx, "observed", "*");
  });
  return siteSettings(ctx);
}
