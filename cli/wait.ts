import { setTimeout as pause } from "node:timers/promises";
import { TRPCClientError } from "@trpc/client";
import type { ClusterView } from "../server/services/clusters/schemas.ts";
import { type Changes, listenToChanges } from "./changes.ts";
import type { Call } from "./context.ts";
import { CliError, toCliError } from "./exit.ts";
import { note, stateWords } from "./output.ts";

/** What a command waits for. */
export type Goal = "ready" | "stopped" | "gone";

/** Changes are announced; this is for what was not. */
const everyMs = 3000;
/** Steps follow each other quickly: one look covers those of this many milliseconds. */
const restMs = 100;

function reached(goal: Goal, view: ClusterView, workers: number | null): boolean {
  if (goal === "gone" || view.state.phase !== goal) return false;
  if (workers === null) return true;
  // A resize has not begun while the cluster is still ready with its old size, or reason "more workers wait".
  return (
    view.nodes.filter((node) => node.role === "worker" && node.state.phase !== "deleting").length === workers &&
    view.nodes.length === workers + 1
  );
}

/** Looks until the cluster is as wanted, and says each change of its state once. @throws CliError failed, timeout */
export async function waitFor(
  call: Call,
  ref: { tenant: string; cluster: string },
  goal: Goal,
  options: { seconds: number; workers?: number | null },
): Promise<ClusterView | null> {
  const changes = listenToChanges(call, ref);
  try {
    return await watch(call, ref, goal, options, changes);
  } finally {
    changes.close();
  }
}

async function watch(
  call: Call,
  ref: { tenant: string; cluster: string },
  goal: Goal,
  options: { seconds: number; workers?: number | null },
  changes: Changes,
): Promise<ClusterView | null> {
  const until = performance.now() + options.seconds * 1000;
  let said = "";
  for (;;) {
    const view = await look(call, ref, goal);
    if (view === null) return null;
    const words = stateWords(view.state);
    if (words !== said) note(`${view.name}: ${words}`);
    said = words;
    if (reached(goal, view, options.workers ?? null)) return view;
    if (view.state.phase === "failed" && goal !== "gone")
      throw new CliError(
        "failed",
        `${view.name} failed: ${view.state.reason ?? "see its page"}. "kindling cluster retry ${view.name}" tries again.`,
      );
    if (performance.now() > until)
      throw new CliError(
        "timeout",
        `${view.name} is still ${words} after ${options.seconds} s. It goes on without you; look with "kindling cluster show ${view.name}".`,
      );
    await pause(restMs);
    await changes.next(Math.min(everyMs, Math.max(0, until - performance.now())));
  }
}

/** The cluster as it is, or null once it is gone. A platform that restarts meanwhile is waited for. */
async function look(call: Call, ref: { tenant: string; cluster: string }, goal: Goal): Promise<ClusterView | null> {
  for (let attempt = 0; ; attempt += 1)
    try {
      return await call.api.clusters.get.query(ref);
    } catch (error) {
      const { kind } = toCliError(error, call.url);
      if (kind === "not_found" && goal === "gone") return null;
      if (!(error instanceof TRPCClientError) || kind !== "unavailable" || attempt >= 60) throw error;
      await pause(1000);
    }
}
