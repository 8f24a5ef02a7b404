import Link from "next/link";
import type { ComponentProps, ReactNode } from "react";
import { buttonStyle, type Look } from "./button.tsx";

export interface LinkButtonProps extends Omit<ComponentProps<typeof Link>, "children">, Look {
  children: ReactNode;
}

/** A link that looks like a button. */
export function LinkButton({ variant, size, wide, className, children, ...rest }: LinkButtonProps) {
  return (
    <Link {...rest} className={buttonStyle({ variant, size, wide, className: className ?? "" })}>
      {children}
    </Link>
  );
}
