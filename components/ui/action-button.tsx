"use client";
import type { ReactNode } from "react";
import { Button, type ButtonProps } from "./button.tsx";
import { Tooltip } from "./tooltip.tsx";

export interface ActionButtonProps extends ButtonProps {
  /** Why the action cannot be taken now. The button stays focusable and says so; null: it can be taken. */
  reason?: string | null;
  children: ReactNode;
}

/** A button that is never silently dead: where the action is not possible it explains on focus and hover. */
export function ActionButton({ reason = null, onClick, ...rest }: ActionButtonProps) {
  return (
    <Tooltip content={reason}>
      {reason ? (
        <Button {...rest} aria-disabled="true" onClick={(event) => event.preventDefault()} />
      ) : (
        <Button {...rest} onClick={onClick} />
      )}
    </Tooltip>
  );
}
