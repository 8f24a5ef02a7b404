import type { LogView } from "../../../server/services/views.ts";

/** A log as it is known so far. Lines have their number in the file, so that what one reads does not move and a link finds it again. */
export interface LogTail {
  /** Number of the first line kept. */
  first: number;
  lines: string[];
  /** The last line had no end yet: what comes next begins with it anew. */
  half: boolean;
  /** True when what came last did not join on: the log was turned over, or lines in between were never seen. */
  gap: boolean;
  /** Where to go on. */
  after: string | null;
}

export const emptyTail: LogTail = { first: 1, lines: [], half: false, gap: false, after: null };

/**
 * Joins an answer to what is known. Where the host cannot say how it joins, the answer is all there is.
 * @param keep most lines that stay
 */
export function joinTail(known: LogTail, part: LogView, keep = 5000): LogTail {
  if (part.text === "" && part.continues) return part.after === known.after ? known : { ...known, after: part.after };
  const half = !part.text.endsWith("\n");
  const fresh = part.text === "" ? [] : part.text.slice(0, half ? undefined : -1).split("\n");
  if (part.continues) {
    const lines = known.half ? known.lines.slice(0, -1) : known.lines;
    return cut({ ...known, lines: [...lines, ...fresh], half, after: part.after }, keep);
  }
  const same = part.line === null && fresh.length === known.lines.length && fresh.every((line, i) => line === known.lines[i]);
  if (same && known.lines.length > 0) return known;
  return cut(
    {
      first: part.line ?? 1,
      lines: fresh,
      half: fresh.length > 0 && half,
      gap: known.lines.length > 0 && part.line !== null,
      after: part.after,
    },
    keep,
  );
}

function cut(tail: LogTail, keep: number): LogTail {
  const extra = tail.lines.length - keep;
  return extra > 0 ? { ...tail, first: tail.first + extra, lines: tail.lines.slice(extra) } : tail;
}

/** The part of a whole log around one line, for a link to a line that is far from its end. Null: the log has no such line any more. */
export function around(part: LogView, line: number, reach = 2500): LogTail | null {
  const all = joinTail(emptyTail, part, Number.POSITIVE_INFINITY);
  const at = line - all.first;
  if (at < 0 || at >= all.lines.length) return null;
  const from = Math.max(0, at - reach);
  return { ...all, first: all.first + from, lines: all.lines.slice(from, at + reach) };
}

/** The line that an address's end names: "#L123" → 123. */
export function lineOf(hash: string): number | null {
  const found = /^#L([1-9]\d{0,8})$/.exec(hash);
  return found ? Number(found[1]) : null;
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
