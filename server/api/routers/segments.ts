import { createSegment } from "../../services/segments/create.ts";
import { deleteSegment } from "../../services/segments/delete.ts";
import { editSegment } from "../../services/segments/edit.ts";
import { listSegments } from "../../services/segments/list.ts";
import { CreateSegment, DeleteSegment, EditSegment } from "../../services/segments/schemas.ts";
import { router, siteProcedure } from "../trpc.ts";

export const segmentsRouter = router({
  list: siteProcedure.query(({ ctx }) => listSegments(ctx.call)),
  create: siteProcedure.input(CreateSegment).mutation(({ ctx, input }) => createSegment(ctx.call, input)),
  edit: siteProcedure.input(EditSegment).mutation(({ ctx, input }) => editSegment(ctx.call, input)),
  delete: siteProcedure.input(DeleteSegment).mutation(({ ctx, input }) => deleteSegment(ctx.call, input)),
});
