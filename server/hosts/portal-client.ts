import type { ClientRequest, IncomingMessage } from "node:http";
import { z } from "zod";
import { Fault } from "../../agents/protocol/errors.ts";
import { Attested, logHeaders, Metrics, paths } from "../../agents/protocol/verbs.ts";
import { UserError } from "../errors.ts";
import type { HostAccess } from "../services/hosts/access.ts";
import { type HostTarget, identityTrouble, type Transport } from "./transport.ts";

const answerMs = 15_000;
/** More than any log tail or build log that the agent hands out. */
const mostText = 8 * 1024 * 1024;

const Refusal = z.object({ fault: Fault });

function silent(cause: unknown): UserError {
  const trouble = identityTrouble(cause);
  const error = new UserError(
    "unavailable",
    trouble
      ? `${trouble} Your administrator can see to that.`
      : "The host does not answer just now. Try again in a moment; the cluster's page says how it is.",
  );
  error.cause = cause;
  return error;
}

type Ask = (host: HostTarget, method: "GET" | "POST", path: string, body?: unknown, signal?: AbortSignal) => Promise<IncomingMessage>;

const asker =
  (transport: Transport): Ask =>
  (host, method, path, body, signal) => {
    const json = body === undefined ? null : JSON.stringify(body);
    const headers = { host: "agent", ...(json ? { "content-type": "application/json", "content-length": Buffer.byteLength(json) } : {}) };
    return exchange(() => transport(host, { method, path, headers, ...(signal ? { signal } : {}) }), json);
  };

async function exchange(begin: () => ClientRequest, json: string | null): Promise<IncomingMessage> {
  const { promise, resolve, reject } = Promise.withResolvers<IncomingMessage>();
  const asked = begun(begin);
  asked.setTimeout(answerMs, () => asked.destroy(new Error("no answer in time")));
  asked.once("response", resolve);
  asked.once("error", (cause) => reject(silent(cause)));
  asked.end(json ?? undefined);
  const answer = await promise;
  // A stream may be slow to follow; only the answer's beginning has a deadline.
  asked.setTimeout(0);
  if ((answer.statusCode ?? 500) < 400) return answer;
  throw refusal(answer.statusCode ?? 500, await text(answer));
}

function begun(begin: () => ClientRequest): ClientRequest {
  try {
    return begin();
  } catch (cause) {
    throw silent(cause);
  }
}

function refusal(status: number, body: string): UserError {
  const parsed = Refusal.safeParse(parseJson(body));
  if (!parsed.success) return silent(new Error(`the agent answered ${status}`));
  const { message, retryable } = parsed.data.fault;
  return new UserError(status === 404 ? "not_found" : retryable ? "unavailable" : "conflict", message);
}

function parseJson(body: string): unknown {
  try {
    return JSON.parse(body);
  } catch {
    return null;
  }
}

async function text(answer: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  let size = 0;
  try {
    for await (const chunk of answer) {
      if (!Buffer.isBuffer(chunk)) continue;
      size += chunk.length;
      if (size > mostText) break;
      chunks.push(chunk);
    }
  } catch (cause) {
    throw silent(cause);
  }
  return Buffer.concat(chunks).toString("utf8");
}

const query = (path: string, values: Record<string, string>): string => `${path}?${new URLSearchParams(values)}`;

/** The portal's verbs of host agents. Every failure is a UserError with the host's own sentence. */
export function createPortalHosts(transport: Transport): HostAccess {
  const ask = asker(transport);
  return {
    async log(host, { node, service, bytes, after }) {
      const asked = { node, service, bytes: String(bytes), ...(after === undefined ? {} : { after }) };
      const answer = await ask(host, "GET", query(paths.log, asked));
      const line = Number(answer.headers[logHeaders.line] ?? 0);
      return {
        text: await text(answer),
        line: line > 0 ? line : null,
        after: answer.headers[logHeaders.after]?.toString() ?? null,
        continues: answer.headers[logHeaders.continues] !== undefined,
      };
    },
    async imageLog(host, tag) {
      return text(await ask(host, "GET", query(paths.imageLog, { tag })));
    },
    async buildImage(host, tag) {
      (await ask(host, "POST", paths.build, { tag })).resume();
    },
    async archive(host, volume, signal) {
      return ask(host, "GET", query(paths.archive, { volume, path: "notebooks" }), undefined, signal);
    },
    async restartService(host, { node, service }) {
      (await ask(host, "POST", paths.restart, { node, service })).resume();
    },
    async attest(host, of) {
      const { data } = Attested.safeParse(parseJson(await text(await ask(host, "GET", query(paths.attest, { ...of })))));
      if (!data) throw silent(new Error("the agent's attestation is not ours"));
      return data;
    },
    async metrics(host, node) {
      const { data } = Metrics.safeParse(parseJson(await text(await ask(host, "GET", query(paths.metrics, node ? { node } : {})))));
      if (!data) throw silent(new Error("the agent's metrics are not ours"));
      return data;
    },
  };
}
