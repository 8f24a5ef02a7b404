import { attestSite } from "../../services/attest/attest.ts";
import { siteAudit } from "../../services/audit/list.ts";
import { AuditCursor, SiteAuditFilter, VerifyAudit } from "../../services/audit/schemas.ts";
import { chainHead, verifyAudit } from "../../services/audit/verify.ts";
import { BuildImage, buildImage } from "../../services/site/build-image.ts";
import { siteHosts } from "../../services/site/hosts.ts";
import { siteImages } from "../../services/site/images.ts";
import { siteOverview } from "../../services/site/overview.ts";
import { SiteSettings, setSiteSettings, siteSettings } from "../../services/site/settings.ts";
import { siteTenants } from "../../services/tenants/site-list.ts";
import { ListSiteVolumes, listSiteVolumes } from "../../services/volumes/list.ts";
import { router, siteProcedure } from "../trpc.ts";

export const siteRouter = router({
  attestation: siteProcedure.query(({ ctx }) => attestSite(ctx.call)),
  overview: siteProcedure.query(({ ctx }) => siteOverview(ctx.call)),
  hosts: siteProcedure.query(({ ctx }) => siteHosts(ctx.call)),
  buildImage: siteProcedure.input(BuildImage).mutation(({ ctx, input }) => buildImage(ctx.call, input)),
  images: siteProcedure.query(({ ctx }) => siteImages(ctx.call)),
  settings: siteProcedure.query(({ ctx }) => siteSettings(ctx.call)),
  setSettings: siteProcedure.input(SiteSettings).mutation(({ ctx, input }) => setSiteSettings(ctx.call, input)),
  tenants: siteProcedure.query(({ ctx }) => siteTenants(ctx.call)),
  volumes: siteProcedure.input(ListSiteVolumes).query(({ ctx, input }) => listSiteVolumes(ctx.call, input)),
  audit: siteProcedure
    .input(SiteAuditFilter.extend({ cursor: AuditCursor.optional() }))
    .query(({ ctx, input }) => siteAudit(ctx.call, input)),
  auditHead: siteProcedure.query(({ ctx }) => chainHead(ctx.call)),
  verifyAudit: siteProcedure.input(VerifyAudit).query(({ ctx, input }) => verifyAudit(ctx.call, input)),
});
