import type { ComponentProps } from "react";
import { cx } from "./cx.ts";
import { boxStyle, useField } from "./field.tsx";

/** Several lines to type or paste. */
export function TextArea({ className, ...rest }: ComponentProps<"textarea">) {
  const field = useField();
  return (
    <textarea
      id={field?.id}
      aria-describedby={field?.["aria-describedby"]}
      aria-invalid={field?.["aria-invalid"]}
      aria-required={field?.["aria-required"]}
      {...rest}
      className={cx(boxStyle, "h-auto resize-y py-1.5 pointer-coarse:h-auto", className)}
    />
  );
}
