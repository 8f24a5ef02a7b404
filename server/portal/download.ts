import type { IncomingMessage } from "node:http";
import { pipeline } from "node:stream/promises";
import { Id } from "../../agents/protocol/ids.ts";
import { publicError } from "../api/errors.ts";
import type { Actor } from "../auth/actor.ts";
import { powerRefusal } from "../auth/power.ts";
import { UserError } from "../errors.ts";
import { log } from "../log.ts";
import { auditRefusal } from "../services/audit/refusal.ts";
import { notebooks, notebooksOf } from "../services/volumes/archive.ts";
import { counter, whileAllowed } from "./long-answer.ts";
import type { Parts } from "./parts.ts";
import { type Route, sendJson } from "./server.ts";

const pattern = /^\/api\/clusters\/([^/]+)\/notebooks\.tar$/;
/** Each holds a process on a host for as long as it lasts. */
const mostEach = 2;

/** GET /api/clusters/<id>/notebooks.tar: the notebooks on the master's /data, as they are now. */
export function download(parts: Parts): Route {
  const { deps } = parts;
  const running = counter(mostEach, `You have ${mostEach} downloads going, the most at a time. Wait for one, or cancel it.`);
  return async (request, response, path) => {
    const asked = pattern.exec(path)?.[1];
    if (asked === undefined) return false;
    if (request.method !== "GET") {
      sendJson(response, 405, { message: "This address is for downloads only." });
      return true;
    }
    const id = Id.safeParse(asked).data ?? "";
    const leave = new AbortController();
    response.once("close", () => leave.abort());
    let actor: Actor | null = null;
    try {
      actor = await caller(parts, request);
      const end = running(actor.userId);
      try {
        const { name, stream } = await notebooks({ ...deps, actor }, id, leave.signal);
        response.writeHead(200, {
          "content-type": "application/x-tar",
          "content-disposition": `attachment; filename="${name}"`,
          "cache-control": "no-store",
        });
        const stop = whileAllowed(response, async () => void (await notebooksOf({ ...deps, actor: await caller(parts, request) }, id)));
        await pipeline(stream, response).finally(stop);
      } finally {
        end();
      }
    } catch (error) {
      if (actor && !response.headersSent)
        await auditRefusal({ ...deps, actor }, { path: "clusters.notebooks", input: { clusterId: asked }, cause: error, tenant: null });
      const { kind, message, unexpected } = publicError(error);
      if (unexpected && !leave.signal.aborted) log.error({ err: error, path }, "download");
      // Half a file cannot be taken back: the broken connection says that it is not whole.
      if (response.headersSent) response.destroy();
      else sendJson(response, statuses[kind] ?? 500, { message });
    }
    return true;
  };
}

/** Who asks, as they are now. @throws UserError for nobody, and for a token that is not good for it */
async function caller({ authenticate, addressOf }: Parts, request: IncomingMessage): Promise<Actor> {
  const { authorization, cookie } = request.headers;
  const actor = await authenticate({ authorization, cookie }, addressOf(request));
  if (!actor) throw new UserError("not_signed_in", "You are not signed in, or your session has ended. Sign in and try again.");
  const words = powerRefusal(actor.power, { scope: "use", account: false });
  if (words) throw new UserError("forbidden", words);
  return actor;
}

const statuses: Partial<Record<string, number>> = { not_signed_in: 401, forbidden: 403, not_found: 404, unavailable: 503, conflict: 409 };
