"use client";
import dynamic from "next/dynamic";
import { useMemo, useState } from "react";
import { clockTime } from "../ui/format.ts";
import { type Line, top } from "./series.ts";

const Plot = dynamic(() => import("./plot.tsx"), { ssr: false, loading: () => <div className="h-[132px]" /> });

export interface ChartProps {
  title: string;
  line: Line;
  /** How much there is; null: not known. */
  limit: number | null;
  /** "1.2 cores", "3.4 GB". */
  format: (value: number) => string;
  /** The same for the axis, where there is less room. */
  tick: (value: number) => string;
  /** Sizes count by powers of two. */
  binary?: boolean;
  sync: string;
}

/** A figure over the last hour: its value now, or where the cursor stands. */
export function Chart({ title, line, limit, format, tick, binary = false, sync }: ChartProps) {
  const [cursor, setCursor] = useState<number | null>(null);
  const max = useMemo(() => top(line.values, limit, binary), [line, limit, binary]);
  const index = cursor ?? line.values.length - 1;
  const value = line.values[index] ?? null;
  const at = line.at[index];
  return (
    <figure className="min-w-0">
      <figcaption className="mb-1 flex items-baseline justify-between gap-2">
        <span className="font-medium">{title}</span>
        <span className="whitespace-nowrap text-muted text-sm">
          {value === null ? "nothing known" : format(value)}
          {limit === null || value === null ? "" : ` of ${format(limit)}`}
          {cursor !== null && at !== undefined ? ` at ${clockTime(at * 1000)}` : ""}
        </span>
      </figcaption>
      <Plot line={line} max={max} tick={tick} binary={binary} sync={sync} onCursor={setCursor} />
    </figure>
  );
}
