import type { ComponentProps, ReactNode } from "react";
import { cx } from "./cx.ts";

/** A bordered surface. Sections of a page are cards; cards are not nested. */
export function Card({ className, ...rest }: ComponentProps<"section">) {
  return <section {...rest} className={cx("min-w-0 rounded-lg border bg-surface has-[>table]:overflow-clip", className)} />;
}

export interface CardHeaderProps {
  title: ReactNode;
  /** Small text or buttons at the right. */
  aside?: ReactNode;
  id?: string;
  /** Heading level under the page's h1. */
  level?: 2 | 3;
}

export function CardHeader({ title, aside, id, level = 2 }: CardHeaderProps) {
  const Heading = level === 2 ? "h2" : "h3";
  return (
    <header className="flex min-h-11 flex-wrap items-center justify-between gap-x-4 gap-y-1 border-b px-4 py-2">
      <Heading id={id} className="font-semibold">
        {title}
      </Heading>
      {aside ? <div className="flex min-w-0 items-center gap-2 text-muted text-sm">{aside}</div> : null}
    </header>
  );
}

export function CardBody({ className, ...rest }: ComponentProps<"div">) {
  return <div {...rest} className={cx("p-4", className)} />;
}

/** Facts as term and value, two columns on a wide page. */
export function Facts({ items, columns = 1 }: { items: { term: string; value: ReactNode }[]; columns?: 1 | 2 | 3 }) {
  return (
    <dl className={cx("grid gap-x-4 gap-y-3", columns === 2 && "sm:grid-cols-2", columns === 3 && "grid-cols-2 sm:grid-cols-3")}>
      {items.map(({ term, value }) => (
        <div key={term} className="min-w-0">
          <dt className="text-muted text-xs">{term}</dt>
          <dd className="mt-0.5 break-words">{value}</dd>
        </div>
      ))}
    </dl>
  );
}
