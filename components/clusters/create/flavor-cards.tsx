"use client";
import type { DistributionView, FlavorView } from "../../../server/services/views.ts";
import { megabytes } from "../../ui/format.ts";
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
        detail: `${vcpu(flavor.vcpus)} · ${megabytes(flavor.memoryMb)} · ${flavor.dataGb} GB /data${flavor.rootGb > 20 ? ` · ${flavor.rootGb}\u00a0GB\u00a0root` : ""}`,
        reason: tooSmall(flavor, distribution, part),
      }))}
    />
  );
}
