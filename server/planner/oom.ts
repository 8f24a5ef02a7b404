import type { NodeObservation } from "../../agents/protocol/observed.ts";
import type { FlavorRow, NodeRow } from "./snapshot.ts";
import { ago, gb } from "./words.ts";

const shownForMs = 24 * 3600 * 1000;

/** Half as much again is the least that changes something. */
const enough = 1.5;

/**
 * "The kernel ran out of memory (limit 2 GB) 3 min ago; Medium with 6 GB would do.", or null when nothing was killed in the last day.
 * @param seen the node's last picture
 */
export function oomWarning(
  seen: Pick<NodeObservation, "oomKills" | "lastOom"> | null,
  node: Pick<NodeRow, "memoryMb" | "vcpus">,
  flavors: readonly Pick<FlavorRow, "name" | "memoryMb" | "vcpus" | "retired">[],
  now: number,
): string | null {
  if (!seen?.lastOom) return null;
  const since = now - Date.parse(seen.lastOom.at);
  if (since > shownForMs) return null;
  const limit = gb(node.memoryMb);
  const said = `${victim(seen.lastOom.process)} ran out of memory (limit ${limit}) ${ago(since)} ago`;
  const better = flavors
    .filter((flavor) => !flavor.retired && flavor.memoryMb >= node.memoryMb * enough && flavor.vcpus >= node.vcpus)
    .sort((a, b) => a.memoryMb - b.memoryMb || a.vcpus - b.vcpus)[0];
  return better
    ? `${said}; ${better.name} with ${gb(better.memoryMb)} would do.`
    : `${said}; no flavor has more, so use less data at once.`;
}

function victim(process: string | null): string {
  if (process === null) return "A process";
  if (/python|ipykernel/.test(process)) return "The kernel";
  return /java/.test(process) ? "A Spark process" : `The process ${process}`;
}
