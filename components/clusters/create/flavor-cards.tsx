"use client";
import type { DistributionView, FlavorView } from "../../../server/services/views.ts";
import { megabytes, plural } from "../../ui/format.ts";
import { RadioCards } from "../../ui/radio-cards.tsx";
import { bySize, tooSmall } from "../model/form.ts";
import { vcpu } from "../model/format.ts";

interface Props {
  flavors: FlavorView[];
  distribution: DistributionView | undefined;
  part: "master" | "worker";
  value: string;
  onChange: (slug: string) => void;
}

/** "2 vCPU · 3 GB · 5 GB /data"; lines break between facts only. */
function facts({ vcpus, memoryMb, dataGb, rootGb, gpus }: FlavorView): string {
  const all = [
    vcpu(vcpus),
    megabytes(memoryMb),
    ...(gpus > 0 ? [plural(gpus, "GPU")] : []),
    `${dataGb} GB /data`,
    ...(rootGb > 20 ? [`${rootGb} GB root`] : []),
  ];
  return all.map((fact) => fact.replaceAll(" ", "\u00a0")).join(" · ");
}

/** Flavors with their figures in sight; one that the part cannot live in says what it lacks. */
export function FlavorCards({ flavors, distribution, part, value, onChange }: Props) {
  return (
    <RadioCards
      columns={3}
      dense
      value={value}
      onChange={onChange}
      cards={[...flavors].sort(bySize).map((flavor) => ({
        value: flavor.slug,
        title: flavor.name,
        detail: facts(flavor),
        reason: tooSmall(flavor, distribution, part),
      }))}
    />
  );
}
