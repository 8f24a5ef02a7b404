import { Label } from "../../../agents/protocol/ids.ts";
import { attestTenant } from "../../services/attest/attest.ts";
import { tenantAudit } from "../../services/audit/list.ts";
import { AuditCursor, AuditFilter } from "../../services/audit/schemas.ts";
import { tenantHome } from "../../services/tenants/home.ts";
import { tenantUsage } from "../../services/tenants/people.ts";
import { setPersonLimits } from "../../services/tenants/person-limits.ts";
import { PersonLimits } from "../../services/tenants/schemas.ts";
import { tenantSegments } from "../../services/tenants/segments.ts";
import { router, tenantProcedure } from "../trpc.ts";

export const tenantsRouter = router({
  home: tenantProcedure("member").query(({ ctx }) => tenantHome(ctx.call)),
  segments: tenantProcedure("member").query(({ ctx }) => tenantSegments(ctx.call)),
  attestation: tenantProcedure("admin").query(({ ctx }) => attestTenant(ctx.call)),
  people: tenantProcedure("admin").query(({ ctx }) => tenantUsage(ctx.call)),
  setPersonLimits: tenantProcedure("admin")
    .input(PersonLimits)
    .mutation(({ ctx, input }) => setPersonLimits(ctx.call, input)),
  audit: tenantProcedure("admin")
    .input(AuditFilter.extend({ tenant: Label, cursor: AuditCursor.optional() }))
    .query(({ ctx, input }) => tenantAudit(ctx.call, input)),
});
