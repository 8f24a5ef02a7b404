/** What every verb's answer has in common. */
import type { IncomingMessage, ServerResponse } from "node:http";
import type { Duplex } from "node:stream";
import type { z } from "zod";
import { type Fault, HostError } from "../../protocol/errors.ts";
import type { Log } from "../log.ts";

const statuses: Readonly<Record<string, number>> = {
  not_found: 404,
  bad_request: 400,
  generation_newer: 409,
  wrong_host: 409,
  too_large: 413,
  not_declared: 403,
  wrong_role: 403,
  terminals_taken: 429,
};

export function json(res: ServerResponse, status: number, body: unknown): void {
  const text = JSON.stringify(body);
  res.writeHead(status, { "content-type": "application/json", "content-length": Buffer.byteLength(text) });
  res.end(text);
}

/** The status and fault that an error is answered with. */
export function refusalOf(error: unknown, log: Log): { status: number; fault: Fault } {
  if (error instanceof HostError) return { status: statuses[error.fault.code] ?? 503, fault: error.fault };
  log.error({ err: error }, "unexpected");
  return {
    status: 500,
    fault: { code: "agent_error", message: "The host agent ran into an unexpected error; its log has the details.", retryable: true },
  };
}

/** Answers an upgrade that is not to be; a socket that is gone, or was upgraded before it failed, is only ended. */
export function refuseUpgrade(error: unknown, log: Log, socket: Duplex): void {
  const { status, fault } = refusalOf(error, log);
  const body = JSON.stringify({ fault });
  if (socket.writableEnded || socket.destroyed) return;
  socket.end(
    `HTTP/1.1 ${status} Refused\r\ncontent-type: application/json\r\ncontent-length: ${Buffer.byteLength(body)}\r\nconnection: close\r\n\r\n${body}`,
  );
}

export function notFound(message: string): HostError {
  return new HostError({ code: "not_found", message, retryable: false });
}

/** Parses what came in, or throws `bad_request` naming the first thing that is wrong. */
export function parse<T extends z.ZodType>(schema: T, value: unknown): z.output<T> {
  const parsed = schema.safeParse(value);
  if (parsed.success) return parsed.data;
  const issue = parsed.error.issues[0];
  throw new HostError({
    code: "bad_request",
    message: `${issue?.path.join(".") ?? ""}: ${issue?.message ?? "wrong"}`.slice(0, 600),
    retryable: false,
  });
}

/** Reads a JSON body of at most `limit` bytes. */
export async function body(req: IncomingMessage, limit: number): Promise<unknown> {
  const chunks: Buffer[] = [];
  let size = 0;
  // Not ended with the reading: whoever sends too much is told so.
  for await (const chunk of req.iterator({ destroyOnReturn: false })) {
    const bytes = Buffer.isBuffer(chunk) ? chunk : Buffer.from(String(chunk));
    size += bytes.length;
    if (size > limit) throw new HostError({ code: "too_large", message: `The request is larger than ${limit} bytes.`, retryable: false });
    chunks.push(bytes);
  }
  try {
    return JSON.parse(Buffer.concat(chunks).toString("utf8"));
  } catch (error) {
    throw new HostError({ code: "bad_request", message: "The request is not JSON.", retryable: false }, { cause: error });
  }
}

export type Verb = (req: IncomingMessage, res: ServerResponse, query: Record<string, string>) => Promise<void>;

/** A handler that knows exactly these verbs, written "GET /path". */
export function router(verbs: Readonly<Record<string, Verb>>, log: Log): (req: IncomingMessage, res: ServerResponse) => void {
  const answer = async (req: IncomingMessage, res: ServerResponse): Promise<void> => {
    const url = URL.parse(req.url ?? "/", "http://agent");
    if (!url) throw new HostError({ code: "bad_request", message: "The address of the request is not one.", retryable: false });
    const verb = verbs[`${req.method} ${url.pathname}`];
    if (!verb) throw notFound(`${req.method} ${url.pathname} is not a verb of this socket.`);
    await verb(req, res, Object.fromEntries(url.searchParams));
  };
  return (req, res) => {
    // A listener that throws would end the agent.
    answer(req, res).catch((error: unknown) => {
      const { status, fault } = refusalOf(error, log);
      if (res.headersSent) res.destroy();
      else json(res, status, { fault });
    });
  };
}
