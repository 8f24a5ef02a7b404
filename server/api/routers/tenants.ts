import { z } from "zod";
import { Label } from "../../../agents/protocol/ids.ts";
import { AuditCursor, listAudit } from "../../services/audit/list.ts";
import { tenantHome } from "../../services/tenants/home.ts";
import { tenantSegments } from "../../services/tenants/segments.ts";
import { router, tenantProcedure } from "../trpc.ts";

export const tenantsRouter = router({
  home: tenantProcedure("member").query(({ ctx }) => tenantHome(ctx.call)),
  segments: tenantProcedure("member").query(({ ctx }) => tenantSegments(ctx.call)),
  audit: tenantProcedure("admin")
    .input(z.object({ tenant: Label, cursor: AuditCursor }))
    .query(({ ctx, input }) => listAudit(ctx.call, ctx.call.tenant.id, input.cursor)),
});
