"use client";
import { useQueryClient } from "@tanstack/react-query";
import { useSubscription } from "@trpc/tanstack-react-query";
import { useEffect, useRef, useState } from "react";
import type { Live } from "../api/live.tsx";
import { type Paced, paced } from "../api/paced.ts";
import { useTRPC } from "../api/trpc.ts";
import { useClock } from "../ui/clock.tsx";

/** What is announced within this time costs one look, ms: the whole site's picture is larger than a cluster's. */
const together = 500;
/** How long a connection may be away before the page says so, ms. */
const patience = 1500;

/** Keeps the pages of hosts, segments and the topology fresh: they look again when the platform says that something changed. */
export function useSiteChanges(): Live {
  const trpc = useTRPC();
  const queries = useQueryClient();
  const clock = useClock();
  const [lostAt, setLostAt] = useState<number | null>(null);
  const pace = useRef<Paced | null>(null);
  useEffect(() => {
    const parts = [
      trpc.hosts.pathFilter(),
      trpc.segments.pathFilter(),
      trpc.enrolment.pathFilter(),
      trpc.siteTenants.pathFilter(),
      trpc.siteFlavors.pathFilter(),
    ];
    const made = paced(() => Promise.all(parts.map((filter) => queries.invalidateQueries(filter))), together);
    pace.current = made;
    return () => made.stop();
  }, [trpc, queries]);
  const look = (): void => pace.current?.changed();
  const { status } = useSubscription(
    trpc.hosts.changed.subscriptionOptions(undefined, {
      onData: look,
      // What changed while nobody listened was not announced: also between the page's making and the first connection.
      onStarted: () => {
        look();
        setLostAt(null);
      },
    }),
  );
  useEffect(() => {
    if (status === "pending" || status === "idle") return;
    const since = clock.now();
    const wait = setTimeout(() => setLostAt((lost) => lost ?? since), patience);
    return () => clearTimeout(wait);
  }, [status, clock]);
  return { connected: lostAt === null, asOf: lostAt };
}
