"use client";
import { CapabilitySetId, capabilitySets } from "../../../agents/protocol/capability.ts";
import { Card, CardHeader } from "../../ui/card.tsx";
import { Checkbox } from "../../ui/checkbox.tsx";
import { Field } from "../../ui/field.tsx";
import { NativeSelect } from "../../ui/native-select.tsx";
import { type SettingValues, toggledSets } from "../model.ts";

type Sets = Pick<SettingValues, "capabilitySets" | "capabilitySet">;

interface Props {
  values: Sets;
  onChange: (next: Sets) => void;
  error: string | null;
}

/** What the tenant's containers may do: the sets that its clusters can have, and the one that they get unless they ask for another. */
export function Rights({ values, onChange, error }: Props) {
  return (
    <Card aria-labelledby="rights">
      <CardHeader id="rights" title="What its containers may do" aside="From each cluster's next start on" />
      <div className="grid gap-4 p-4">
        <fieldset className="grid gap-3 sm:grid-cols-2">
          <legend className="mb-2 font-medium">Its clusters can have</legend>
          {CapabilitySetId.options.map((id) => {
            const { name, summary, capabilities } = capabilitySets[id];
            return (
              <Checkbox
                key={id}
                checked={values.capabilitySets.includes(id)}
                onChange={(on) => onChange(toggledSets(values, id, on))}
                label={name}
                detail={
                  <>
                    {summary}
                    <span className="mt-0.5 block break-words font-mono text-xs">{capabilities.join(" ")}</span>
                  </>
                }
              />
            );
          })}
        </fieldset>
        <div className="grid gap-4 sm:grid-cols-2 lg:grid-cols-3">
          <Field label="Given unless another is chosen" error={error}>
            <NativeSelect
              value={values.capabilitySet}
              onChange={(next) => {
                const { data } = CapabilitySetId.safeParse(next);
                if (data) onChange({ ...values, capabilitySet: data });
              }}
              options={values.capabilitySets.map((id) => ({ value: id, label: capabilitySets[id].name }))}
            />
          </Field>
        </div>
      </div>
    </Card>
  );
}
