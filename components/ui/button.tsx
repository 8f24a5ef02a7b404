import { cva, type VariantProps } from "class-variance-authority";
import type { ComponentProps } from "react";
import { Busy } from "./busy.tsx";

/** Looks of everything that is pressed. 32 px high with a mouse, 40 px under a finger. */
export const buttonStyle = cva(
  "inline-flex shrink-0 select-none items-center justify-center gap-2 whitespace-nowrap rounded-md border font-medium transition-colors aria-disabled:cursor-not-allowed disabled:cursor-not-allowed",
  {
    variants: {
      variant: {
        primary:
          "border-transparent bg-accent text-on-accent hover:not-disabled:bg-accent-hover aria-disabled:bg-off-soft aria-disabled:text-muted aria-disabled:hover:bg-off-soft",
        secondary:
          "border-control bg-surface text-text hover:not-disabled:bg-sunken aria-disabled:border-border aria-disabled:text-muted aria-disabled:hover:bg-surface",
        ghost: "border-transparent bg-transparent text-text hover:not-disabled:bg-sunken aria-disabled:text-muted",
        danger:
          "border-transparent bg-bad-solid text-on-bad hover:not-disabled:bg-bad-hover aria-disabled:bg-off-soft aria-disabled:text-muted aria-disabled:hover:bg-off-soft",
        quietDanger:
          "border-control bg-surface text-bad hover:not-disabled:bg-bad-soft aria-disabled:border-border aria-disabled:text-muted",
      },
      size: {
        sm: "h-7 px-2 text-sm pointer-coarse:h-9",
        md: "h-8 px-3 text-base pointer-coarse:h-10",
        lg: "h-10 px-4 text-base",
        icon: "size-8 p-0 pointer-coarse:size-10",
        iconSm: "size-7 p-0 pointer-coarse:size-9",
      },
      wide: { true: "w-full" },
    },
    defaultVariants: { variant: "secondary", size: "md" },
  },
);

export type Look = VariantProps<typeof buttonStyle>;

export interface ButtonProps extends ComponentProps<"button">, Look {
  /** Shows the arc and takes no second press; the width stays. */
  busy?: boolean;
}

/** A button; `type` is "button" unless said otherwise. For an action that may be refused with a reason, see ActionButton. */
export function Button({ variant, size, wide, busy = false, className, type = "button", children, onClick, ...rest }: ButtonProps) {
  return (
    <button
      {...rest}
      type={type}
      aria-busy={busy || undefined}
      onClick={
        busy
          ? (event) => {
              event.preventDefault();
            }
          : onClick
      }
      className={buttonStyle({ variant, size, wide, className: className ?? "" })}
    >
      {busy ? <Busy /> : null}
      {children}
    </button>
  );
}
