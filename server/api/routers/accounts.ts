import { z } from "zod";
import { Label } from "../../../agents/protocol/ids.ts";
import { deleteAccount, resumeAccount, setAccountRole, suspendAccount } from "../../services/accounts/change.ts";
import { createAccount } from "../../services/accounts/create.ts";
import { listAccounts } from "../../services/accounts/list.ts";
import {
  AccountRef,
  CreateAccount,
  CreateAccountToken,
  DeleteAccount,
  RevokeAccountToken,
  SetAccountRole,
} from "../../services/accounts/schemas.ts";
import { createAccountToken, revokeAccountToken } from "../../services/accounts/tokens.ts";
import { router, tenantProcedure } from "../trpc.ts";

const admin = tenantProcedure("admin");
const takes = admin.meta({ takesAway: true });

/** A tenant's service accounts: programs that act with tokens. */
export const accountsRouter = router({
  list: admin.input(z.object({ tenant: Label })).query(({ ctx }) => listAccounts(ctx.call)),
  create: admin.input(CreateAccount).mutation(({ ctx, input }) => createAccount(ctx.call, input)),
  setRole: admin.input(SetAccountRole).mutation(({ ctx, input }) => setAccountRole(ctx.call, input)),
  suspend: takes.input(AccountRef).mutation(({ ctx, input }) => suspendAccount(ctx.call, input)),
  resume: admin.input(AccountRef).mutation(({ ctx, input }) => resumeAccount(ctx.call, input)),
  delete: takes.input(DeleteAccount).mutation(({ ctx, input }) => deleteAccount(ctx.call, input)),
  createToken: admin.input(CreateAccountToken).mutation(({ ctx, input }) => createAccountToken(ctx.call, input)),
  revokeToken: takes.input(RevokeAccountToken).mutation(({ ctx, input }) => revokeAccountToken(ctx.call, input)),
});
