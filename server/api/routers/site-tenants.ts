import { createTenant } from "../../services/tenants/create.ts";
import { deleteTenant } from "../../services/tenants/delete.ts";
import { editTenant } from "../../services/tenants/edit.ts";
import { tenantHosts } from "../../services/tenants/hosts.ts";
import { CreateTenant, DeleteTenant, EditTenant, SuspendTenant, TenantRef } from "../../services/tenants/schemas.ts";
import { siteTenant, tenantChoices } from "../../services/tenants/site-get.ts";
import { siteTenants } from "../../services/tenants/site-list.ts";
import { resumeTenant, suspendTenant } from "../../services/tenants/suspend.ts";
import { router, siteProcedure } from "../trpc.ts";

/** Tenants as the site's administrators see them. */
export const siteTenantsRouter = router({
  list: siteProcedure.query(({ ctx }) => siteTenants(ctx.call)),
  get: siteProcedure.input(TenantRef).query(({ ctx, input }) => siteTenant(ctx.call, input)),
  hosts: siteProcedure.input(TenantRef).query(({ ctx, input }) => tenantHosts(ctx.call, input)),
  choices: siteProcedure.query(({ ctx }) => tenantChoices(ctx.call)),
  create: siteProcedure.input(CreateTenant).mutation(({ ctx, input }) => createTenant(ctx.call, input)),
  edit: siteProcedure.input(EditTenant).mutation(({ ctx, input }) => editTenant(ctx.call, input)),
  suspend: siteProcedure.input(SuspendTenant).mutation(({ ctx, input }) => suspendTenant(ctx.call, input)),
  resume: siteProcedure.input(TenantRef).mutation(({ ctx, input }) => resumeTenant(ctx.call, input)),
  delete: siteProcedure.input(DeleteTenant).mutation(({ ctx, input }) => deleteTenant(ctx.call, input)),
});
