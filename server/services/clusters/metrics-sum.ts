import type { Metrics } from "../../../agents/protocol/verbs.ts";

/** How many steps a node's last value stands for it where it has none: hosts do not look at the same moment. */
const hold = 3;

/**
 * Several hours of figures as one, on a common raster. Hosts' ticks differ: a node counts with its newest value that is at most a few steps
 * old, and not at all before its start and after its end. Pure.
 */
export function sumMetrics(all: readonly Metrics[]): Metrics {
  const stepMs = Math.max(1, ...all.map((one) => one.stepMs));
  const sums = new Map<number, { cpu: number; memory: number; disk: number }>();
  for (const one of all) {
    const slots = one.at.map((at) => Math.floor(at / stepMs));
    for (const [i, slot] of slots.entries()) {
      const next = slots[i + 1];
      // Two values within one step: the newer one counts.
      if (next === slot) continue;
      const end = next === undefined ? slot + 1 : next - slot <= hold ? next : slot + 1;
      for (let at = slot; at < end; at += 1) {
        const sum = sums.get(at) ?? { cpu: 0, memory: 0, disk: 0 };
        sum.cpu += one.cpuCores[i] ?? 0;
        sum.memory += one.memoryMb[i] ?? 0;
        sum.disk += one.diskUsedMb[i] ?? 0;
        sums.set(at, sum);
      }
    }
  }
  const rows = [...sums].sort(([a], [b]) => a - b);
  return {
    stepMs,
    at: rows.map(([slot]) => slot * stepMs),
    cpuCores: rows.map(([, sum]) => round(sum.cpu)),
    memoryMb: rows.map(([, sum]) => round(sum.memory)),
    diskUsedMb: rows.map(([, sum]) => round(sum.disk)),
  };
}

const round = (value: number): number => Math.round(value * 1000) / 1000;
