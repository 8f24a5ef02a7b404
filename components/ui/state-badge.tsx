import { cva } from "class-variance-authority";
import type { ReactNode } from "react";
import { type StateKind, StateMark } from "./state-mark.tsx";

const badge = cva(
  "inline-flex h-6 min-w-0 max-w-full items-center gap-1.5 whitespace-nowrap rounded-full pr-2.5 pl-1.5 font-normal text-sm",
  {
    variants: {
      state: {
        ready: "bg-ok-soft text-ok",
        busy: "bg-busy-soft text-busy",
        degraded: "bg-warn-soft text-warn",
        failed: "bg-bad-soft text-bad",
        stopped: "bg-off-soft text-off",
        unknown: "bg-unk-soft text-unk",
        queued: "bg-off-soft text-off",
        deleting: "bg-off-soft text-off",
      },
    },
  },
);

const words: Record<StateKind, string> = {
  ready: "Ready",
  busy: "Working",
  degraded: "Degraded",
  failed: "Failed",
  stopped: "Stopped",
  unknown: "Unknown",
  queued: "Queued",
  deleting: "Deleting",
};

export interface StateBadgeProps {
  state: StateKind;
  /** "Starting"; default: the state's own word. */
  word?: string;
  /** What the word leaves open: "workers 2 of 4", "3 h". Cut off where there is no room. */
  detail?: ReactNode;
  className?: string;
}

/** A state: always shape, word and colour. */
export function StateBadge({ state, word, detail, className }: StateBadgeProps) {
  return (
    <span className={badge({ state, className: className ?? "" })}>
      <StateMark state={state} />
      <span>{word ?? words[state]}</span>
      {detail ? <span className="min-w-0 truncate">{detail}</span> : null}
    </span>
  );
}
