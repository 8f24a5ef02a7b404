import { createFlavor } from "../../services/flavors/create.ts";
import { deleteFlavor } from "../../services/flavors/delete.ts";
import { editFlavor } from "../../services/flavors/edit.ts";
import { retireFlavor } from "../../services/flavors/retire.ts";
import { CreateFlavor, DeleteFlavor, EditFlavor, RetireFlavor } from "../../services/flavors/schemas.ts";
import { siteFlavors } from "../../services/flavors/site-list.ts";
import { router, siteProcedure } from "../trpc.ts";

/** The sizes of nodes, as the site's administrators see them. */
export const siteFlavorsRouter = router({
  list: siteProcedure.query(({ ctx }) => siteFlavors(ctx.call)),
  create: siteProcedure.input(CreateFlavor).mutation(({ ctx, input }) => createFlavor(ctx.call, input)),
  edit: siteProcedure.input(EditFlavor).mutation(({ ctx, input }) => editFlavor(ctx.call, input)),
  retire: siteProcedure.input(RetireFlavor).mutation(({ ctx, input }) => retireFlavor(ctx.call, input)),
  delete: siteProcedure.input(DeleteFlavor).mutation(({ ctx, input }) => deleteFlavor(ctx.call, input)),
});
