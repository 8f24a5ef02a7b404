import { SignInForToken, signInForToken } from "../../services/tokens/sign-in.ts";
import { publicProcedure, router } from "../trpc.ts";

export const authRouter = router({
  /** For the terminal: a password for a personal token. Pages sign in through NextAuth. */
  token: publicProcedure.input(SignInForToken).mutation(({ ctx, input }) => signInForToken(ctx.deps, ctx.signIn, input, ctx.ip)),
});
