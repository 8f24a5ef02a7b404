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

interface Props {
  lines: string[];
  /** Number of the first line, so that blocks keep their identity while older lines fall off. */
  first: number;
  wrap: boolean;
}

/** Lines in blocks of a hundred; the browser skips layout and paint of blocks that are out of sight. */
export function LogLines({ lines, first, wrap }: Props) {
  const blocks: { key: number; lines: string[] }[] = [];
  for (let at = 0; at < lines.length; ) {
    const end = Math.min(lines.length, at + chunk - ((first + at) % chunk));
    blocks.push({ key: Math.floor((first + at) / chunk), lines: lines.slice(at, end) });
    at = end;
  }
  return blocks.map((block) => <Block key={block.key} lines={block.lines} wrap={wrap} />);
}

const Block = memo(
  function Block({ lines, wrap }: { lines: string[]; wrap: boolean }) {
    return (
      <div
        className={cx(
          lines.length === chunk && "[contain-intrinsic-size:auto_2000px] [content-visibility:auto]",
          wrap ? "whitespace-pre-wrap break-all" : "w-max min-w-full whitespace-pre",
        )}
      >
        {lines.map((line, index) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: a line's place in its block is its identity
          <div key={index} className="min-h-5">
            {parseAnsi(line).map((span, at) => (
              // biome-ignore lint/suspicious/noArrayIndexKey: spans of one line never move
              <span key={at} className={look(span)}>
                {span.text}
              </span>
            ))}
          </div>
        ))}
      </div>
    );
  },
  (before, after) =>
    before.wrap === after.wrap && before.lines.length === after.lines.length && before.lines.every((line, i) => line === after.lines[i]),
);

function look({ color, bold, dim }: Span): string | undefined {
  return cx(color && colours[color], bold && "font-semibold", dim && !color && "text-subtle") || undefined;
}
