import type { RosterPerson } from "../../../server/services/tenants/roster.ts";
import type { StateKind } from "../../ui/state-mark.tsx";

export const periodWords = { "30d": "Last 30 days", month: "This month", "last-month": "Last month" } as const;
export const sortWords = { name: "By name", hours: "By hours", seen: "By last seen" } as const;

/** "0", "0.4", "12", "1,240": hours as a table shows them. */
export function hoursWords(hours: number): string {
  const digits = hours > 0 && hours < 10 ? 1 : 0;
  if (hours > 0 && hours < 0.05) return "< 0.1";
  return new Intl.NumberFormat("en", { maximumFractionDigits: digits }).format(hours);
}

/** Whether somebody can work here now: shape and word; null where there is nothing to say but when they were seen. */
export function personState({
  here,
  barred,
  role,
}: Pick<RosterPerson, "here" | "barred" | "role">): { state: StateKind; word: string } | null {
  if (barred === "disabled") return { state: "failed", word: "Disabled" };
  if (barred === "missing") return { state: "failed", word: "Not in the directory" };
  if (barred === "replaced") return { state: "failed", word: "Name given to another" };
  if (barred === "unconfirmed") return { state: "unknown", word: "Not confirmed" };
  if (role === null) return { state: "stopped", word: "No longer in it" };
  return here ? { state: "ready", word: "Signed in" } : null;
}
