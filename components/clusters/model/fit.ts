import type { FitView } from "../../../server/services/clusters/schemas.ts";
import { megabytes, plural } from "../../ui/format.ts";

export interface FitRow {
  title: string;
  takes: string;
  /** What remains of one's own limit before it; null: no limit. */
  mine: Rest | null;
  /** What remains of the tenant's. */
  left: Rest | null;
}

export interface Rest {
  text: string;
  /** It takes more than there is. */
  over: boolean;
}

/** Takes and left, one row a resource. What is left is what the person and the tenant may still use before this cluster. */
export function fitRows({ takes, mine, left }: Pick<FitView, "takes" | "mine" | "left">): FitRow[] {
  const row = (title: string, of: keyof FitView["left"], amount: number, print: (n: number) => string): FitRow => {
    const rest = (most: number | null): Rest | null => (most === null ? null : { text: print(Math.max(0, most)), over: amount > most });
    return { title, takes: print(amount), mine: rest(mine[of]), left: rest(left[of]) };
  };
  return [
    row("Clusters", "clusters", 1, String),
    row("Nodes", "nodes", takes.nodes, String),
    row("vCPU", "vcpus", takes.vcpus, String),
    row("Memory", "memoryMb", takes.memoryMb, megabytes),
    row("Disk", "dataGb", takes.dataGb, (gb) => megabytes(gb * 1024)),
    ...(takes.gpus > 0 || mine.gpus !== null || left.gpus !== null ? [row("GPUs", "gpus", takes.gpus, String)] : []),
  ];
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
