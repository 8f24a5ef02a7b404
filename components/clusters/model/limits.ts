import type { NodeView } from "../../../server/services/clusters/schemas.ts";

interface Limits {
  cpuCores: number;
  memoryMb: number;
  diskMb: number;
}

/** What these nodes were given together. */
export function limitsOf(nodes: readonly Pick<NodeView, "flavor" | "data">[]): Limits {
  return nodes.reduce(
    (sum, { flavor, data }) => ({
      cpuCores: sum.cpuCores + flavor.vcpus,
      memoryMb: sum.memoryMb + flavor.memoryMb,
      diskMb: sum.diskMb + data.sizeMb,
    }),
    { cpuCores: 0, memoryMb: 0, diskMb: 0 },
  );
}
