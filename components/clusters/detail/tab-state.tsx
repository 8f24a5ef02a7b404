"use client";
import { usePathname } from "next/navigation";
import { useTabState } from "../../ui/tab-icon.ts";
import { useCluster } from "../live/cluster.tsx";
import { phaseState } from "../model/phases.ts";
import { announce, tabTitle } from "../model/states.ts";

/** Carries the state into the tab's title and icon, and says changes to people who do not see the badge. */
export function TabState() {
  const { cluster } = useCluster();
  const part = usePathname().split("/")[5] ?? null;
  useTabState(
    tabTitle(cluster.name, cluster.state, part ? part.charAt(0).toUpperCase() + part.slice(1) : null),
    phaseState(cluster.state.phase).state,
  );
  return (
    <p role="status" className="sr-only">
      {announce(cluster.name, { ...cluster.state, reason: null })}
    </p>
  );
}
