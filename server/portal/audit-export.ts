import { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import { publicError } from "../api/errors.ts";
import { atLeast, scopeOf } from "../auth/can.ts";
import { notFound, UserError } from "../errors.ts";
import { log } from "../log.ts";
import { ExportFormat, exportAudit } from "../services/audit/export.ts";
import { auditRefusal } from "../services/audit/refusal.ts";
import type { ActorCtx } from "../services/context.ts";
import { counter, whileAllowed } from "./long-answer.ts";
import type { Parts } from "./parts.ts";
import { type Route, sendJson } from "./server.ts";

const pattern = /^\/api\/(?:site|t\/([^/]+))\/audit\.(csv|jsonl)$/;
/** Each holds a thousand rows in the portal for as long as it is not read. */
const mostEach = 2;

/** The tenant whose trail the person may see. Whoever has no business there does not learn that it exists. */
async function tenantOf(ctx: ActorCtx, slug: string) {
  const row = await ctx.db.tenant.findUnique({ where: { slug } });
  const scope = row ? scopeOf(ctx.actor, row) : null;
  const cause = !scope
    ? notFound("tenant")
    : atLeast(scope, "admin")
      ? null
      : new UserError("forbidden", "This is for administrators of the tenant.");
  if (scope && !cause) return scope;
  await auditRefusal(ctx, { path: "audit.export", input: { tenant: slug }, cause, tenant: row, stranger: true, looking: true });
  throw cause;
}

/** GET /api/site/audit.csv, /api/t/<tenant>/audit.jsonl …: the trail as a file, with the page's filters as parameters. */
export function auditExport({ deps, authenticate, addressOf }: Parts): Route {
  const running = counter(mostEach, `You have ${mostEach} exports going, the most at a time. Wait for one, or cancel it.`);
  return async (request, response, path) => {
    const [matched, slug, ending] = pattern.exec(path) ?? [];
    if (matched === undefined) return false;
    if (request.method !== "GET") {
      sendJson(response, 405, { message: "This address is for downloads only." });
      return true;
    }
    let left = false;
    response.once("close", () => {
      left = true;
    });
    const context = async (): Promise<ActorCtx> => {
      const { authorization, cookie } = request.headers;
      const actor = await authenticate({ authorization, cookie }, addressOf(request));
      if (!actor) throw new UserError("not_signed_in", "You are not signed in, or your session has ended. Sign in and try again.");
      return { ...deps, actor };
    };
    try {
      const ctx = await context();
      if (slug === undefined && !ctx.actor.siteAdmin) {
        const cause = notFound("page");
        await auditRefusal(ctx, { path: "audit.export", input: {}, cause, tenant: null, stranger: true, looking: true });
        throw cause;
      }
      const tenant = slug === undefined ? null : await tenantOf(ctx, slug);
      const end = running(ctx.actor.userId);
      try {
        const query = Object.fromEntries(new URL(request.url ?? "/", "http://kindling.invalid").searchParams);
        const made = await exportAudit(ctx, tenant, ExportFormat.parse(ending), query);
        response.writeHead(200, {
          "content-type": made.type,
          "content-disposition": `attachment; filename="${made.filename}"`,
          "cache-control": "no-store",
        });
        const stop = whileAllowed(response, async () => {
          const now = await context();
          if (slug !== undefined) await tenantOf(now, slug);
          else if (!now.actor.siteAdmin) throw notFound("page");
        });
        await pipeline(Readable.from(made.lines), response).finally(stop);
      } finally {
        end();
      }
    } catch (error) {
      const { kind, message, unexpected } = publicError(error);
      if (unexpected && !left) log.error({ err: error, path }, "audit.export");
      // Half a file cannot be taken back: the broken connection says that it is not whole.
      if (response.headersSent) response.destroy();
      else sendJson(response, statuses[kind] ?? 500, { kind, message });
    }
    return true;
  };
}

const statuses: Partial<Record<string, number>> = {
  bad_request: 400,
  not_signed_in: 401,
  forbidden: 403,
  not_found: 404,
  conflict: 409,
  unavailable: 503,
};
