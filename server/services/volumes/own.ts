import type { TenantCtx } from "../context.ts";

/**
 * Prisma's condition for the volumes that somebody may see, use and delete in a tenant: their own; every one for its administrators. Others
 * do not exist for them.
 */
export function ownVolumes({ tenant, actor }: TenantCtx): { tenantId: string; ownerId?: string } {
  return tenant.role === "member" ? { tenantId: tenant.id, ownerId: actor.userId } : { tenantId: tenant.id };
}
