import { cx } from "./cx.ts";
import { flamePath } from "./flame-path.ts";

/** The mark: one flame with its core cut out, drawn on a grid of 24. */
export function Flame({ className }: { className?: string }) {
  return (
    <svg viewBox="0 0 24 24" aria-hidden="true" className={cx("shrink-0 text-accent", className ?? "size-6")} fill="currentColor">
      <path fillRule="evenodd" d={flamePath} />
    </svg>
  );
}

/** Mark and name. */
export function Wordmark() {
  return (
    <span className="inline-flex items-center gap-2 font-semibold text-lg tracking-tight">
      <Flame className="size-5" />
      Kindling
    </span>
  );
}
