import { siteChanges } from "../../services/hosts/changed.ts";
import { configureHost } from "../../services/hosts/configure.ts";
import { getHost } from "../../services/hosts/get.ts";
import { declareLost } from "../../services/hosts/lost.ts";
import { activateHost, cordonHost, drainHost, maintainHost } from "../../services/hosts/mode.ts";
import { removeHost } from "../../services/hosts/remove.ts";
import { ConfigureHost, ConfirmHost, DrainHost, HostRef } from "../../services/hosts/schemas.ts";
import { topology } from "../../services/hosts/topology.ts";
import { siteHosts } from "../../services/site/hosts.ts";
import { router, siteProcedure } from "../trpc.ts";

export const hostsRouter = router({
  list: siteProcedure.query(({ ctx }) => siteHosts(ctx.call)),
  get: siteProcedure.input(HostRef).query(({ ctx, input }) => getHost(ctx.call, input)),
  changed: siteProcedure.subscription(({ ctx, signal }) => siteChanges(ctx.changes.subscribe(signal ?? new AbortController().signal))),
  topology: siteProcedure.query(({ ctx }) => topology(ctx.call)),
  cordon: siteProcedure.input(HostRef).mutation(({ ctx, input }) => cordonHost(ctx.call, input)),
  activate: siteProcedure.input(HostRef).mutation(({ ctx, input }) => activateHost(ctx.call, input)),
  maintenance: siteProcedure.input(HostRef).mutation(({ ctx, input }) => maintainHost(ctx.call, input)),
  drain: siteProcedure.input(DrainHost).mutation(({ ctx, input }) => drainHost(ctx.call, input)),
  configure: siteProcedure.input(ConfigureHost).mutation(({ ctx, input }) => configureHost(ctx.call, input)),
  declareLost: siteProcedure.input(ConfirmHost).mutation(({ ctx, input }) => declareLost(ctx.call, input)),
  remove: siteProcedure.input(ConfirmHost).mutation(({ ctx, input }) => removeHost(ctx.call, input)),
});
