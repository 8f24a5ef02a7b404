import { cva, type VariantProps } from "class-variance-authority";
import type { ReactNode } from "react";
import { type StateKind, StateMark } from "./state-mark.tsx";

const notice = cva("flex flex-wrap gap-2.5 rounded-md border px-3 py-2.5", {
  variants: {
    tone: {
      ok: "border-ok-solid/40 bg-ok-soft text-ok",
      busy: "border-busy-solid/40 bg-busy-soft text-busy",
      warn: "border-warn-solid/40 bg-warn-soft text-warn",
      bad: "border-bad-solid/40 bg-bad-soft text-bad",
      off: "bg-off-soft text-off",
    },
  },
});

const marks: Record<NonNullable<VariantProps<typeof notice>["tone"]>, StateKind> = {
  ok: "ready",
  busy: "busy",
  warn: "degraded",
  bad: "failed",
  off: "stopped",
};

export interface NoticeProps {
  tone: keyof typeof marks;
  title?: ReactNode;
  children?: ReactNode;
  action?: ReactNode;
  /** "alert" interrupts a screen reader; use it for what just happened. */
  role?: "alert" | "status";
}

/** A sentence that stands out: shape, words, colour. */
export function Notice({ tone, title, children, action, role }: NoticeProps) {
  return (
    <div role={role} className={notice({ tone })}>
      <StateMark state={marks[tone]} className="mt-0.5" />
      {/* In a narrow place the action goes below the words; long names break. */}
      <div className="min-w-0 flex-1 basis-52 [overflow-wrap:anywhere]">
        {title ? <p className="font-medium">{title}</p> : null}
        {children ? <div className={title ? "mt-0.5 text-text" : ""}>{children}</div> : null}
      </div>
      {action ? <div className="shrink-0 self-center">{action}</div> : null}
    </div>
  );
}
