"use client";
import type { StateView } from "../../server/services/clusters/schemas.ts";
import { useServerNow } from "../ui/clock.tsx";
import { StateBadge } from "../ui/state-badge.tsx";
import { phaseState } from "./model/phases.ts";
import { badgeFact } from "./model/states.ts";

/** A cluster's or a node's state: shape, word, colour, and the reason or how long it has been so. `bare` leaves that out. */
export function PhaseBadge({ state, bare = false }: { state: StateView; bare?: boolean }) {
  const now = useServerNow(state.reason || bare ? 0 : 1000);
  return <StateBadge {...phaseState(state.phase)} detail={bare ? null : badgeFact(state, now)} />;
}
