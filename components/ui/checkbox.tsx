"use client";
import { Checkbox as Base } from "@base-ui/react/checkbox";
import { Check } from "lucide-react";
import { type ReactNode, useId } from "react";

export interface CheckboxProps {
  checked: boolean;
  onChange: (checked: boolean) => void;
  label: ReactNode;
  /** One line below: what it means. */
  detail?: ReactNode;
}

export function Checkbox({ checked, onChange, label, detail }: CheckboxProps) {
  const id = useId();
  return (
    <div className="flex gap-2.5">
      <Base.Root
        aria-labelledby={`${id}-label`}
        aria-describedby={detail ? `${id}-detail` : undefined}
        id={id}
        checked={checked}
        onCheckedChange={onChange}
        className="relative mt-0.5 flex size-4 shrink-0 items-center justify-center rounded-sm border border-control bg-surface before:absolute before:-inset-1 data-checked:border-accent data-checked:bg-accent"
      >
        <Base.Indicator className="text-on-accent">
          <Check aria-hidden="true" className="size-3.5" strokeWidth={3} />
        </Base.Indicator>
      </Base.Root>
      <div className="min-w-0">
        <label id={`${id}-label`} htmlFor={id} className="font-medium">
          {label}
        </label>
        {detail ? (
          <div id={`${id}-detail`} className="text-muted text-sm">
            {detail}
          </div>
        ) : null}
      </div>
    </div>
  );
}
