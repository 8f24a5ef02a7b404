import type { ComponentProps, ReactNode } from "react";
import { cx } from "./cx.ts";

/**
 * Styled parts of a table with rows of 36 px and a head that sticks. A phone shows name, state and one fact: mark the other columns `wide`
 * (hidden under 640 px) or `extra` (hidden under 1024 px) on both Th and Td.
 */
export function Table({ label, className, ...rest }: ComponentProps<"table"> & { label: string }) {
  return <table {...rest} aria-label={label} className={cx("w-full border-separate border-spacing-0 text-left", className)} />;
}

export function Thead(props: ComponentProps<"thead">) {
  return <thead {...props} />;
}

export function Tbody(props: ComponentProps<"tbody">) {
  return <tbody {...props} className={cx("[&>tr:last-child>td]:border-b-0", props.className)} />;
}

export function Tr({ className, ...rest }: ComponentProps<"tr">) {
  return <tr {...rest} className={cx("group/row", className)} />;
}

interface Reach {
  /** Hidden on a phone. */
  wide?: boolean;
  /** Hidden below 1024 px. */
  extra?: boolean;
  /** Figures: right-aligned. */
  number?: boolean;
  /** Takes the room that is left and cuts off what does not fit; share it between two columns at most. */
  grow?: boolean;
}

const reach = ({ wide, extra, number, grow }: Reach) =>
  cx(extra ? "hidden lg:table-cell" : wide ? "hidden sm:table-cell" : "", number ? "text-right" : "", grow ? "w-1/2 max-w-0 truncate" : "");

export function Th({ wide, extra, number, grow, className, ...rest }: ComponentProps<"th"> & Reach) {
  return (
    <th
      scope="col"
      {...rest}
      className={cx(
        "sticky top-0 z-10 h-9 whitespace-nowrap border-b bg-surface px-3 font-normal text-muted text-xs first:rounded-tl-lg first:pl-4 last:rounded-tr-lg last:pr-4",
        reach({ wide, extra, number, grow }),
        className,
      )}
    />
  );
}

export function Td({ wide, extra, number, grow, className, ...rest }: ComponentProps<"td"> & Reach) {
  return (
    <td
      {...rest}
      className={cx(
        "h-9 border-b px-3 py-1.5 align-middle first:pl-4 last:pr-4 group-hover/row:bg-sunken/60",
        reach({ wide, extra, number, grow }),
        className,
      )}
    />
  );
}

/** The line under or beside a table: "Showing 1 to 6 of 6". */
export function showing(from: number, count: number, total: number): string {
  return total === 0 ? "Nothing to show" : `Showing ${from} to ${from + count - 1} of ${total}`;
}

/** A row that spans the table: for "nothing found" below a filter. */
export function EmptyRow({ columns, children }: { columns: number; children: ReactNode }) {
  return (
    <tr>
      <td colSpan={columns} className="px-4 py-8 text-center text-muted">
        {children}
      </td>
    </tr>
  );
}
