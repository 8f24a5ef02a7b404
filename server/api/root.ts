import { clustersRouter } from "./routers/clusters.ts";
import { handoverRouter } from "./routers/handover.ts";
import { meRouter } from "./routers/me.ts";
import { tenantsRouter } from "./routers/tenants.ts";
import { createCallerFactory, router } from "./trpc.ts";

/** Every procedure of the platform. Each says by its builder whose data it touches. */
export const appRouter = router({
  me: meRouter,
  tenants: tenantsRouter,
  clusters: clustersRouter,
  handover: handoverRouter,
});

export type AppRouter = typeof appRouter;

export const createCaller = createCallerFactory(appRouter);
export type Caller = ReturnType<typeof createCaller>;
