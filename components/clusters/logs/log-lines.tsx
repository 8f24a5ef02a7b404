"use client";
import { memo } from "react";
import { cx } from "../../ui/cx.ts";
import { type AnsiColor, parseAnsi, type Span } from "../model/ansi.ts";

const colours: Record<AnsiColor, string> = {
  red: "text-bad",
  green: "text-ok",
  yellow: "text-warn",
  blue: "text-link",
  magenta: "text-unk",
  cyan: "text-busy",
  gray: "text-subtle",
};

const chunk = 100;

export interface Row {
  /** Number of the line in the log. */
  n: number;
  text: string;
}

interface Props {
  rows: Row[];
  wrap: boolean;
  /** The line that the address names. */
  marked: number | null;
  /** Address of a line. */
  href: (line: number) => string;
}

/** Lines in blocks of a hundred by their number; the browser skips layout and paint of blocks that are out of sight. */
export function LogLines({ rows, wrap, marked, href }: Props) {
  const blocks: { key: number; rows: Row[] }[] = [];
  for (const row of rows) {
    const key = Math.floor(row.n / chunk);
    const last = blocks[blocks.length - 1];
    if (last?.key === key) last.rows.push(row);
    else blocks.push({ key, rows: [row] });
  }
  return blocks.map((block) => {
    const here = marked !== null && Math.floor(marked / chunk) === block.key ? marked : null;
    return <Block key={block.key} rows={block.rows} wrap={wrap} marked={here} href={href} />;
  });
}

const Block = memo(
  function Block({ rows, wrap, marked, href }: Props) {
    return (
      <div
        className={cx(
          rows.length === chunk && "[contain-intrinsic-size:auto_2000px] [content-visibility:auto]",
          wrap ? "whitespace-pre-wrap break-all" : "w-max min-w-full whitespace-pre",
        )}
      >
        {rows.map(({ n, text }) => (
          <div key={n} data-line={n} className={cx("flex min-h-5", n === marked && "-mx-4 bg-warn-soft px-4")}>
            {/* Numbers are drawn, not written, so that copied lines are the log's own. */}
            <a
              href={href(n)}
              data-n={n}
              tabIndex={n === marked ? 0 : -1}
              className="mr-3 w-[5ch] shrink-0 select-none text-right text-subtle before:content-[attr(data-n)] hover:text-link hover:underline"
            >
              <span className="sr-only">Line {n}</span>
            </a>
            <span className="min-w-0 flex-1">
              {parseAnsi(text).map((span, at) => (
                // biome-ignore lint/suspicious/noArrayIndexKey: spans of one line never move
                <span key={at} className={look(span)}>
                  {span.text}
                </span>
              ))}
            </span>
          </div>
        ))}
      </div>
    );
  },
  (before, after) =>
    before.wrap === after.wrap &&
    before.marked === after.marked &&
    before.rows.length === after.rows.length &&
    before.rows.every((row, i) => row.n === after.rows[i]?.n && row.text === after.rows[i].text),
);

function look({ color, bold, dim }: Span): string | undefined {
  return cx(color && colours[color], bold && "font-semibold", dim && !color && "text-subtle") || undefined;
}
