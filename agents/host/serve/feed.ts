/** Sends the whole picture at every change, many changes at once, and as a heartbeat. */
import type { ServerResponse } from "node:http";
import type { HostObservation } from "../../protocol/observed.ts";
import type { Picture } from "../observe.ts";

const coalesceMs = 25;
/** While nodes start or go, something changes every few milliseconds; each picture costs the agent, the reconciler and the database some CPU. */
const spacingMs = 400;
const heartbeatMs = 5_000;

export interface Feed {
  /** Something may have changed. */
  changed(): void;
  subscribe(res: ServerResponse): void;
  stop(): void;
}

/** `take` gives the present picture, or null before there is one. */
export function makeFeed(take: () => Picture | null, now: () => number): Feed {
  const subscribers = new Set<ServerResponse>();
  let sequence = 0;
  let last = "";
  let timer: NodeJS.Timeout | null = null;
  let sentAt = 0;

  function line(picture: Picture): string {
    sequence += 1;
    const observation: HostObservation = { ...picture, sequence, at: new Date(now()).toISOString() };
    return `${JSON.stringify(observation)}\n`;
  }

  function send(force: boolean): void {
    if (subscribers.size === 0) return;
    const picture = take();
    if (!picture) return;
    const text = JSON.stringify(telling(picture));
    if (!force && text === last) return;
    last = text;
    sentAt = now();
    const out = line(picture);
    for (const res of subscribers) {
      // A reader that does not keep up gets the next picture; each is whole.
      if (res.writableLength < 1_048_576) res.write(out);
    }
  }

  const heartbeat = setInterval(() => send(true), heartbeatMs);

  return {
    changed() {
      if (timer || subscribers.size === 0) return;
      // Whatever the clock is set to: never longer than that.
      const wait = Math.min(spacingMs, Math.max(coalesceMs, sentAt + spacingMs - now()));
      timer = setTimeout(() => {
        timer = null;
        send(false);
      }, wait);
    },
    subscribe(res) {
      res.writeHead(200, { "content-type": "application/x-ndjson" });
      subscribers.add(res);
      res.on("close", () => subscribers.delete(res));
      const picture = take();
      if (picture) res.write(line(picture));
    },
    stop() {
      clearInterval(heartbeat);
      if (timer) clearTimeout(timer);
      for (const res of subscribers) res.end();
      subscribers.clear();
    },
  };
}

/** What is worth a message of its own: usage and free space ride along with the next one. */
function telling(picture: Picture): unknown {
  return {
    ...picture,
    usage: null,
    facts: { ...picture.facts, diskFreeMb: 0 },
    volumes: picture.volumes.map((v) => ({ ...v, usedMb: null, copy: v.copy?.state })),
    nodes: picture.nodes.map((n) => ({ ...n, usage: null })),
  };
}
