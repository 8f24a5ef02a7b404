import { initTRPC, TRPCError } from "@trpc/server";
import superjson from "superjson";
import { z } from "zod";
import { Label } from "../../agents/protocol/ids.ts";
import type { Actor, TenantScope } from "../auth/actor.ts";
import { atLeast, scopeOf } from "../auth/can.ts";
import { powerRefusal, type TokenScope } from "../auth/power.ts";
import { notFound, UserError } from "../errors.ts";
import { log } from "../log.ts";
import { auditRefusal } from "../services/audit/refusal.ts";
import type { ActorCtx, Deps } from "../services/context.ts";
import type { SignIn } from "../services/tokens/sign-in.ts";
import type { ChangeFeed } from "./changes.ts";
import { publicError } from "./errors.ts";
import { checkPlain } from "./plain-text.ts";

export interface ApiContext {
  deps: Deps;
  changes: ChangeFeed;
  /** Checks a password, for the one procedure that takes one. */
  signIn: SignIn;
  actor: Actor | null;
  /** Address of the connection. */
  ip: string | null;
  /** The caller came with a socket: who they are was settled when it was opened, so it carries subscriptions alone. */
  socket?: boolean;
}

export type Scope = "public" | "self" | "tenant-member" | "tenant-admin" | "site";

interface Meta {
  /** Whose data it touches; each builder below says it. */
  scope?: Scope;
  /** What a token has to be good for, where it is not "read" for what only shows and "manage" for what changes. */
  needs?: TokenScope;
  /** It touches the person's account: not for tokens of one tenant. */
  account?: true;
  /** It only takes access away, which is right also while the tenant is closed. */
  takesAway?: true;
}

const t = initTRPC
  .context<ApiContext>()
  .meta<Meta>()
  .create({
    transformer: superjson,
    isDev: false,
    errorFormatter({ shape, error }) {
      const { kind, field, message } = publicError(error);
      return { ...shape, message, data: { code: shape.data.code, httpStatus: shape.data.httpStatus, path: shape.data.path, kind, field } };
    },
    sse: { enabled: false },
  });

export const router = t.router;
export const createCallerFactory = t.createCallerFactory;

/** Turns whatever a service throws into the API's error, and writes one line per call that changes something or fails. */
const mapErrors = t.middleware(async ({ next, path, type, ctx }) => {
  const started = performance.now();
  const result = await next();
  const ms = Math.round(performance.now() - started);
  const who = ctx.actor?.username ?? null;
  if (result.ok) {
    if (type === "mutation") log.info({ path, who, ms, outcome: "ok" }, "api");
    return result;
  }
  const { code, kind, unexpected } = publicError(result.error);
  if (unexpected) log.error({ path, who, ms, outcome: kind, err: result.error.cause ?? result.error }, "api");
  else log.info({ path, who, ms, outcome: kind }, "api");
  throw new TRPCError({ code, message: publicError(result.error).message, cause: result.error.cause ?? result.error });
});

const plainText = t.middleware(async ({ next, getRawInput }) => {
  checkPlain(await getRawInput());
  return next();
});

/** What asks or changes something comes by HTTP, where everybody is who they are at that moment. */
const byItsOwnWay = t.middleware(({ next, ctx, type }) => {
  if (ctx.socket && type !== "subscription") throw new UserError("bad_request", "A socket is for subscriptions. Send this one by HTTP.");
  return next();
});

const base = t.procedure.use(mapErrors).use(byItsOwnWay).use(plainText);

/** The one place where a token's scope is enforced. */
const signedIn = t.middleware(async ({ ctx, next, meta, path, type, getRawInput }) => {
  if (!ctx.actor) throw new UserError("not_signed_in", "You are not signed in, or your session has ended. Sign in and try again.");
  const call = { ...ctx.deps, actor: ctx.actor };
  const changes = type === "mutation";
  const words = powerRefusal(ctx.actor.power, { scope: meta?.needs ?? (changes ? "manage" : "read"), account: meta?.account === true });
  if (words !== null) {
    const cause = new UserError("forbidden", words);
    const input = await getRawInput();
    const tenant = await tenantMeant(call, input);
    await auditRefusal(call, { path, input, cause, tenant, stranger: tenant === null, looking: !changes });
    throw cause;
  }
  return next({ ctx: { call } });
});

const Meant = z.object({ tenant: Label });

/** The tenant that a call is about, if whoever calls has business there. */
async function tenantMeant({ db, actor }: ActorCtx, input: unknown): Promise<TenantScope | null> {
  const meant = Meant.safeParse(input);
  const row = meant.success ? await db.tenant.findUnique({ where: { slug: meant.data.tenant } }) : null;
  return row && scopeOf(actor, row);
}

/** Touches nobody's data; for whoever is not signed in yet. */
export const publicProcedure = base.meta({ scope: "public" });

/** Touches only the caller's own account. */
export const selfProcedure = base
  .meta({ scope: "self" })
  .use(signedIn)
  .use(async ({ ctx, next, path, type, getRawInput }) => {
    const result = await next({ ctx: { call: ctx.call } });
    if (!result.ok && type === "mutation")
      await auditRefusal(ctx.call, { path, input: await getRawInput(), cause: result.error.cause, tenant: null });
    return result;
  });

/** Touches the caller's account itself: tokens, sessions. */
export const accountProcedure = selfProcedure.meta({ account: true });

/**
 * Touches one tenant's data, the one named in `input.tenant`. Whoever has no business there gets the same answer as for a tenant that
 * does not exist.
 */
export function tenantProcedure(role: "member" | "admin") {
  return base
    .meta({ scope: `tenant-${role}` })
    .use(signedIn)
    .input(z.object({ tenant: Label }))
    .use(async ({ ctx, input, next, meta, path, type, getRawInput }) => {
      const row = await ctx.deps.db.tenant.findUnique({ where: { slug: input.tenant } });
      const refuse = async (cause: UserError): Promise<never> => {
        await auditRefusal(ctx.call, {
          path,
          input: await getRawInput(),
          cause,
          tenant: row,
          stranger: true,
          looking: type !== "mutation",
        });
        throw cause;
      };
      const tenant = row ? scopeOf(ctx.call.actor, row) : null;
      if (!tenant) return refuse(notFound("tenant"));
      if (!atLeast(tenant, role)) return refuse(new UserError("forbidden", "This is for administrators of the tenant."));
      const call = { ...ctx.call, tenant };
      // Site administrators may still tidy up; what they may not do either, the services refuse under the tenant's lock.
      const shut = type === "mutation" && meta?.takesAway !== true && tenant.role !== "site-admin" ? tenant.closed : null;
      if (shut) return refuse(new UserError("forbidden", shut));
      const result = await next({ ctx: { call } });
      if (!result.ok && type === "mutation")
        await auditRefusal(call, { path, input: await getRawInput(), cause: result.error.cause, tenant });
      return result;
    });
}

/** Touches everybody's data: site administrators only. To others it does not exist. */
export const siteProcedure = base
  .meta({ scope: "site" })
  .use(signedIn)
  .use(async ({ ctx, next, path, type, getRawInput }) => {
    if (!ctx.call.actor.siteAdmin) {
      const cause = notFound("thing");
      await auditRefusal(ctx.call, { path, input: await getRawInput(), cause, tenant: null, stranger: true, looking: type !== "mutation" });
      throw cause;
    }
    const result = await next({ ctx: { call: ctx.call } });
    if (!result.ok && type === "mutation")
      await auditRefusal(ctx.call, { path, input: await getRawInput(), cause: result.error.cause, tenant: null });
    return result;
  });
