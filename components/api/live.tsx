"use client";
import { type QueryClient, useQueryClient } from "@tanstack/react-query";
import { useSubscription } from "@trpc/tanstack-react-query";
import { createContext, type ReactNode, useContext, useEffect, useRef, useState } from "react";
import { useClock } from "../ui/clock.tsx";
import { clockTime } from "../ui/format.ts";
import { concerns } from "./concerns.ts";
import { paced } from "./paced.ts";
import { useTRPC } from "./trpc.ts";

export interface Live {
  /** False while the socket is down: what is shown may be old. */
  connected: boolean;
  /** Server's time in ms up to which the shown data is right; null while connected. */
  asOf: number | null;
}

const LiveContext = createContext<{ tenant: string; live: Live } | null>(null);

/** Subscribes once for all of a tenant's pages. */
export function LiveProvider({ tenant, children }: { tenant: string; children: ReactNode }) {
  const live = useSubscribed(tenant, true);
  return <LiveContext value={{ tenant, live }}>{children}</LiveContext>;
}

/**
 * Keeps the queries of a tenant's clusters (or of one cluster) fresh: refetched when the platform says that something changed, and all of them
 * after a lost connection. Says whether the picture is live.
 */
export function useClusterChanges(tenant: string, _cluster?: string): Live {
  const context = useContext(LiveContext);
  const shared = context?.tenant === tenant ? context.live : null;
  const own = useSubscribed(tenant, shared === null);
  return shared ?? own;
}

/** How long a connection may be away before the page says so, ms. */
const patience = 1500;

function useSubscribed(tenant: string, enabled: boolean): Live {
  const trpc = useTRPC();
  const client = useQueryClient();
  const clock = useClock();
  const [lostAt, setLostAt] = useState<number | null>(null);
  const invalidate = useRef(coalesce(client));
  useEffect(() => () => invalidate.current.stop(), []);

  const { status } = useSubscription(
    trpc.clusters.changed.subscriptionOptions(
      { tenant },
      {
        enabled,
        // "*": any of them may have changed.
        onData: ({ cluster }) => invalidate.current.changed(cluster === "*" ? null : cluster),
        onStarted: () => {
          // What changed while nobody listened was not announced: also between the page's making and the first connection.
          invalidate.current.changed(null);
          setLostAt(null);
        },
      },
    ),
  );
  useEffect(() => {
    if (!enabled || status === "pending" || status === "idle") return;
    // A first connection and a quick reconnection are nobody's business; what lasts is said, with the moment it began.
    const since = clock.now();
    const timer = setTimeout(() => {
      setLostAt((lost) => lost ?? since);
      // Over HTTP the server says why, if it is there: a session that was ended leads to the sign-in page.
      void client.invalidateQueries(trpc.tenants.home.pathFilter());
    }, patience);
    return () => clearTimeout(timer);
  }, [status, enabled, clock, client, trpc]);
  return { connected: lostAt === null, asOf: lostAt };
}

/** Collects what was announced within a tenth of a second, so that a burst of steps costs one refetch. */
function coalesce(client: QueryClient) {
  const changed = new Set<string>();
  let all = false;
  const pace = paced(() => {
    const ids = new Set(changed);
    const everything = all;
    changed.clear();
    all = false;
    return client.invalidateQueries({ predicate: ({ queryKey }) => concerns(queryKey, ids, everything) });
  }, 100);
  return {
    /** Null: anything may have changed. */
    changed(cluster: string | null) {
      if (cluster === null) all = true;
      else changed.add(cluster);
      pace.changed();
    },
    stop: () => pace.stop(),
  };
}

/** "as of 12:04:10, reconnecting", only while the connection is lost; the data stays on the page. */
export function StaleNote({ live }: { live: Live }) {
  return (
    <span role="status" className="text-warn text-sm">
      {live.asOf === null ? null : `as of ${clockTime(live.asOf)}, reconnecting`}
    </span>
  );
}
