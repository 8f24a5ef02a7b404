"use client";
import { NumberField as Base } from "@base-ui/react/number-field";
import { Minus, Plus } from "lucide-react";
import { useField } from "./field.tsx";

export interface NumberFieldProps {
  value: number | null;
  onChange: (value: number | null) => void;
  min?: number;
  max?: number;
  step?: number;
  name?: string;
  onBlur?: () => void;
  /** Said with the buttons: "workers". */
  unit?: string;
}

const stepper =
  "flex w-8 shrink-0 items-center justify-center text-muted hover:not-data-disabled:bg-sunken hover:not-data-disabled:text-text data-disabled:text-subtle pointer-coarse:w-10 focus-visible:-outline-offset-2";

/** A whole number with steppers; arrow keys, wheel-free. Out of range is the caller's to explain, not to prevent silently. */
export function NumberField({ value, onChange, min, max, step = 1, name, onBlur, unit = "" }: NumberFieldProps) {
  const field = useField();
  return (
    <Base.Root
      id={field?.id}
      value={value}
      onValueChange={onChange}
      min={min}
      max={max}
      step={step}
      name={name}
      format={{ maximumFractionDigits: 0 }}
    >
      <Base.Group className="flex h-8 w-36 overflow-hidden rounded-md border border-control bg-surface pointer-coarse:h-10 pointer-coarse:w-44 has-aria-invalid:border-bad-solid">
        <Base.Decrement aria-label={`Fewer ${unit}`.trim()} className={`${stepper} border-r`}>
          <Minus aria-hidden="true" className="size-4" />
        </Base.Decrement>
        <Base.Input
          onBlur={onBlur}
          aria-describedby={field?.["aria-describedby"]}
          aria-invalid={field?.["aria-invalid"]}
          className="h-full w-full min-w-0 bg-transparent text-center pointer-coarse:text-lg focus-visible:-outline-offset-2"
        />
        <Base.Increment aria-label={`More ${unit}`.trim()} className={`${stepper} border-l`}>
          <Plus aria-hidden="true" className="size-4" />
        </Base.Increment>
      </Base.Group>
    </Base.Root>
  );
}
