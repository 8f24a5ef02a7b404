import type { ClusterView, StepView } from "../../../server/services/clusters/schemas.ts";
import { usual } from "./format.ts";

export interface TimelineRow {
  id: string;
  title: string;
  detail: string;
  state: StepView["state"];
  /** How long it took, or has taken so far; null before it began. */
  ms: number | null;
  /** Place of its bar in the waterfall, 0 to 1 of the whole. */
  from: number;
  to: number;
  /** A failed step opens itself. */
  open: boolean;
}

export interface Timeline {
  rows: TimelineRow[];
  /** From the beginning until the end, or until now. */
  totalMs: number;
  state: "waiting" | "running" | "done" | "failed";
  /** Whether figures still change. */
  live: boolean;
  /** "usually ready in 9–14 s", "longer than usual (9–14 s)"; null without a history. */
  promise: string | null;
  /** 0 to 1 against the slow end of the usual time; null without a history or once it is over. Never reaches 1 by waiting alone. */
  progress: number | null;
}

/**
 * A pure function of the phase rows and the server's present.
 * @param wanted false once the cluster is to stop or go: then nothing is under way any more, whatever the rows say
 */
export function timeline({ steps, ...rest }: ClusterView["timeline"], now: number, wanted = true): Timeline {
  const input = { ...rest, steps: wanted ? steps : steps.map(interrupted) };
  const begin = Date.parse(input.startedAt);
  const failed = input.steps.some((step) => step.state === "failed");
  const ended = input.endedAt === null ? lastEnd(input.steps, failed || !wanted) : Date.parse(input.endedAt);
  const end = Math.max(begin, ended ?? now);
  const totalMs = end - begin;
  const state = stateOf(input, failed);
  const live = wanted && (state === "running" || state === "waiting");
  return {
    rows: input.steps.map((step, index) => row(step, input.steps, index, begin, totalMs, end)),
    totalMs,
    state,
    live,
    promise: promise(input.usualSeconds, totalMs, live),
    progress: live && input.usualSeconds ? Math.min(0.97, totalMs / 1000 / Math.max(1, input.usualSeconds.to)) : null,
  };
}

function interrupted(step: StepView): StepView {
  return step.state === "running" ? { ...step, state: "waiting", detail: "interrupted", startedAt: null } : step;
}

function stateOf(input: ClusterView["timeline"], failed: boolean): Timeline["state"] {
  if (failed) return "failed";
  if (input.endedAt !== null) return "done";
  return input.steps.some((step) => step.state !== "waiting") ? "running" : "waiting";
}

/** An attempt that failed or was interrupted stands still at the last thing that happened. */
function lastEnd(steps: readonly StepView[], over: boolean): number | null {
  if (!over) return null;
  const known = steps.flatMap(({ startedAt, endedAt }) => [startedAt, endedAt]).flatMap((at) => (at === null ? [] : [Date.parse(at)]));
  return known.length > 0 ? Math.max(...known) : null;
}

function row(step: StepView, all: readonly StepView[], index: number, begin: number, totalMs: number, end: number): TimelineRow {
  const from = step.startedAt === null ? null : Date.parse(step.startedAt);
  const to = from === null ? null : step.endedAt === null ? end : Date.parse(step.endedAt);
  const share = (at: number): number => (totalMs <= 0 ? 0 : Math.min(1, Math.max(0, (at - begin) / totalMs)));
  return {
    id: step.step,
    title: step.title,
    detail: step.detail ?? waitsFor(step, all, index),
    state: step.state,
    ms: from === null || to === null ? null : Math.max(0, to - from),
    from: from === null ? 0 : share(from),
    to: to === null ? 0 : share(to),
    open: step.state === "failed",
  };
}

/** "waits for workers": the step before it that is not done. */
function waitsFor(step: StepView, all: readonly StepView[], index: number): string {
  if (step.state !== "waiting") return "";
  const before = all.slice(0, index).findLast((other) => other.state !== "done");
  if (!before) return "waits";
  return before.step === "placed" ? "waits for a place" : `waits for ${lowerFirst(before.title)}`;
}

/** Sentence case, but names keep theirs: "Workers" → "workers", "Jupyter" stays. */
function lowerFirst(title: string): string {
  return /^(Jupyter|Spark|Zeppelin)/.test(title) ? title : title.charAt(0).toLowerCase() + title.slice(1);
}

function promise(range: { from: number; to: number } | null, totalMs: number, live: boolean): string | null {
  if (!range) return null;
  if (live && totalMs / 1000 > range.to) return `longer than usual (${usual(range)})`;
  return `usually ready in ${usual(range)}`;
}
