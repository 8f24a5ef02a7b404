"use client";
import { useId } from "react";
import type { TenantChoices } from "../../../server/services/tenants/schemas.ts";
import { Card, CardHeader } from "../../ui/card.tsx";
import { Checkbox } from "../../ui/checkbox.tsx";
import { Field } from "../../ui/field.tsx";
import { NativeSelect } from "../../ui/native-select.tsx";
import { type SettingValues, toggledDistributions } from "../model.ts";

type Values = Pick<SettingValues, "distributions" | "distribution">;

interface Props {
  values: Values;
  choices: TenantChoices["distributions"];
  onChange: (next: Partial<Values>) => void;
  errors: { distributions: string | null; distribution: string | null };
}

/** What its new clusters may be made of, and which is offered first. */
export function Distributions({ values, choices, onChange, errors }: Props) {
  const id = useId();
  const { distributions: may, distribution } = values;
  const offered = choices.filter((one) => may?.includes(one.id) ?? true);
  const gone = may?.filter((one) => !choices.some((choice) => choice.id === one)) ?? [];
  return (
    <Card aria-labelledby="distributions">
      <CardHeader id="distributions" title="Distributions" aside="For clusters to come; those it has stay" />
      <div className="grid gap-4 p-4">
        <div className="grid gap-4 sm:grid-cols-2 lg:grid-cols-3">
          <Field label="It may use">
            <NativeSelect
              value={may === null ? "all" : "some"}
              onChange={(next) => onChange({ distributions: next === "all" ? null : choices.map((one) => one.id) })}
              options={[
                { value: "all", label: "All, also those to come" },
                { value: "some", label: "Only those chosen here" },
              ]}
            />
          </Field>
          <Field label="Offered first" error={errors.distribution}>
            <NativeSelect
              value={distribution}
              onChange={(next) => onChange({ distribution: next })}
              options={[{ value: "", label: "The newest" }, ...offered.map((one) => ({ value: one.id, label: one.name }))]}
            />
          </Field>
        </div>
        {may === null ? null : (
          <fieldset className="min-w-0" aria-describedby={errors.distributions ? `${id}-error` : undefined}>
            <legend className="mb-2 font-medium">Its new clusters are made of</legend>
            <div className="grid gap-3 sm:grid-cols-2 lg:grid-cols-3">
              {choices.map((one) => (
                <Checkbox
                  key={one.id}
                  checked={may.includes(one.id)}
                  onChange={(on) => onChange(toggledDistributions(values, one.id, on))}
                  label={one.name}
                  detail={<span className="font-mono text-xs">{one.id}</span>}
                />
              ))}
            </div>
            {gone.length > 0 ? <p className="mt-3 text-muted text-sm">Also chosen, but offered to nobody now: {gone.join(", ")}.</p> : null}
            <div aria-live="polite">
              {errors.distributions ? (
                <p id={`${id}-error`} className="mt-2 text-bad text-sm">
                  {errors.distributions}
                </p>
              ) : null}
            </div>
          </fieldset>
        )}
      </div>
    </Card>
  );
}
