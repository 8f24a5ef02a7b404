import type { Metrics } from "../../agents/protocol/verbs.ts";

export type Figure = "cpuCores" | "memoryMb" | "diskUsedMb";

export interface Line {
  /** Seconds since the epoch. */
  at: number[];
  /** Null: a gap, so that no line is drawn over a stretch in which nobody looked. */
  values: (number | null)[];
}

/** One figure as a line; a stretch without values becomes a gap. Pure. */
export function line(metrics: Metrics, figure: Figure): Line {
  const at: number[] = [];
  const values: (number | null)[] = [];
  for (const [i, time] of metrics.at.entries()) {
    const before = metrics.at[i - 1];
    if (before !== undefined && time - before > 3 * metrics.stepMs) {
      at.push((before + metrics.stepMs) / 1000);
      values.push(null);
    }
    at.push(time / 1000);
    values.push(metrics[figure][i] ?? null);
  }
  return { at, values };
}

export interface Sample {
  /** Milliseconds since the epoch: where the stretch begins. */
  at: number;
  cpuCores: number;
  memoryMb: number;
  diskUsedMb: number;
}

const mean = (values: readonly number[]): number => values.reduce((sum, value) => sum + value, 0) / Math.max(1, values.length);

/** Means of five minutes, the newest first: what the table beside a chart says. Pure. */
export function samples(metrics: Metrics, minutes = 5): Sample[] {
  const width = minutes * 60_000;
  const found = new Map<number, number[]>();
  for (const [i, time] of metrics.at.entries()) {
    const slot = Math.floor(time / width) * width;
    const list = found.get(slot);
    if (list) list.push(i);
    else found.set(slot, [i]);
  }
  const pick = (rows: readonly number[], figure: Figure): number => mean(rows.map((i) => metrics[figure][i] ?? 0));
  return [...found]
    .sort(([a], [b]) => b - a)
    .map(([at, rows]) => ({
      at,
      cpuCores: pick(rows, "cpuCores"),
      memoryMb: pick(rows, "memoryMb"),
      diskUsedMb: pick(rows, "diskUsedMb"),
    }));
}

/**
 * Where the axis ends: the limit, unless what is used is far below it; then a round figure above what is used, of sizes a power of two.
 * Of next to nothing it shows 0.1 cores or 64 MB, so that idling does not look like work.
 */
export function top(values: readonly (number | null)[], limit: number | null, binary = false): number {
  const most = Math.max(0, ...values.map((value) => value ?? 0));
  if (limit !== null && limit > 0 && most > limit / 4) return Math.max(limit, most);
  const room = Math.max(most * 1.2, binary ? 64 : 0.1);
  const unit = 10 ** Math.floor(Math.log10(room));
  const round = binary
    ? 2 ** Math.ceil(Math.log2(room))
    : ([1, 2, 5, 10].map((step) => step * unit).find((step) => step >= room) ?? 10 * unit);
  return limit !== null && limit > 0 ? Math.min(limit, round) : round;
}
