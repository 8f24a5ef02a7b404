"use client";
import { Combobox as Base } from "@base-ui/react/combobox";
import { Check, ChevronDown } from "lucide-react";
import { cx } from "./cx.ts";
import { boxStyle, useField } from "./field.tsx";
import { itemStyle, popupStyle } from "./popup.ts";
import type { Option } from "./select.tsx";

export interface ComboboxProps {
  value: string | null;
  onChange: (value: string | null) => void;
  options: Option[];
  placeholder?: string;
  /** Shown when nothing matches what was typed. */
  empty?: string;
}

/** One of many, found by typing. */
export function Combobox({ value, onChange, options, placeholder = "Type to search", empty = "Nothing matches." }: ComboboxProps) {
  const field = useField();
  return (
    <Base.Root
      items={options}
      value={options.find((option) => option.value === value) ?? null}
      onValueChange={(next) => onChange(next?.value ?? null)}
      itemToStringLabel={(option) => option.label}
    >
      <Base.InputGroup className="relative">
        <Base.Input
          id={field?.id}
          aria-describedby={field?.["aria-describedby"]}
          aria-invalid={field?.["aria-invalid"]}
          placeholder={placeholder}
          className={cx(boxStyle, "pr-8")}
        />
        <Base.Trigger
          aria-label="Show all"
          className="absolute inset-y-0 right-0 flex w-8 items-center justify-center rounded-md text-muted"
        >
          <ChevronDown aria-hidden="true" className="size-4" />
        </Base.Trigger>
      </Base.InputGroup>
      <Base.Portal role="region" aria-label="Choices">
        <Base.Positioner sideOffset={4} className="z-50 outline-none">
          <Base.Popup className={cx(popupStyle, "w-(--anchor-width) max-w-(--available-width)")}>
            <Base.Empty>
              <div className="px-3 py-3 text-muted text-sm">{empty}</div>
            </Base.Empty>
            <Base.List className="max-h-[min(20rem,var(--available-height))] overflow-y-auto p-1 data-empty:p-0">
              {(option: Option) => (
                <Base.Item key={option.value} value={option} disabled={option.disabled} className={itemStyle}>
                  <span className="flex size-4 shrink-0 items-center justify-center">
                    <Base.ItemIndicator>
                      <Check aria-hidden="true" className="size-4 text-accent-text" />
                    </Base.ItemIndicator>
                  </span>
                  <span className="flex-1 truncate">{option.label}</span>
                  {option.detail ? <span className="text-muted text-sm">{option.detail}</span> : null}
                </Base.Item>
              )}
            </Base.List>
          </Base.Popup>
        </Base.Positioner>
      </Base.Portal>
    </Base.Root>
  );
}
