import { z } from "zod";
import { Id } from "../../../agents/protocol/ids.ts";
import { getMe } from "../../services/me/get.ts";
import { listSessions } from "../../services/sessions/list.ts";
import { endSession } from "../../services/sessions/revoke.ts";
import { CreateToken, createToken } from "../../services/tokens/create.ts";
import { listTokens } from "../../services/tokens/list.ts";
import { revokeToken } from "../../services/tokens/revoke.ts";
import { router, selfProcedure } from "../trpc.ts";

const ById = z.object({ id: Id });

export const meRouter = router({
  get: selfProcedure.query(({ ctx }) => getMe(ctx.call)),
  sessions: selfProcedure.query(({ ctx }) => listSessions(ctx.call)),
  revokeSession: selfProcedure.input(ById).mutation(({ ctx, input }) => endSession(ctx.call, input)),
  tokens: selfProcedure.query(({ ctx }) => listTokens(ctx.call)),
  createToken: selfProcedure.input(CreateToken).mutation(({ ctx, input }) => createToken(ctx.call, input)),
  revokeToken: selfProcedure.input(ById).mutation(({ ctx, input }) => revokeToken(ctx.call, input)),
});
