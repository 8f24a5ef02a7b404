import { z } from "zod";
import { Id } from "../../../agents/protocol/ids.ts";
import { addHost, enrolAgain, pendingInvitations, withdrawInvitation } from "../../services/hosts/enrol-create.ts";
import { enrolObstacle } from "../../services/hosts/enrol-info.ts";
import { revokeHost } from "../../services/hosts/enrol-revoke.ts";
import { AddHost } from "../../services/hosts/enrol-schemas.ts";
import { ConfirmHost, HostRef } from "../../services/hosts/schemas.ts";
import { router, siteProcedure } from "../trpc.ts";

/** How machines become hosts, and cease to be trusted. */
export const enrolmentRouter = router({
  /** Asked before the form is filled in. */
  obstacle: siteProcedure.query(({ ctx }) => enrolObstacle(ctx.call.env)),
  pending: siteProcedure.query(({ ctx }) => pendingInvitations(ctx.call)),
  add: siteProcedure.input(AddHost).mutation(({ ctx, input }) => addHost(ctx.call, input)),
  again: siteProcedure.input(HostRef).mutation(({ ctx, input }) => enrolAgain(ctx.call, input)),
  withdraw: siteProcedure.input(z.object({ id: Id })).mutation(({ ctx, input }) => withdrawInvitation(ctx.call, input)),
  revoke: siteProcedure.input(ConfirmHost).mutation(({ ctx, input }) => revokeHost(ctx.call, input)),
});
