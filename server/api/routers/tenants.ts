import { Label } from "../../../agents/protocol/ids.ts";
import { attestTenant } from "../../services/attest/attest.ts";
import { tenantAudit } from "../../services/audit/list.ts";
import { AuditCursor, AuditFilter } from "../../services/audit/schemas.ts";
import { AddTenantMapping, FindGroups, RemoveMapping } from "../../services/directory/schemas.ts";
import { tenantHome } from "../../services/tenants/home.ts";
import { addTenantMapping, findTenantGroups, removeTenantMapping, tenantMappings } from "../../services/tenants/mappings.ts";
import { tenantUsage } from "../../services/tenants/people.ts";
import { setPersonLimits } from "../../services/tenants/person-limits.ts";
import { TenantRoster, tenantRoster } from "../../services/tenants/roster.ts";
import { PersonLimits } from "../../services/tenants/schemas.ts";
import { tenantSegments } from "../../services/tenants/segments.ts";
import { router, tenantProcedure } from "../trpc.ts";

export const tenantsRouter = router({
  home: tenantProcedure("member").query(({ ctx }) => tenantHome(ctx.call)),
  segments: tenantProcedure("member").query(({ ctx }) => tenantSegments(ctx.call)),
  attestation: tenantProcedure("admin").query(({ ctx }) => attestTenant(ctx.call)),
  people: tenantProcedure("admin").query(({ ctx }) => tenantUsage(ctx.call)),
  roster: tenantProcedure("admin")
    .input(TenantRoster)
    .query(({ ctx, input }) => tenantRoster(ctx.call, input)),
  mappings: tenantProcedure("admin").query(({ ctx }) => tenantMappings(ctx.call)),
  groups: tenantProcedure("admin")
    .input(FindGroups)
    .query(({ ctx, input }) => findTenantGroups(ctx.call, input)),
  addMapping: tenantProcedure("admin")
    .input(AddTenantMapping)
    .mutation(({ ctx, input }) => addTenantMapping(ctx.call, input)),
  removeMapping: tenantProcedure("admin")
    .input(RemoveMapping)
    .mutation(({ ctx, input }) => removeTenantMapping(ctx.call, input)),
  setPersonLimits: tenantProcedure("admin")
    .input(PersonLimits)
    .mutation(({ ctx, input }) => setPersonLimits(ctx.call, input)),
  audit: tenantProcedure("admin")
    .input(AuditFilter.extend({ tenant: Label, cursor: AuditCursor.optional() }))
    .query(({ ctx, input }) => tenantAudit(ctx.call, input)),
});
