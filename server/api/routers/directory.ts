import { addMapping, findGroups, listMappings, missingMappings, removeMapping } from "../../services/directory/mappings.ts";
import { removeMissing } from "../../services/directory/remove-missing.ts";
import { AddMapping, FindGroups, RemoveMapping, RemoveMissing, SetDirectory, TestDirectory } from "../../services/directory/schemas.ts";
import { resetDirectory, setDirectory } from "../../services/directory/set.ts";
import { showDirectory } from "../../services/directory/show.ts";
import { testDirectory } from "../../services/directory/test.ts";
import { router, siteProcedure } from "../trpc.ts";

/** Where people come from, and which of their groups gives which role. */
export const directoryRouter = router({
  show: siteProcedure.query(({ ctx }) => showDirectory(ctx.call)),
  set: siteProcedure.input(SetDirectory).mutation(({ ctx, input }) => setDirectory(ctx.call, input)),
  reset: siteProcedure.mutation(({ ctx }) => resetDirectory(ctx.call)),
  test: siteProcedure.input(TestDirectory).mutation(({ ctx, input }) => testDirectory(ctx.call, input)),
  mappings: siteProcedure.query(({ ctx }) => listMappings(ctx.call)),
  missing: siteProcedure.query(({ ctx }) => missingMappings(ctx.call)),
  addMapping: siteProcedure.input(AddMapping).mutation(({ ctx, input }) => addMapping(ctx.call, input)),
  removeMapping: siteProcedure.input(RemoveMapping).mutation(({ ctx, input }) => removeMapping(ctx.call, input)),
  removeMissing: siteProcedure.input(RemoveMissing).mutation(({ ctx, input }) => removeMissing(ctx.call, input)),
  groups: siteProcedure.input(FindGroups).query(({ ctx, input }) => findGroups(ctx.call, input)),
});
