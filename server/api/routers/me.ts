import { z } from "zod";
import { Id } from "../../../agents/protocol/ids.ts";
import { getMe } from "../../services/me/get.ts";
import { listSessions } from "../../services/sessions/list.ts";
import { endOtherSessions, endSession } from "../../services/sessions/revoke.ts";
import { CreateToken, createToken } from "../../services/tokens/create.ts";
import { listTokens } from "../../services/tokens/list.ts";
import { endThisToken, revokeToken } from "../../services/tokens/revoke.ts";
import { accountProcedure, router, selfProcedure } from "../trpc.ts";

const ById = z.object({ id: Id });

export const meRouter = router({
  get: selfProcedure.query(({ ctx }) => getMe(ctx.call)),
  sessions: accountProcedure.query(({ ctx }) => listSessions(ctx.call)),
  revokeSession: accountProcedure.input(ById).mutation(({ ctx, input }) => endSession(ctx.call, input)),
  endOtherSessions: accountProcedure.mutation(({ ctx }) => endOtherSessions(ctx.call)),
  tokens: accountProcedure.query(({ ctx }) => listTokens(ctx.call)),
  createToken: accountProcedure.input(CreateToken).mutation(({ ctx, input }) => createToken(ctx.call, input)),
  revokeToken: accountProcedure.input(ById).mutation(({ ctx, input }) => revokeToken(ctx.call, input)),
  /** Every token may end itself, whatever it is good for. */
  endThisToken: selfProcedure.meta({ needs: "read" }).mutation(({ ctx }) => endThisToken(ctx.call)),
});
