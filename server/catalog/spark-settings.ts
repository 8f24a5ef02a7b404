import type { Role } from "../../agents/protocol/bundle.ts";
import type { SparkSettings } from "../../agents/protocol/spec.ts";

/** What of a flavor matters to Spark. */
export type Size = { vcpus: number; memoryMb: number };

export type SparkPlan = {
  /** The node's own flavor. */
  flavor: Size;
  role: Role;
  /** Name or address of the master, as every node of the cluster resolves it. */
  masterHost: string;
  /** Public origin of the master's page. */
  masterUiUrl: string;
  /** Cores of all nodes of the cluster together. */
  clusterCores: number;
  /** The workers' flavor, for a master whose applications have to fit on them. Left out where the cluster has no workers of their own. */
  workerFlavor?: Size | undefined;
};

/** Memory in MB that programs take beside the heap that they are given, measured in containers of the smallest flavors. */
const cost = {
  /** tini, supervisord. */
  base: 40,
  /** A daemon's JVM: class metadata, code, threads, network buffers. */
  daemon: 110,
  jupyter: 130,
  /** A notebook's Python with pandas and matplotlib. */
  kernel: 160,
  /** A driver's JVM or an executor's, without heap. */
  jvm: 150,
  /** Per core of an executor: a Python worker. */
  python: 60,
};

/** Spark refuses less than 450 MB of usable heap for a driver or an executor; the serial collector keeps a tenth of the young part back. */
const leastHeap = 512;

/**
 * Derives what Spark is told from the flavors. All in MB.
 *
 * A container's memory is a hard limit, so the sum of everything that may run at once has to stay below it:
 *
 *     worker:  base + worker daemon + slots × (executor heap + JVM + Python workers)
 *     master:  the same + master daemon + Jupyter + drivers × (driver heap + JVM + kernel)
 *
 * `slots` is how many executors a node carries: two where it has two cores and the memory, so that two notebooks progress side by side,
 * otherwise one. An application's executors are all of one size, so the master, where applications start, uses what fits on the smallest node.
 */
export function sparkSettings(plan: SparkPlan): SparkSettings {
  const own = split(plan.flavor, plan.role);
  const peer = plan.role === "master" && plan.workerFlavor ? split(plan.workerFlavor, "worker") : own;
  return {
    masterHost: plan.masterHost,
    masterUiUrl: plan.masterUiUrl,
    cores: cores(plan.flavor),
    daemonMemoryMb: own.daemon,
    workerMemoryMb: own.slots * own.executor,
    executorMemoryMb: Math.min(own.executor, peer.executor),
    driverMemoryMb: own.driver,
    // Half of the cluster, so that a second application finds cores; the larger half, so that a single one is not starved.
    maxCoresPerApplication: Math.max(1, Math.ceil(plan.clusterCores / 2)),
  };
}

function cores(flavor: Size): number {
  return Math.max(1, Math.floor(flavor.vcpus));
}

type Split = { daemon: number; executor: number; driver: number; slots: number };

function split(flavor: Size, role: Role): Split {
  const { memoryMb } = flavor;
  const daemon = memoryMb < 4096 ? 128 : memoryMb < 8192 ? 256 : 512;
  const fixed = cost.base + daemon + cost.daemon + (role === "master" ? daemon + cost.daemon + cost.jupyter : 0);
  const free = memoryMb - fixed;
  if (role === "worker") {
    const { slots, executor } = executors(flavor, free);
    return { daemon, executor, driver: leastHeap, slots };
  }
  // A master's notebooks get half of what is left, for two drivers where two of the least size fit.
  const share = Math.floor(free / 2);
  const drivers = share >= 2 * (leastHeap + cost.jvm + cost.kernel) ? 2 : 1;
  const driver = rounded(Math.max(leastHeap, Math.floor(share / drivers) - cost.jvm - cost.kernel));
  const { slots, executor } = executors(flavor, free - drivers * (driver + cost.jvm + cost.kernel));
  return { daemon, executor, driver, slots };
}

function executors(flavor: Size, free: number): { slots: number; executor: number } {
  const all = cores(flavor);
  const heap = (slots: number) => rounded(Math.floor(free / slots) - cost.jvm - cost.python * Math.ceil(all / slots));
  const slots = all >= 2 && heap(2) >= leastHeap ? 2 : 1;
  return { slots, executor: Math.max(leastHeap, heap(slots)) };
}

/** Whole multiples of 16 MB are easier to read in Spark's pages. */
function rounded(mb: number): number {
  return Math.floor(mb / 16) * 16;
}
