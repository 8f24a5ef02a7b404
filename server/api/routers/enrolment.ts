import { z } from "zod";
import { Id } from "../../../agents/protocol/ids.ts";
import { addHost, enrolAgain, pendingInvitations, withdrawInvitation } from "../../services/hosts/enrol-create.ts";
import { revokeHost } from "../../services/hosts/enrol-revoke.ts";
import { AddHost, HostName, RevokeHost } from "../../services/hosts/enrol-schemas.ts";
import { router, siteProcedure } from "../trpc.ts";

/** How machines become hosts, and cease to be trusted. */
export const enrolmentRouter = router({
  pending: siteProcedure.query(({ ctx }) => pendingInvitations(ctx.call)),
  add: siteProcedure.input(AddHost).mutation(({ ctx, input }) => addHost(ctx.call, input)),
  again: siteProcedure.input(HostName).mutation(({ ctx, input }) => enrolAgain(ctx.call, input)),
  withdraw: siteProcedure.input(z.object({ id: Id })).mutation(({ ctx, input }) => withdrawInvitation(ctx.call, input)),
  revoke: siteProcedure.input(RevokeHost).mutation(({ ctx, input }) => revokeHost(ctx.call, input)),
});
