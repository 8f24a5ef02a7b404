"use client";
import { createContext, type ReactNode, useCallback, useContext, useState, useSyncExternalStore } from "react";

/** Time as the server has it: ages on a laptop with a wrong clock are right all the same. */
interface Clock {
  /** Server's time when the page was rendered, ms. */
  rendered: number;
  now(): number;
  /** A moment of the server's clock on the browser's. */
  toLocal(serverTime: number): number;
}

const ClockContext = createContext<Clock | null>(null);

export function ClockProvider({ now, children }: { now: number; children: ReactNode }) {
  // Once per page load: a later rendering of the layout brings a later `now`, but no later first byte to compare it with.
  const [clock] = useState<Clock>(() => {
    const offset = now - localTimeOfResponse();
    return { rendered: now, now: () => Date.now() + offset, toLocal: (serverTime) => serverTime - offset };
  });
  return <ClockContext value={clock}>{children}</ClockContext>;
}

/** The browser's time when the first byte of the page arrived: about when the server rendered it. */
function localTimeOfResponse(): number {
  if (typeof window === "undefined") return Date.now();
  const navigation = performance.getEntriesByType("navigation")[0];
  const start = navigation instanceof PerformanceNavigationTiming ? navigation.responseStart : 0;
  return start > 0 ? performance.timeOrigin + start : Date.now();
}

export function useClock(): Clock {
  const clock = useContext(ClockContext);
  if (!clock) throw new Error("useClock needs the ClockProvider of the root layout.");
  return clock;
}

/**
 * The server's time in ms, renewed every `every` ms (rounded down to it). During hydration it is the time of rendering, so that server and
 * browser agree on the first picture. `every` of 0 stands still.
 */
export function useServerNow(every: number): number {
  const clock = useClock();
  const subscribe = useCallback(
    (notify: () => void) => {
      if (every === 0) return () => {};
      const timer = setInterval(notify, Math.max(every, 50));
      return () => clearInterval(timer);
    },
    [every],
  );
  const round = (time: number) => (every === 0 ? time : Math.floor(time / every) * every);
  return useSyncExternalStore(
    subscribe,
    () => (every === 0 ? clock.rendered : round(clock.now())),
    () => round(clock.rendered),
  );
}
