import { pipeline } from "node:stream/promises";
import { Id } from "../../agents/protocol/ids.ts";
import { publicError } from "../api/errors.ts";
import type { Actor } from "../auth/actor.ts";
import { powerRefusal } from "../auth/power.ts";
import { UserError } from "../errors.ts";
import { log } from "../log.ts";
import { auditRefusal } from "../services/audit/refusal.ts";
import { notebooks } from "../services/volumes/archive.ts";
import type { Parts } from "./parts.ts";
import { type Route, sendJson } from "./server.ts";

const pattern = /^\/api\/clusters\/([^/]+)\/notebooks\.tar$/;

/** GET /api/clusters/<id>/notebooks.tar: the notebooks on the master's /data, as they are now. */
export function download({ deps, authenticate, addressOf }: Parts): Route {
  return async (request, response, path) => {
    const id = pattern.exec(path)?.[1];
    if (id === undefined) return false;
    if (request.method !== "GET") {
      sendJson(response, 405, { message: "This address is for downloads only." });
      return true;
    }
    const leave = new AbortController();
    response.once("close", () => leave.abort());
    let actor: Actor | null = null;
    try {
      const { authorization, cookie } = request.headers;
      actor = await authenticate({ authorization, cookie }, addressOf(request));
      if (!actor) throw new UserError("not_signed_in", "You are not signed in, or your session has ended. Sign in and try again.");
      const words = powerRefusal(actor.power, { scope: "use", account: false });
      if (words) throw new UserError("forbidden", words);
      const parsed = Id.safeParse(id);
      const { name, stream } = await notebooks({ ...deps, actor }, parsed.success ? parsed.data : "", leave.signal);
      response.writeHead(200, {
        "content-type": "application/x-tar",
        "content-disposition": `attachment; filename="${name}"`,
        "cache-control": "no-store",
      });
      await pipeline(stream, response);
    } catch (error) {
      if (actor && !response.headersSent)
        await auditRefusal({ ...deps, actor }, { path: "clusters.notebooks", input: { clusterId: id }, cause: error, tenant: null });
      const { kind, message, unexpected } = publicError(error);
      if (unexpected && !leave.signal.aborted) log.error({ err: error, path }, "download");
      // Half a file cannot be taken back: the broken connection says that it is not whole.
      if (response.headersSent) response.destroy();
      else sendJson(response, statuses[kind] ?? 500, { message });
    }
    return true;
  };
}

const statuses: Partial<Record<string, number>> = { not_signed_in: 401, forbidden: 403, not_found: 404, unavailable: 503, conflict: 409 };
