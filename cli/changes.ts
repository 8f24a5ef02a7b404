import superjson from "superjson";
import { WebSocket } from "ws";

export interface Changes {
  /** Resolves at the next change of the cluster, and after `ms` in any case; at once when there was one since the last call. */
  next(ms: number): Promise<void>;
  close(): void;
}

/**
 * Hears of a cluster's changes over the platform's socket. Where no socket gets through (a proxy, an older platform) `next` is a plain pause:
 * looking now and then works everywhere.
 */
export function listenToChanges(at: { url: string; token: string }, input: { tenant: string; cluster: string }): Changes {
  const socket = new WebSocket(`${at.url.replace(/^http/, "ws")}/api/ws`, { headers: { authorization: `Bearer ${at.token}` } });
  let heard = false;
  let wake: (() => void) | null = null;
  socket.on("open", () =>
    socket.send(JSON.stringify({ id: 1, method: "subscription", params: { path: "clusters.changed", input: superjson.serialize(input) } })),
  );
  socket.on("message", (data: Buffer) => {
    const text = data.toString();
    // The platform asks now and then whether anybody is still there.
    if (text === "PING") return socket.send("PONG");
    heard = true;
    wake?.();
  });
  // Losing the socket costs speed only.
  socket.on("error", () => undefined);
  return {
    next(ms) {
      return new Promise((resolve) => {
        const done = (): void => {
          clearTimeout(timer);
          wake = null;
          heard = false;
          resolve();
        };
        const timer = setTimeout(done, socket.readyState === WebSocket.OPEN ? ms : Math.min(ms, 500));
        wake = done;
        if (heard) done();
      });
    },
    close: () => socket.terminate(),
  };
}
