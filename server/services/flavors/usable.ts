import type { Prisma } from "../../db/generated/client.ts";

/** Prisma's condition for the flavors that a tenant's new clusters may have: offered, and everybody's or kept for this tenant among others. */
export function usableFlavors(tenantId: string) {
  return { retired: false, OR: [{ restricted: false }, { tenants: { some: { tenantId } } }] } satisfies Prisma.FlavorWhereInput;
}
