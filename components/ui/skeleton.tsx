import { cx } from "./cx.ts";

/** A grey place where something will be. Appears after a moment only, so that quick pages do not flash. */
export function Skeleton({ className }: { className?: string }) {
  return <div aria-hidden="true" className={cx("animate-pulse rounded-md bg-off-soft", className ?? "h-4 w-full")} />;
}

/** The shape of a page with a title and a table while it loads. */
export function PageSkeleton({ label = "Loading" }: { label?: string }) {
  return (
    <div role="status">
      <span className="sr-only">{label}</span>
      <Skeleton className="h-4 w-40" />
      <Skeleton className="mt-3 h-7 w-64" />
      <Skeleton className="mt-6 h-44 w-full rounded-lg" />
      <Skeleton className="mt-4 h-64 w-full rounded-lg" />
    </div>
  );
}
