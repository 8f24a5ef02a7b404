import type { Tenant } from "../../db/generated/client.ts";
import type { Tx } from "../../db.ts";
import { usableFlavors } from "../flavors/usable.ts";
import type { Amounts } from "../views.ts";

/**
 * Whether there is anything to tell a tenant of GPUs: it may use a flavor with some, has some, or may have only so many. Where there is not, no page
 * says a word of them.
 * @param usages of the people that the page shows
 */
export async function tellsOfGpus(tx: Tx, tenant: Tenant, usages: readonly Pick<Amounts, "gpus">[]): Promise<boolean> {
  if (tenant.maxGpus !== null || tenant.userMaxGpus !== null) return true;
  if (usages.some(({ gpus }) => gpus.used > 0 || gpus.limit !== null)) return true;
  return (await tx.flavor.count({ where: { ...usableFlavors(tenant.id), gpus: { gt: 0 } } })) > 0;
}
