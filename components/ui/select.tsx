"use client";
import { Select as Base } from "@base-ui/react/select";
import { Check, ChevronDown } from "lucide-react";
import type { ReactNode } from "react";
import { cx } from "./cx.ts";
import { boxStyle, useField } from "./field.tsx";
import { itemStyle, popupStyle } from "./popup.ts";

export interface Option {
  value: string;
  label: string;
  /** A second line or figure at the right. */
  detail?: ReactNode;
  disabled?: boolean;
}

export interface SelectProps {
  value: string | null;
  onChange: (value: string) => void;
  options: Option[];
  placeholder?: string;
  name?: string;
  /** Needed outside a Field. */
  label?: string;
  className?: string;
}

/** One of a few; for more than a dozen see Combobox. */
export function Select({ value, onChange, options, placeholder = "Choose", name, label, className }: SelectProps) {
  const field = useField();
  return (
    <Base.Root
      items={options}
      value={value}
      name={name}
      onValueChange={(next) => {
        if (next !== null) onChange(next);
      }}
    >
      <Base.Trigger
        id={field?.id}
        aria-label={label}
        aria-labelledby={label ? undefined : field?.labelId}
        aria-describedby={field?.["aria-describedby"]}
        aria-invalid={field?.["aria-invalid"]}
        className={cx(boxStyle, "flex items-center justify-between gap-2 text-left hover:bg-sunken", className)}
      >
        <Base.Value placeholder={placeholder} className="truncate data-placeholder:text-subtle" />
        <Base.Icon className="text-muted">
          <ChevronDown aria-hidden="true" className="size-4" />
        </Base.Icon>
      </Base.Trigger>
      <Base.Portal role="region" aria-label="Choices">
        <Base.Positioner sideOffset={4} alignItemWithTrigger={false} className="z-50 outline-none">
          <Base.Popup className={cx(popupStyle, "min-w-(--anchor-width)")}>
            <Base.List className="max-h-[min(20rem,var(--available-height))] overflow-y-auto p-1">
              {options.map((option) => (
                <Base.Item key={option.value} value={option.value} disabled={option.disabled} className={itemStyle}>
                  <span className="flex size-4 shrink-0 items-center justify-center">
                    <Base.ItemIndicator>
                      <Check aria-hidden="true" className="size-4 text-accent-text" />
                    </Base.ItemIndicator>
                  </span>
                  <Base.ItemText className="flex-1 whitespace-nowrap">{option.label}</Base.ItemText>
                  {option.detail ? <span className="text-muted text-sm">{option.detail}</span> : null}
                </Base.Item>
              ))}
            </Base.List>
          </Base.Popup>
        </Base.Positioner>
      </Base.Portal>
    </Base.Root>
  );
}
