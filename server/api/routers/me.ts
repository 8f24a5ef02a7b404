import { getMe } from "../../services/me/get.ts";
import { router, selfProcedure } from "../trpc.ts";

export const meRouter = router({
  get: selfProcedure.query(({ ctx }) => getMe(ctx.call)),
});
