import type { Parts } from "./parts.ts";
import { type Route, sendJson } from "./server.ts";

/** GET /api/health: 200 while the portal can reach its database. */
export function health({ deps }: Parts): Route {
  return async (request, response, path) => {
    if (path !== "/api/health" || request.method !== "GET") return false;
    const database = await deps.db.$queryRaw`SELECT 1`.then(
      () => true,
      () => false,
    );
    sendJson(response, database ? 200 : 503, { portal: true, database });
    return true;
  };
}
