import { gb } from "../../planner/words.ts";
import type { Limits } from "./quota.ts";

/** "48 GB" where that is exactly it, else "50000 MB": the trail is not the place to round. */
export const exactMb = (mb: number): string => (mb % 1024 === 0 ? gb(mb) : `${mb} MB`);

/**
 * Limits under the names that people know, for the audit trail.
 * @param whose after each name: " a person"
 */
export function limitWords(limits: Limits, whose = ""): Record<string, string | number> {
  const said = {
    clusters: limits.clusters,
    nodes: limits.nodes,
    vCPUs: limits.vcpus,
    memory: limits.memoryMb === null ? null : exactMb(limits.memoryMb),
    disk: limits.dataGb === null ? null : `${limits.dataGb} GB`,
    GPUs: limits.gpus,
  };
  return Object.fromEntries(Object.entries(said).map(([name, limit]) => [`${name}${whose}`, limit ?? "no limit"]));
}
