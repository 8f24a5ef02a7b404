import type { FitView } from "../../../server/services/clusters/schemas.ts";
import { megabytes, plural } from "../../ui/format.ts";

export interface FitRow {
  title: string;
  takes: string;
  /** What remains of the tenant's limit afterwards; null: no limit. */
  left: string | null;
  /** It takes more than there is. */
  over: boolean;
}

/** Takes and left, one row a resource. `left` is what the tenant may still use before this cluster. */
export function fitRows({ takes, left }: Pick<FitView, "takes" | "left">): FitRow[] {
  return [
    row("Clusters", 1, left.clusters, String),
    row("Nodes", takes.nodes, left.nodes, String),
    row("vCPU", takes.vcpus, left.vcpus, String),
    row("Memory", takes.memoryMb, left.memoryMb, megabytes),
    row("Disk", takes.dataGb, left.dataGb, (gb) => megabytes(gb * 1024)),
  ];
}

function row(title: string, takes: number, left: number | null, print: (n: number) => string): FitRow {
  return { title, takes: print(takes), left: left === null ? null : print(Math.max(0, left)), over: left !== null && takes > left };
}

/** "this-host: master and 2 workers"; `more`: "this-host: 2 more workers", unless the master is still to come with them. */
export function placementLine({ host, nodes }: FitView["placement"][number], more = false): string {
  if (more && !nodes.includes("master")) return `${host}: ${plural(nodes.length, "more worker")}`;
  const workers = nodes.filter((node) => node !== "master").length;
  const parts = [nodes.includes("master") ? "master" : null, workers > 0 ? plural(workers, "worker") : null].filter(
    (part) => part !== null,
  );
  return `${host}: ${parts.join(" and ")}`;
}

/** What the one-click way out says: "Use Medium", "Use Medium for the master and Small for workers". */
export function nearestLabel(
  nearest: NonNullable<FitView["nearest"]>,
  now: { masterFlavor: string; workerFlavor: string; workerCount: number },
  name: (slug: string) => string,
): string {
  const master = nearest.masterFlavor !== now.masterFlavor;
  const worker = now.workerCount > 0 && nearest.workerFlavor !== now.workerFlavor;
  if (master && worker && nearest.masterFlavor !== nearest.workerFlavor)
    return `Use ${name(nearest.masterFlavor)} for the master and ${name(nearest.workerFlavor)} for workers`;
  if (master && !worker && now.workerCount > 0) return `Use ${name(nearest.masterFlavor)} for the master`;
  if (worker && !master) return `Use ${name(nearest.workerFlavor)} for workers`;
  return `Use ${name(nearest.masterFlavor)}`;
}
