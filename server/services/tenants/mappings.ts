import type { z } from "zod";
import type { TenantCtx } from "../context.ts";
import { addMapping, findGroups, listMappings, removeMapping } from "../directory/mappings.ts";
import type { AddTenantMapping, MadeMapping, MappingView } from "../directory/schemas.ts";

// What a tenant's administrators do about groups: the site's own way, with the tenant that they were let into and no other.

/** Which group gives which role in the tenant. */
export function tenantMappings(ctx: TenantCtx): Promise<MappingView[]> {
  return listMappings(ctx, ctx.tenant.id);
}

/** Gives the members of a group a role in the tenant. @throws UserError conflict */
export function addTenantMapping(ctx: TenantCtx, { group, role, anyway }: z.output<typeof AddTenantMapping>): Promise<MadeMapping> {
  return addMapping(ctx, { group, role, anyway, tenant: ctx.tenant.slug }, true);
}

/**
 * Takes a role in the tenant away from a group's members.
 * @throws UserError not_found for another tenant's; conflict for the last one that gives administrators
 */
export function removeTenantMapping(ctx: TenantCtx, { id }: { id: string }): Promise<{ id: string }> {
  return removeMapping(ctx, { id }, ctx.tenant.id);
}

export function findTenantGroups(ctx: TenantCtx, input: { text: string }): Promise<string[]> {
  return findGroups(ctx, input);
}
