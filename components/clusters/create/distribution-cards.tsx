"use client";
import type { DistributionView } from "../../../server/services/views.ts";
import { duration } from "../../ui/format.ts";
import { RadioCards } from "../../ui/radio-cards.tsx";

interface Props {
  choices: DistributionView[];
  value: string;
  onChange: (id: string) => void;
}

/** What there is to run, what is in it, and whether its image is ready. */
export function DistributionCards({ choices, value, onChange }: Props) {
  if (choices.length === 0)
    return <p className="text-muted">This tenant is offered nothing of this type. A site administrator can change that.</p>;
  return (
    <RadioCards
      columns={2}
      value={value}
      onChange={onChange}
      cards={choices.map((one) => ({
        value: one.id,
        title: one.name,
        detail: (
          <>
            {one.contents.length > 0 ? one.contents.map(({ name, version }) => `${name} ${version}`).join(" · ") : one.summary}
            {note(one) ? <span className="block text-warn">{note(one)}</span> : null}
          </>
        ),
      }))}
    />
  );
}

function note({ image }: DistributionView): string | null {
  if (image.state === "present") return null;
  if (image.state === "failed") return `Its image could not be built${image.reason ? `: ${image.reason}` : "."}`;
  if (image.state === "building") return `Its image is being built${image.progress ? `: ${image.progress}` : "."}`;
  return `Its image is built at the first start${image.seconds ? `, about ${duration(image.seconds * 1000)}` : ", once"}.`;
}
