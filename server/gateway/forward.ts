import type { Agent } from "node:http";
import { type IncomingMessage, request, type ServerResponse } from "node:http";
import { pipeline } from "node:stream/promises";
import { setTimeout as delay } from "node:timers/promises";
import { log } from "../log.ts";
import type { Target } from "./access.ts";
import { DialError } from "./dial.ts";
import { requestHeaders, responseHeaders } from "./headers.ts";
import type { ServiceHost } from "./host.ts";
import { endedPage, mendedProxyId, publicLocation } from "./location.ts";
import { privateRedirect } from "./notices.ts";
import { isNavigation } from "./origin.ts";
import { sendNotice } from "./pages.ts";
import { PublicLinks } from "./rewrite.ts";

export interface Exchange {
  incoming: IncomingMessage;
  response: ServerResponse;
  host: ServiceHost;
  target: Target;
  agent: Agent;
  token: string | null;
}

/** Waits between tries while a service restarts, in ms: about five seconds in all. */
export const restartWaits: readonly number[] = [150, 350, 700, 1300, 2500];

/** A request that can be sent again: nothing of it is used up, and it changes nothing. */
export function repeatable(incoming: IncomingMessage): boolean {
  return (incoming.method === "GET" || incoming.method === "HEAD") && !hasBody(incoming);
}

function hasBody(incoming: IncomingMessage): boolean {
  return incoming.headers["transfer-encoding"] !== undefined || Number(incoming.headers["content-length"] ?? 0) > 0;
}

/**
 * Sends one request to the service and streams its answer back.
 * @throws DialError or the connection's error when no answer came; after the answer has begun, errors only end it
 */
export async function forward(exchange: Exchange, waits: readonly number[] = restartWaits): Promise<void> {
  const { response } = exchange;
  const gone = new AbortController();
  response.once("close", () => gone.abort());
  for (let attempt = 0; ; attempt++) {
    try {
      const answer = await ask(exchange, gone.signal);
      await relay(exchange, answer);
      return;
    } catch (error) {
      const wait = waits[attempt];
      const hostAway = error instanceof DialError && error.kind === "host";
      if (gone.signal.aborted || response.headersSent || hostAway || wait === undefined || !repeatable(exchange.incoming)) throw error;
      await delay(wait, undefined, { signal: gone.signal });
    }
  }
}

async function ask({ incoming, host, target, agent, token }: Exchange, signal: AbortSignal): Promise<IncomingMessage> {
  const { promise, resolve, reject } = Promise.withResolvers<IncomingMessage>();
  const headers = requestHeaders(incoming.headersDistinct, incoming.headers, host, { ip: incoming.socket.remoteAddress ?? "", token });
  if (target.spark) headers["accept-encoding"] = "identity"; // its pages are read on the way
  const chunked = incoming.headers["transfer-encoding"] !== undefined;
  if (chunked) headers["transfer-encoding"] = "chunked";
  const asked = request({ agent, method: incoming.method, path: incoming.url, headers, setHost: false, signal });
  asked.once("response", resolve);
  asked.once("error", reject);
  if (hasBody(incoming)) pipeline(incoming, asked).catch((error: unknown) => asked.destroy(error instanceof Error ? error : undefined));
  else asked.end();
  return promise;
}

async function relay({ incoming, response, host, target }: Exchange, answer: IncomingMessage): Promise<void> {
  const headers = responseHeaders(answer.headersDistinct, answer.headers);
  if (answer.headers.location !== undefined) {
    const said = target.spark ? mendedProxyId(answer.headers.location, incoming.url ?? "") : answer.headers.location;
    const location = publicLocation(said, host, target);
    if (location === null) {
      answer.destroy();
      sendNotice(response, privateRedirect(target.title), isNavigation(incoming.method ?? "GET", incoming.headers));
      return;
    }
    headers.location = location;
  }
  const elsewhere =
    answer.statusCode === 403 && target.spark && isNavigation(incoming.method ?? "GET", incoming.headers)
      ? endedPage(incoming.url ?? "")
      : null;
  if (elsewhere) {
    answer.destroy();
    response.writeHead(302, { location: elsewhere, "cache-control": "no-store", "content-length": 0 });
    response.end();
    return;
  }
  const links = target.spark ? PublicLinks.for(answer.headers["content-type"], host, target) : null;
  if (links) delete headers["content-length"];
  response.writeHead(answer.statusCode ?? 502, headers);
  // A stream of events may begin with a long silence.
  response.flushHeaders();
  answer.once("error", ({ message: reason }) => {
    // Where the browser left first, the answer is broken by that.
    if (!response.destroyed)
      log.info({ host: host.origin, path: URL.parse(incoming.url ?? "", host.origin)?.pathname, reason }, "gateway.broken");
  });
  // The service may have ended in the middle: the browser must see a broken answer, not a short one.
  if (links) await pipeline(answer, links, response);
  else await pipeline(answer, response);
}
