import { ChevronDown } from "lucide-react";
import { cx } from "./cx.ts";
import { boxStyle, useField } from "./field.tsx";

export interface NativeSelectProps {
  value: string;
  onChange: (value: string) => void;
  options: { value: string; label: string }[];
  /** Needed outside a Field. */
  label?: string;
}

/** The browser's own list of choices: phones show theirs, and a page of tables needs no script for it. Options with more than a label: Select. */
export function NativeSelect({ value, onChange, options, label }: NativeSelectProps) {
  const field = useField();
  return (
    <span className="relative block">
      <select
        id={field?.id}
        aria-label={label}
        aria-describedby={field?.["aria-describedby"]}
        aria-invalid={field?.["aria-invalid"]}
        value={value}
        onChange={(event) => onChange(event.target.value)}
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
