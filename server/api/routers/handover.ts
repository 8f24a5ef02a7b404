import { createHandover } from "../../services/handover/create.ts";
import { lookHandover } from "../../services/handover/look.ts";
import { CreateHandover, EndpointRef } from "../../services/handover/schemas.ts";
import { router, selfProcedure } from "../trpc.ts";

/** Opening a service in the browser. Whose cluster it is decides the service; a foreign one is not found. */
export const handoverRouter = router({
  look: selfProcedure.input(EndpointRef).query(({ ctx, input }) => lookHandover({ ctx: ctx.call, input })),
  create: selfProcedure.input(CreateHandover).mutation(({ ctx, input }) => createHandover({ ctx: ctx.call, input })),
});
