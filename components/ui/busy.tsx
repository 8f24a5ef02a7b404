import { cx } from "./cx.ts";

/** The arc that says "under way", in the colour of the text beside it. Decorative: the word beside it carries the meaning. */
export function Busy({ className }: { className?: string }) {
  return (
    <svg
      viewBox="0 0 16 16"
      aria-hidden="true"
      className={cx("size-4 shrink-0 animate-arc motion-reduce:animate-none", className)}
      fill="none"
    >
      <path d="M8 2a6 6 0 1 0 6 6" stroke="currentColor" strokeWidth="1.75" strokeLinecap="round" />
    </svg>
  );
}

/** A line that says what is being waited for; announced once. */
export function Spinner({ label }: { label: string }) {
  return (
    <p role="status" className="flex items-center gap-2 text-muted">
      <Busy className="text-busy-solid" />
      {label}
    </p>
  );
}
