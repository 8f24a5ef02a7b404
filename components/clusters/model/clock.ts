/**
 * The server's clock as the browser knows it. A time the server wrote always arrives late, never early, so the largest
 * difference seen is the nearest to the truth, and timers never jump backwards when a slower answer comes in.
 */
export interface ServerClock {
  /** @param serverNow when the server made an answer; @param received when the browser got it; both in ms */
  sample(serverNow: number, received: number): void;
  /** Milliseconds to add to the browser's clock. */
  offset(): number;
}

export function serverClock(): ServerClock {
  let best: number | null = null;
  return {
    sample(serverNow, received) {
      const seen = serverNow - received;
      if (best === null || seen > best) best = seen;
    },
    offset: () => best ?? 0,
  };
}
