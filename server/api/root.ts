import { accountsRouter } from "./routers/accounts.ts";
import { authRouter } from "./routers/auth.ts";
import { catalogueRouter } from "./routers/catalogue.ts";
import { clustersRouter } from "./routers/clusters.ts";
import { directoryRouter } from "./routers/directory.ts";
import { enrolmentRouter } from "./routers/enrolment.ts";
import { handoverRouter } from "./routers/handover.ts";
import { hostsRouter } from "./routers/hosts.ts";
import { meRouter } from "./routers/me.ts";
import { metricsRouter } from "./routers/metrics.ts";
import { segmentsRouter } from "./routers/segments.ts";
import { siteRouter } from "./routers/site.ts";
import { siteFlavorsRouter } from "./routers/site-flavors.ts";
import { siteTenantsRouter } from "./routers/site-tenants.ts";
import { tenantsRouter } from "./routers/tenants.ts";
import { volumesRouter } from "./routers/volumes.ts";
import { createCallerFactory, router } from "./trpc.ts";

/** Every procedure of the platform. Each says by its builder whose data it touches. */
export const appRouter = router({
  auth: authRouter,
  me: meRouter,
  tenants: tenantsRouter,
  accounts: accountsRouter,
  clusters: clustersRouter,
  volumes: volumesRouter,
  catalogue: catalogueRouter,
  handover: handoverRouter,
  site: siteRouter,
  siteTenants: siteTenantsRouter,
  siteFlavors: siteFlavorsRouter,
  hosts: hostsRouter,
  segments: segmentsRouter,
  enrolment: enrolmentRouter,
  metrics: metricsRouter,
  directory: directoryRouter,
});

export type AppRouter = typeof appRouter;

export const createCaller = createCallerFactory(appRouter);
export type Caller = ReturnType<typeof createCaller>;
