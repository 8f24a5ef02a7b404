import { tenantHome } from "../../services/tenants/home.ts";
import { router, tenantProcedure } from "../trpc.ts";

export const tenantsRouter = router({
  home: tenantProcedure("member").query(({ ctx }) => tenantHome(ctx.call)),
});
