"use client";
import { useSyncExternalStore } from "react";
import { useServerNow } from "./clock.tsx";
import { duration, fullDate, relative } from "./format.ts";

const never = () => () => {};

/** The full date in the viewer's zone; while hydrating in UTC, as the server wrote it. */
function useFullDate(then: number): string {
  return useSyncExternalStore(
    never,
    () => fullDate(then),
    () => fullDate(then, "UTC"),
  );
}

/**
 * An age or a moment ahead by the server's clock, with the full date on hover. `form`: "ago" → "7 seconds ago", "age" → "7 s" (fixed-width figures,
 * for badges and tables), "date" → the full date.
 */
export function Time({ at, form = "ago", className }: { at: string | number; form?: "ago" | "age" | "date"; className?: string }) {
  const then = typeof at === "number" ? at : Date.parse(at);
  const now = useServerNow(form === "date" ? 0 : 1000);
  const full = useFullDate(then);
  const text = form === "date" ? full : form === "age" ? duration(now - then) : relative(then, now);
  return (
    <time dateTime={new Date(then).toISOString()} title={full} className={className}>
      {text}
    </time>
  );
}
