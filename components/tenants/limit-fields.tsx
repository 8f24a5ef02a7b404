"use client";
import { useState } from "react";
import { Field, Input } from "../ui/field.tsx";
import { type LimitValues, rowsOfLimits } from "./model.ts";

interface Props {
  legend: string;
  hint: string;
  values: LimitValues;
  onChange: (values: LimitValues) => void;
  /** There are GPUs to limit. One that is set is shown in any case. */
  gpus: boolean;
  /** What is wrong with one of them; the field is a resource's name. */
  error?: { field: string; message: string } | null;
}

/** Limits in a row; empty is no limit. */
export function LimitFields({ legend, hint, values, onChange, gpus, error }: Props) {
  // Whoever empties it keeps it before their eyes.
  const [set] = useState(values.gpus !== "");
  const rows = rowsOfLimits(gpus || set || values.gpus !== "");
  return (
    <fieldset className="min-w-0">
      <legend className="font-medium">{legend}</legend>
      <p className="mt-0.5 mb-2 text-muted text-sm">{hint}</p>
      <div className={rows.length > 5 ? "grid grid-cols-2 gap-3 sm:grid-cols-6" : "grid grid-cols-2 gap-3 sm:grid-cols-5"}>
        {rows.map(({ resource, label, unit }) => (
          <Field key={resource} label={unit ? `${label}, ${unit}` : label} error={error?.field === resource ? error.message : null}>
            <Input
              value={values[resource]}
              inputMode="decimal"
              placeholder="no limit"
              autoComplete="off"
              onChange={(event) => onChange({ ...values, [resource]: event.target.value })}
            />
          </Field>
        ))}
      </div>
    </fieldset>
  );
}
