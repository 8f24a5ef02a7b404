"use client";
import { type ComponentProps, createContext, type ReactNode, useContext, useId } from "react";
import { cx } from "./cx.ts";
import { StateMark } from "./state-mark.tsx";

interface Wiring {
  id: string;
  "aria-describedby": string | undefined;
  "aria-invalid": true | undefined;
  "aria-required": true | undefined;
  labelId: string;
}

const FieldContext = createContext<Wiring | null>(null);

/** Ids that tie a control to its label, hint and error; every control of ours takes them from here. */
export function useField(): Wiring | null {
  return useContext(FieldContext);
}

export interface FieldProps {
  label: ReactNode;
  /** One line below the label: what it is for. */
  hint?: ReactNode;
  /** What is wrong and what to do; null: nothing. */
  error?: ReactNode;
  required?: boolean;
  /** Hide the label from sight where the page already says it. */
  quiet?: boolean;
  /** At the right of the label: a link, a count. */
  aside?: ReactNode;
  children: ReactNode;
  className?: string;
}

/** Label, control, hint and error in one column. */
export function Field({ label, hint, error, required, quiet, aside, children, className }: FieldProps) {
  const id = useId();
  const described = [error ? `${id}-error` : null, hint ? `${id}-hint` : null].filter(Boolean).join(" ");
  const wiring: Wiring = {
    id,
    labelId: `${id}-label`,
    "aria-describedby": described || undefined,
    "aria-invalid": error ? true : undefined,
    "aria-required": required || undefined,
  };
  return (
    <div className={cx("min-w-0", className)}>
      <div className={cx("mb-1.5 flex items-baseline justify-between gap-2", quiet && "sr-only")}>
        <label id={wiring.labelId} htmlFor={id} className="font-medium">
          {label}
        </label>
        {aside ? <span className="text-muted text-sm">{aside}</span> : null}
      </div>
      <FieldContext value={wiring}>{children}</FieldContext>
      <div aria-live="polite">
        {error ? (
          <p id={`${id}-error`} className="mt-1.5 flex items-start gap-1.5 text-bad text-sm">
            <StateMark state="failed" className="mt-0.5" />
            <span>{error}</span>
          </p>
        ) : null}
      </div>
      {hint ? (
        <p id={`${id}-hint`} className="mt-1.5 text-muted text-sm">
          {hint}
        </p>
      ) : null}
    </div>
  );
}

/** The look of a box to type or choose in; red while invalid. 16 px text under a finger, or phones zoom in. */
export const boxStyle =
  "h-8 w-full min-w-0 rounded-md border border-control bg-surface px-2.5 text-text pointer-coarse:h-10 pointer-coarse:text-lg aria-invalid:border-bad-solid focus-visible:outline-offset-0";

export function Input({ className, ...rest }: ComponentProps<"input">) {
  const field = useField();
  return (
    <input
      id={field?.id}
      aria-describedby={field?.["aria-describedby"]}
      aria-invalid={field?.["aria-invalid"]}
      aria-required={field?.["aria-required"]}
      {...rest}
      className={cx(boxStyle, className)}
    />
  );
}
