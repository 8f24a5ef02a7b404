"use client";
import { Radio } from "@base-ui/react/radio";
import { RadioGroup } from "@base-ui/react/radio-group";
import type { ReactNode } from "react";
import { cx } from "./cx.ts";
import { useField } from "./field.tsx";

export interface RadioCard {
  value: string;
  title: string;
  /** Facts below the title: "2 vCPU · 6 GB". */
  detail?: ReactNode;
  /** Why it cannot be chosen; the card stays readable. */
  reason?: string | null;
}

export interface RadioCardsProps {
  value: string | null;
  onChange: (value: string) => void;
  cards: RadioCard[];
  /** Needed outside a Field. */
  label?: string;
  columns?: 2 | 3 | 4;
  /** Two side by side on a phone as well: for many short ones. */
  dense?: boolean;
}

/** One of a few, each with its facts in sight. Arrow keys move, as in every radio group. */
export function RadioCards({ value, onChange, cards, label, columns = 3, dense = false }: RadioCardsProps) {
  const field = useField();
  return (
    <RadioGroup
      id={field?.id}
      value={value ?? ""}
      onValueChange={(next) => {
        if (typeof next === "string") onChange(next);
      }}
      aria-label={label}
      aria-labelledby={label ? undefined : field?.labelId}
      aria-describedby={field?.["aria-describedby"]}
      className={cx(
        "grid gap-2",
        columns === 2 && "sm:grid-cols-2",
        columns === 3 && "sm:grid-cols-3",
        columns === 4 && "sm:grid-cols-4",
        (dense || columns === 4) && "grid-cols-2",
      )}
    >
      {cards.map((card) => (
        <Radio.Root
          key={card.value}
          value={card.value}
          disabled={Boolean(card.reason)}
          render={<div />}
          nativeButton={false}
          className="flex min-w-0 cursor-default gap-2.5 rounded-md border border-control bg-surface px-3 py-2 text-left hover:not-data-disabled:bg-sunken data-checked:border-accent data-checked:bg-accent-soft/40 data-checked:shadow-[inset_0_0_0_1px_var(--accent)] data-disabled:border-border data-disabled:text-muted"
        >
          <span
            aria-hidden="true"
            className="mt-0.5 flex size-4 shrink-0 items-center justify-center rounded-full border border-control bg-surface [[data-checked]>&]:border-accent"
          >
            <Radio.Indicator className="size-2 rounded-full bg-accent" />
          </span>
          <span className="min-w-0">
            <span className="block font-medium">{card.title}</span>
            {card.detail ? <span className="block text-muted text-sm">{card.detail}</span> : null}
            {card.reason ? <span className="block text-sm text-warn">{card.reason}</span> : null}
          </span>
        </Radio.Root>
      ))}
    </RadioGroup>
  );
}
