"use client";
import { type CapabilitySetId, capabilitySets } from "../../../agents/protocol/capability.ts";
import { RadioCards } from "../../ui/radio-cards.tsx";

interface Props {
  /** Those that the tenant may use. */
  sets: readonly CapabilitySetId[];
  value: CapabilitySetId;
  onChange: (id: string) => void;
}

/** Capability sets with what each means for the people in a node. */
export function SetCards({ sets, value, onChange }: Props) {
  return (
    <RadioCards
      columns={2}
      value={value}
      onChange={onChange}
      cards={sets.map((id) => ({ value: id, title: capabilitySets[id].name, detail: capabilitySets[id].summary }))}
    />
  );
}
