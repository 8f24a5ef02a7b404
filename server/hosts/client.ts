import type { IncomingMessage } from "node:http";
import type { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import { setTimeout as wait } from "node:timers/promises";
import { copyQuietMs } from "../../agents/protocol/copy.ts";
import { Fault, HostError } from "../../agents/protocol/errors.ts";
import { HostObservation } from "../../agents/protocol/observed.ts";
import type { HostSpec } from "../../agents/protocol/spec.ts";
import { paths, SpecAccepted } from "../../agents/protocol/verbs.ts";
import { backoff } from "./backoff.ts";
import { makeLines } from "./lines.ts";
import type { HostAgent, OnObservation } from "./port.ts";
import { type HostTarget, identityTrouble, type Transport } from "./transport.ts";

const answerMs = 10_000;
/** For what has a body: an agent that refuses, and closes with bytes unread, would break the connection before its answer is read. We close it. */
const staying = { connection: "keep-alive" };
/** The agent's heartbeat comes far more often; a stream that is quiet for this long is dead. */
const quietMs = 20_000;

export interface ClientOptions {
  readonly host: HostTarget;
  /** The reconciler's way to agents. */
  readonly transport: Transport;
  /** Told whenever the connection comes or goes: one log line each. */
  readonly onLink?: (state: "connected" | "lost", reason: string | null) => void;
}

/** A host's agent, asked with the reconciler's verbs. */
export function connectHost({ host, transport, onLink }: ClientOptions): HostAgent {
  const ask: Ask = (asked) => transport(host, asked);
  return {
    async observe(onObservation, signal) {
      let told: string | null = null;
      for (let attempt = 0; !signal.aborted; attempt += 1) {
        const started = performance.now();
        const reason = await stream(ask, onObservation, signal, () => {
          told = null;
          onLink?.("connected", null);
        });
        if (signal.aborted) return;
        // One that stays away is told once, and again when it is for another reason.
        if (reason !== told) onLink?.("lost", reason);
        told = reason;
        if (performance.now() - started > 5_000) attempt = 0;
        // A socket that comes back is found soon; one that stays away costs next to nothing.
        await wait(backoff(attempt, 100, 2_000), undefined, { signal }).catch(() => undefined);
      }
    },
    apply: (spec) => put(ask, spec),
    send: (volume, signal) => take(ask, volume, signal),
    receive: (volume, content, signal) => give(ask, volume, content, signal),
  };
}

type Ask = (asked: Parameters<Transport>[1]) => ReturnType<Transport>;

/** One connection; resolves with the reason when it ends. */
function stream(ask: Ask, onObservation: OnObservation, signal: AbortSignal, onOpen: () => void): Promise<string> {
  return new Promise<string>((resolve) => {
    let first = true;
    const asked = ask({ path: paths.observe, method: "GET", signal });
    asked.on("response", (answer) => {
      if (answer.statusCode !== 200) {
        answer.resume();
        resolve(`the agent answered ${answer.statusCode}`);
        return;
      }
      onOpen();
      const lines = makeLines((line) => {
        onObservation(HostObservation.parse(JSON.parse(line)), first);
        first = false;
      });
      answer.setEncoding("utf8");
      answer.on("data", (chunk: string) => {
        try {
          lines(chunk);
        } catch (error) {
          // Not our protocol: start over rather than act on half a picture.
          resolve(`the agent sent something else than a picture: ${messageOf(error).slice(0, 200)}`);
          asked.destroy();
        }
      });
      answer.on("close", () => resolve("the agent closed the connection"));
      answer.on("error", (error) => resolve(error.message));
    });
    asked.setTimeout(quietMs, () => asked.destroy(new Error(`nothing heard for ${quietMs / 1000} s`)));
    asked.on("error", (error) => resolve(identityTrouble(error) ?? error.message));
    asked.end();
  }).catch(messageOf);
}

async function put(ask: Ask, spec: HostSpec): Promise<number> {
  const { status, body } = await exchange(ask, JSON.stringify(spec)).catch(unreachable);
  const parsed = parseJson(body);
  if (status < 400) {
    const accepted = SpecAccepted.safeParse(parsed);
    if (accepted.success) return accepted.data.generation;
  }
  throw refused(status, parsed);
}

function unreachable(cause: unknown): never {
  const message = identityTrouble(cause) ?? "The host's agent does not answer.";
  throw new HostError({ code: "host_unreachable", message, retryable: true }, { cause });
}

/** What the agent says when it does not do it. */
function refused(status: number, parsed: unknown): HostError {
  const fault = Fault.safeParse(typeof parsed === "object" && parsed !== null && "fault" in parsed ? parsed.fault : null);
  return new HostError(
    fault.success
      ? fault.data
      : { code: "host_protocol", message: `The host's agent gave an answer that is not ours (${status}).`, retryable: true },
  );
}

const quiet = new Error(`no byte passed for ${copyQuietMs / 1000} s`);
const volumePath = (path: string, volume: string): string => `${path}?${new URLSearchParams({ volume })}`;

async function take(ask: Ask, volume: string, signal: AbortSignal): Promise<Readable> {
  const answer = await new Promise<IncomingMessage>((resolve, reject) => {
    const asked = ask({ path: volumePath(paths.volumeExport, volume), method: "GET", signal });
    asked.setTimeout(copyQuietMs, () => asked.destroy(quiet));
    asked.on("response", resolve);
    asked.on("error", reject);
    asked.end();
  }).catch(unreachable);
  if (answer.statusCode === 200) return answer;
  throw refused(answer.statusCode ?? 500, parseJson(await text(answer)));
}

/** The answer counts, whenever it comes: an agent that refuses does not read to the end. */
async function give(ask: Ask, volume: string, content: Readable, signal: AbortSignal): Promise<void> {
  const answer = await new Promise<IncomingMessage>((resolve, reject) => {
    const asked = ask({ path: volumePath(paths.volumeImport, volume), method: "PUT", headers: staying, signal });
    asked.setTimeout(copyQuietMs, () => asked.destroy(quiet));
    asked.on("response", resolve);
    asked.on("error", reject);
    pipeline(content, asked).catch(reject);
  }).catch(unreachable);
  // Read before the content is ended, which would end the connection.
  const body = parseJson(await text(answer));
  content.destroy();
  if (answer.statusCode !== 200) throw refused(answer.statusCode ?? 500, body);
}

async function text(answer: IncomingMessage): Promise<string> {
  let body = "";
  answer.setEncoding("utf8");
  try {
    // Whoever never ends is not listened to for ever.
    for await (const chunk of answer) {
      body += String(chunk);
      if (body.length > 65_536) break;
    }
  } catch (error) {
    return unreachable(error);
  }
  return body;
}

function exchange(ask: Ask, text: string): Promise<{ status: number; body: string }> {
  return new Promise((resolve, reject) => {
    const headers = { ...staying, "content-type": "application/json", "content-length": Buffer.byteLength(text) };
    const asked = ask({ path: paths.spec, method: "PUT", headers, timeout: answerMs });
    asked.on("response", (answer: IncomingMessage) => {
      let body = "";
      answer.setEncoding("utf8");
      answer.on("data", (chunk: string) => {
        if (body.length < 65_536) body += chunk;
      });
      answer.on("end", () => resolve({ status: answer.statusCode ?? 500, body }));
      answer.on("error", reject);
    });
    asked.on("timeout", () => asked.destroy(new Error(`no answer in ${answerMs / 1000} s`)));
    asked.on("error", reject);
    asked.end(text);
  });
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
