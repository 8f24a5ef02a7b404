import type { z } from "zod";
import { UserError } from "../../errors.ts";
import type { TenantCtx } from "../context.ts";
import { changeCluster } from "./change.ts";
import type { DeleteCluster } from "./schemas.ts";
import { startsOf } from "./usual.ts";

/**
 * Says that a cluster is to go with everything it has; with `keepData` the master's disk becomes a kept volume of the tenant.
 * @throws UserError when `confirm` does not repeat its name
 */
export function deleteCluster(ctx: TenantCtx, input: z.output<typeof DeleteCluster>): Promise<{ id: string }> {
  return changeCluster(ctx, input.cluster, "delete", async (row, tx) => {
    if (input.confirm.trim() !== row.name)
      throw new UserError("bad_request", `Deleting cannot be undone. Type the cluster's name, ${row.name}, to confirm.`, "confirm");
    // What its starts took is remembered by what others are told to expect, although its steps go with it.
    const { distribution, seconds } = await startsOf(tx, row);
    return {
      data: { desired: "deleted", keepData: input.keepData },
      detail: {
        what: input.keepData ? "kept the master's /data" : "with all data",
        ...(seconds.length > 0 ? { starts: { distribution, seconds } } : {}),
      },
    };
  });
}
