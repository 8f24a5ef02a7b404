/** A log as it is known so far. Lines keep their number while older ones fall off, so that what one reads does not move. */
export interface LogTail {
  /** Number of the first line kept. */
  first: number;
  lines: string[];
  /** True when what came last did not join on: lines in between were never seen. */
  gap: boolean;
}

export const emptyTail: LogTail = { first: 0, lines: [], gap: false };

/**
 * Joins the last bytes of a log, fetched again and again, to what is known. The overlap is found in the text itself, because the
 * log has no offsets; of several possible overlaps the longest counts, so identical lines are never shown twice.
 * @param whole true when `text` is shorter than what was asked for: then its first line is a whole one
 * @param keep most lines that stay
 */
export function joinTail(known: LogTail, text: string, whole: boolean, keep = 5000): LogTail {
  const fresh = text.split("\n");
  if (fresh[fresh.length - 1] === "") fresh.pop();
  if (!whole) fresh.shift();
  if (fresh.length === 0) return known;
  if (known.lines.length === 0) return cut({ first: 0, lines: fresh, gap: false }, keep);
  // The last known line may have been caught half-written: it counts as the beginning of its successor.
  const overlap = overlapping(known.lines, fresh);
  if (overlap === 0) return cut({ first: known.first + known.lines.length, lines: fresh, gap: true }, keep);
  const lines = [...known.lines.slice(0, known.lines.length - overlap), ...fresh];
  if (lines.length === known.lines.length && lines[lines.length - 1] === known.lines[known.lines.length - 1]) return known;
  return cut({ ...known, lines }, keep);
}

/** Length of the longest end of `known` that is the beginning of `fresh`; the very last known line may be a beginning of its counterpart. */
function overlapping(known: readonly string[], fresh: readonly string[]): number {
  for (let length = Math.min(known.length, fresh.length); length > 0; length--) {
    const offset = known.length - length;
    let same = fresh[length - 1]!.startsWith(known[known.length - 1]!);
    for (let i = 0; same && i < length - 1; i++) same = known[offset + i] === fresh[i];
    if (same) return length;
  }
  return 0;
}

function cut(tail: LogTail, keep: number): LogTail {
  const extra = tail.lines.length - keep;
  return extra > 0 ? { ...tail, first: tail.first + extra, lines: tail.lines.slice(extra) } : tail;
}

/** A filter as typed: a regular expression, or a sentence saying why it is none. Case does not matter. */
export function logFilter(source: string): { test: ((line: string) => boolean) | null; problem: string | null } {
  if (source === "") return { test: null, problem: null };
  try {
    const expression = new RegExp(source, "iu");
    return { test: (line) => expression.test(line), problem: null };
  } catch {
    return { test: null, problem: "This is not a regular expression; a \\ before a special character makes it plain." };
  }
}
