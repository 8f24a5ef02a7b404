import type { Prisma } from "../../db/generated/client.ts";

/** Prisma's condition for the distributions that a tenant's new clusters may have: offered, and on its list if it has one. */
export function usableDistributions(tenant: { id: string; distributionsLimited: boolean }) {
  const listed = tenant.distributionsLimited ? { tenants: { some: { tenantId: tenant.id } } } : {};
  return { retired: false, ...listed } satisfies Prisma.DistributionWhereInput;
}
