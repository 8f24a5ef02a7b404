import { DeleteVolume, deleteVolume } from "../../services/volumes/delete.ts";
import { listVolumes } from "../../services/volumes/list.ts";
import { router, tenantProcedure } from "../trpc.ts";

const member = tenantProcedure("member");

export const volumesRouter = router({
  list: member.query(({ ctx }) => listVolumes(ctx.call)),
  delete: member.input(DeleteVolume).mutation(({ ctx, input }) => deleteVolume(ctx.call, input)),
});
