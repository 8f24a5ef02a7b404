/** Follows the engine: its events while it answers, a ping while it does not, and a ping now and then in case it hangs. */
import { setTimeout as delay } from "node:timers/promises";
import type Docker from "dockerode";
import { z } from "zod";
import { classify, engineUnreachable } from "./classify.ts";
import type { EngineEvent } from "./port.ts";

const Message = z.object({
  Action: z.string(),
  Actor: z.object({ ID: z.string(), Attributes: z.record(z.string(), z.string()).default({}) }),
  timeNano: z.number().default(0),
});

const kinds: Readonly<Record<string, "created" | "started" | "died" | "destroyed" | "oom" | "altered">> = {
  create: "created",
  start: "started",
  die: "died",
  destroy: "destroyed",
  oom: "oom",
  // Somebody changed its limits.
  update: "altered",
};

const pingEveryMs = 5_000;
/** On a host whose CPUs are all taken an engine may be slow and well. */
const pingTimeoutMs = 10_000;
const retryMs = 500;

/** Never throws: what goes wrong is the event `lost`. */
export function watchEngine(docker: Docker, labels: readonly string[], signal: AbortSignal, onEvent: (event: EngineEvent) => void): void {
  let up: boolean | null = null;
  const say = (now: boolean) => {
    if (up === now) return;
    up = now;
    onEvent(now ? { kind: "connected" } : { kind: "lost", fault: engineUnreachable });
  };

  async function ping(): Promise<void> {
    const late = new AbortController();
    const timeout = delay(pingTimeoutMs, undefined, { signal: late.signal }).then(() => {
      throw new Error("the ping timed out");
    });
    try {
      await Promise.race([docker.ping(), timeout]);
    } finally {
      late.abort();
      timeout.catch(() => undefined);
    }
  }

  async function follow(): Promise<void> {
    const stop = new AbortController();
    const both = AbortSignal.any([signal, stop.signal]);
    const stream = await docker.getEvents({
      abortSignal: both,
      filters: { type: ["container"], event: Object.keys(kinds), label: [...labels] },
    });
    say(true);
    const pinger = setInterval(() => {
      ping().catch(() => stop.abort());
    }, pingEveryMs);
    try {
      stream.setEncoding("utf8");
      let rest = "";
      for await (const chunk of stream) {
        rest += String(chunk);
        const lines = rest.split("\n");
        rest = lines.pop() ?? "";
        for (const line of lines) report(line);
      }
    } finally {
      clearInterval(pinger);
      stop.abort();
    }
  }

  function report(line: string): void {
    if (line.trim() === "") return;
    const { Action, Actor, timeNano } = Message.parse(JSON.parse(line));
    const kind = kinds[Action];
    if (kind)
      onEvent({ kind, id: Actor.ID, name: Actor.Attributes.name ?? "", labels: Actor.Attributes, atMs: Math.round(timeNano / 1e6) });
  }

  async function forever(): Promise<void> {
    while (!signal.aborted) {
      try {
        await ping();
        await follow();
      } catch (error) {
        if (signal.aborted) return;
        classify(error, "report events");
      }
      if (signal.aborted) return;
      say(false);
      await delay(retryMs, undefined, { signal }).catch(() => undefined);
    }
  }

  void forever();
}
