import { z } from "zod";
import { Label } from "../../../agents/protocol/ids.ts";
import { imageLog } from "../../services/distributions/image-log.ts";
import { listDistributions } from "../../services/distributions/list.ts";
import { listFlavors } from "../../services/flavors/list.ts";
import { router, tenantProcedure } from "../trpc.ts";

const member = tenantProcedure("member");

export const catalogueRouter = router({
  flavors: member.query(({ ctx }) => listFlavors(ctx.call)),
  distributions: member.query(({ ctx }) => listDistributions(ctx.call)),
  imageLog: member
    .input(z.object({ tenant: Label, distribution: Label }))
    .query(({ ctx, input }) => imageLog(ctx.call, input.distribution)),
});
