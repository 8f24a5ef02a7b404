import { type IncomingMessage, type OutgoingHttpHeaders, request, STATUS_CODES } from "node:http";
import type { Duplex } from "node:stream";
import type { Transport } from "../hosts/transport.ts";
import type { Target } from "./access.ts";
import { dial } from "./dial.ts";
import { requestHeaders, responseHeaders } from "./headers.ts";
import type { ServiceHost } from "./host.ts";
import type { Notice } from "./pages.ts";

/** The head of an answer on a socket that has no ServerResponse. */
export function rawHead(status: number, headers: OutgoingHttpHeaders): string {
  const lines = [`HTTP/1.1 ${status} ${STATUS_CODES[status] ?? ""}`];
  for (const [name, value] of Object.entries(headers))
    for (const one of Array.isArray(value) ? value : [value]) if (one !== undefined) lines.push(`${name}: ${one}`);
  return `${lines.join("\r\n")}\r\n\r\n`;
}

/** Refuses an upgrade with JSON and ends the socket. */
export function refuseUpgrade(socket: Duplex, notice: Notice): void {
  const body = `${JSON.stringify({ error: { code: notice.code, message: notice.message } })}\n`;
  const head = rawHead(notice.status, {
    "content-type": "application/json; charset=utf-8",
    "content-length": Buffer.byteLength(body),
    "cache-control": "no-store",
    connection: "close",
  });
  socket.end(head + body);
}

export interface Upgrade {
  incoming: IncomingMessage;
  socket: Duplex;
  head: Buffer;
  host: ServiceHost;
  target: Target;
  token: string | null;
  transport: Transport;
}

/**
 * Connects a browser's WebSocket with the service's; returns when both are joined or the service has declined.
 * @throws DialError or the connection's error when the service gave no answer
 */
export async function upgrade({ incoming, socket, head, host, target, token, transport }: Upgrade): Promise<void> {
  const stream = await dial(transport, target.dial);
  const ended = (): void => void stream.destroy();
  socket.once("close", ended);
  if (socket.destroyed) stream.destroy();
  const { promise, resolve, reject } = Promise.withResolvers<void>();
  const headers = requestHeaders(incoming.headersDistinct, incoming.headers, host, { ip: incoming.socket.remoteAddress ?? "", token });
  headers.connection = "Upgrade";
  headers.upgrade = "websocket";
  const asked = request({ method: "GET", path: incoming.url, headers, setHost: false, createConnection: () => stream });
  asked.once("upgrade", (answer, service, first) => {
    const answered = responseHeaders(answer.headersDistinct, answer.headers);
    socket.write(rawHead(101, { ...answered, connection: "Upgrade", upgrade: "websocket" }));
    if (first.length > 0) socket.write(first);
    if (head.length > 0) service.write(head);
    join(socket, service);
    resolve();
  });
  asked.once("response", (answer) => {
    // Declined: a short answer such as 403 or 404; its length is the connection's end.
    const answered = responseHeaders(answer.headersDistinct, answer.headers);
    delete answered["content-length"];
    socket.write(rawHead(answer.statusCode ?? 502, { ...answered, connection: "close" }));
    answer.pipe(socket);
    resolve();
  });
  asked.once("error", reject);
  asked.end();
  return promise;
}

function join(browser: Duplex, service: Duplex): void {
  // Either end's failure is the other's end; there is nobody left to tell.
  browser.on("error", () => service.destroy());
  service.on("error", () => browser.destroy());
  browser.on("close", () => service.destroy());
  // One that ended in order has been read to its end, and the last of it may still be on its way to a browser that reads slowly.
  service.on("close", () => {
    if (!service.readableEnded) browser.destroy();
  });
  browser.pipe(service);
  service.pipe(browser);
}
