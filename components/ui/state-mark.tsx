import type { ReactNode } from "react";
import { cx } from "./cx.ts";

/** What a state looks like. The word is the caller's; the shape and colour are fixed. */
export type StateKind = "ready" | "busy" | "degraded" | "failed" | "stopped" | "unknown" | "queued" | "deleting";

const line = { stroke: "currentColor", strokeWidth: 1.5, strokeLinecap: "round", strokeLinejoin: "round", fill: "none" } as const;

const shapes: Record<StateKind, ReactNode> = {
  ready: (
    <>
      <circle cx="8" cy="8" r="6.25" {...line} />
      <path d="m5.4 8.2 1.8 1.8 3.5-3.8" {...line} />
    </>
  ),
  busy: <path d="M8 2a6 6 0 1 0 6 6" {...line} strokeWidth={1.75} />,
  degraded: (
    <>
      <path d="M8 2.2 14.4 13.4H1.6Z" {...line} />
      <path d="M8 6.6v2.8M8 11.4v.05" {...line} />
    </>
  ),
  failed: (
    <>
      <path d="M5.4 1.75h5.2l3.65 3.65v5.2l-3.65 3.65H5.4L1.75 10.6V5.4Z" {...line} />
      <path d="m6 6 4 4m0-4-4 4" {...line} />
    </>
  ),
  stopped: <rect x="3" y="3" width="10" height="10" rx="1.5" {...line} />,
  unknown: (
    <>
      <circle cx="8" cy="8" r="6.25" {...line} strokeDasharray="2.4 2.5" />
      <path d="M6.5 6.5a1.6 1.6 0 1 1 2.3 1.5c-.5.25-.8.6-.8 1M8 11v.05" {...line} />
    </>
  ),
  queued: <circle cx="8" cy="8" r="6.25" {...line} strokeDasharray="0.1 3.17" strokeWidth={1.9} />,
  deleting: (
    <>
      <path d="M8 1.75a6.25 6.25 0 1 0 6.25 6.25" {...line} />
      <path d="M5.5 8h5" {...line} />
    </>
  ),
};

const colour: Record<StateKind, string> = {
  ready: "text-ok-solid",
  busy: "text-busy-solid",
  degraded: "text-warn-solid",
  failed: "text-bad-solid",
  stopped: "text-off-solid",
  unknown: "text-unk-solid",
  queued: "text-off-solid",
  deleting: "text-off-solid",
};

/** The 16 px shape of a state. Never alone: a word stands beside it, or `label` is given. `plain` takes the text's colour. */
export function StateMark({ state, label, plain, className }: { state: StateKind; label?: string; plain?: boolean; className?: string }) {
  return (
    <svg
      viewBox="0 0 16 16"
      role={label ? "img" : undefined}
      aria-label={label}
      aria-hidden={label ? undefined : true}
      className={cx("size-4 shrink-0", plain ? "" : colour[state], state === "busy" && "animate-arc motion-reduce:animate-none", className)}
    >
      {shapes[state]}
    </svg>
  );
}
