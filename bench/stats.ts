/** The middle value; of an even number of values the mean of the middle two. */
export function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  const half = sorted.length / 2;
  const low = sorted[Math.ceil(half) - 1];
  const high = sorted[Math.floor(half)];
  if (low === undefined || high === undefined) throw new Error("no values");
  return (low + high) / 2;
}

export interface Pair {
  ours: number;
  theirs: number;
}

export interface Ratio {
  /** Median and largest of ours ÷ theirs, pair by pair, so that a machine that slows down slows both. */
  median: number;
  worst: number;
  ours: number;
  theirs: number;
  pairs: number;
}

/** Ratios of interleaved pairs. */
export function ratio(pairs: readonly Pair[]): Ratio {
  const ratios = pairs.map(({ ours, theirs }) => ours / theirs);
  return {
    median: median(ratios),
    worst: Math.max(...ratios),
    ours: median(pairs.map((pair) => pair.ours)),
    theirs: median(pairs.map((pair) => pair.theirs)),
    pairs: pairs.length,
  };
}

/** The smallest value that is not below `part` (0 to 1) of the values. */
export function quantile(values: readonly number[], part: number): number {
  const sorted = [...values].sort((a, b) => a - b);
  const found = sorted[Math.max(0, Math.ceil(part * sorted.length) - 1)];
  if (found === undefined) throw new Error("no values");
  return found;
}
