import type { IncomingMessage, ServerResponse } from "node:http";
import { nodeHTTPRequestHandler } from "@trpc/server/adapters/node-http";
import { appRouter } from "../api/root.ts";
import type { Parts } from "./parts.ts";

/** tRPC over HTTP at /api/trpc/<procedure>. */
export async function serveApi(
  { authenticate, context, addressOf }: Parts,
  request: IncomingMessage,
  response: ServerResponse,
  path: string,
): Promise<void> {
  const { authorization, cookie } = request.headers;
  const ip = addressOf(request);
  const actor = await authenticate({ authorization, cookie }, ip);
  response.setHeader("Cache-Control", "no-store");
  await nodeHTTPRequestHandler({
    req: request,
    res: response,
    path,
    router: appRouter,
    maxBodySize: 256 * 1024,
    // Refused as a whole before anything of it is done. Pages send no larger ones: components/api/client.ts.
    maxBatchSize: 20,
    createContext: () => context(actor, ip),
  });
}
