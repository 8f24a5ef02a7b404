import { createHandover } from "../../services/handover/create.ts";
import { lookHandover } from "../../services/handover/look.ts";
import { CreateHandover, EndpointRef } from "../../services/handover/schemas.ts";
import { router, selfProcedure } from "../trpc.ts";

/** Logins on their way to a service's origin: links carry only the cluster, so the service finds the tenant and checks the person's place in it. */
export const handoverRouter = router({
  look: selfProcedure.input(EndpointRef).query(({ ctx, input }) => lookHandover({ ctx: ctx.call, input })),
  create: selfProcedure
    .meta({ needs: "use" })
    .input(CreateHandover)
    .mutation(({ ctx, input }) => createHandover({ ctx: ctx.call, input })),
});
