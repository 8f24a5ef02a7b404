import { ChevronDown } from "lucide-react";
import type { ChangeEvent } from "react";
import { cx } from "./cx.ts";
import { boxStyle, useField } from "./field.tsx";

/** Held by the page, or by the form that it is sent with. */
type Chosen = { value: string; onChange: (value: string) => void } | { name: string; defaultValue: string };

export interface Choice {
  value: string;
  label: string;
}

export type NativeSelectProps = Chosen & {
  options: Choice[];
  /** Needed outside a Field. */
  label?: string;
};

/** The browser's own list of choices: phones show theirs, and a page of tables needs no script for it. Options with more than a label: Select. */
export function NativeSelect({ options, label, ...chosen }: NativeSelectProps) {
  const field = useField();
  const held =
    "onChange" in chosen ? { ...chosen, onChange: (event: ChangeEvent<HTMLSelectElement>) => chosen.onChange(event.target.value) } : chosen;
  return (
    <span className="relative block">
      <select
        id={field?.id}
        aria-label={label}
        aria-describedby={field?.["aria-describedby"]}
        aria-invalid={field?.["aria-invalid"]}
        {...held}
        className={cx(boxStyle, "appearance-none truncate pr-8")}
      >
        {options.map((option) => (
          <option key={option.value} value={option.value}>
            {option.label}
          </option>
        ))}
      </select>
      <ChevronDown aria-hidden="true" className="pointer-events-none absolute top-1/2 right-2.5 size-4 -translate-y-1/2 text-muted" />
    </span>
  );
}
