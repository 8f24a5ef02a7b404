import type { NodeView } from "../../../server/services/clusters/schemas.ts";
import { megabytes } from "../../ui/format.ts";
import { Meter } from "../../ui/meter.tsx";

/** What the node uses of what it was given. */
export function Usage({ node }: { node: NodeView }) {
  const { usage, flavor, data } = node;
  const cores = usage ? Math.round(usage.cpuCores * 10) / 10 : null;
  return (
    <div className="grid gap-4 sm:grid-cols-3">
      <Meter
        label="Processor"
        value={cores ?? 0}
        max={flavor.vcpus}
        text={cores === null ? `${flavor.vcpus} vCPU` : `${cores.toFixed(1)} of ${flavor.vcpus} vCPU`}
      />
      <Meter
        label="Memory"
        value={usage?.memoryMb ?? 0}
        max={flavor.memoryMb}
        text={usage ? `${megabytes(usage.memoryMb)} of ${megabytes(flavor.memoryMb)}` : megabytes(flavor.memoryMb)}
      />
      <Meter
        label="/data"
        value={data.usedMb ?? 0}
        max={data.sizeMb}
        text={data.usedMb === null ? megabytes(data.sizeMb) : `${megabytes(data.usedMb)} of ${megabytes(data.sizeMb)}`}
      />
    </div>
  );
}
