/** What nodes and the host used during the last hour, a value every five seconds. In memory, bounded, and gone with the agent. */
import type { Metrics } from "../../protocol/verbs.ts";

export const stepMs = 5_000;
const steps = 720;
/** More nodes than a host carries; beyond it the newest ones have no history. 14 kB each. */
const mostSeries = 512;

export interface Sample {
  readonly cpuCores: number;
  readonly memoryMb: number;
  readonly diskUsedMb: number;
}

interface Series {
  readonly at: Float64Array;
  readonly values: Record<keyof Sample, Float32Array>;
  written: number;
}

export interface History {
  add(key: string, atMs: number, sample: Sample): void;
  /** Forgets everything but these. */
  keep(keys: ReadonlySet<string>): void;
  read(key: string): Metrics;
}

export function makeHistory(length = steps, most = mostSeries): History {
  const all = new Map<string, Series>();
  const columns = (): Series["values"] => ({
    cpuCores: new Float32Array(length),
    memoryMb: new Float32Array(length),
    diskUsedMb: new Float32Array(length),
  });
  return {
    add(key, atMs, sample) {
      const series = all.get(key) ?? { at: new Float64Array(length), values: columns(), written: 0 };
      if (!all.has(key)) {
        if (all.size >= most) return;
        all.set(key, series);
      }
      const place = series.written % length;
      series.at[place] = atMs;
      series.values.cpuCores[place] = sample.cpuCores;
      series.values.memoryMb[place] = sample.memoryMb;
      series.values.diskUsedMb[place] = sample.diskUsedMb;
      series.written += 1;
    },
    keep(keys) {
      for (const key of all.keys()) if (!keys.has(key)) all.delete(key);
    },
    read(key) {
      const series = all.get(key);
      const column = (values: Float32Array | Float64Array | undefined): number[] => {
        if (!series || !values) return [];
        const first = series.written % length;
        const whole = series.written < length ? [...values.slice(0, series.written)] : [...values.slice(first), ...values.slice(0, first)];
        return whole.map((value) => Math.round(value * 100) / 100);
      };
      return {
        stepMs,
        at: column(series?.at),
        cpuCores: column(series?.values.cpuCores),
        memoryMb: column(series?.values.memoryMb),
        diskUsedMb: column(series?.values.diskUsedMb),
      };
    },
  };
}
