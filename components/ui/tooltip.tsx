"use client";
import { Tooltip as Base } from "@base-ui/react/tooltip";
import { type ReactElement, type ReactNode, useId } from "react";
import { cx } from "./cx.ts";
import { popupStyle } from "./popup.ts";

export interface TooltipProps {
  content: ReactNode;
  /** A focusable element. */
  children: ReactElement;
  side?: "top" | "right" | "bottom" | "left";
}

/**
 * A sentence on hover and focus. It adds to what is there; it is never the only name of a thing.
 * Screen readers get it as the description, so the popup itself is hidden from them.
 */
export function Tooltip({ content, children, side = "top" }: TooltipProps) {
  const id = useId();
  return (
    <Base.Root>
      <Base.Trigger render={children} aria-describedby={id} delay={300} closeOnClick={false} />
      <span id={id} hidden>
        {content}
      </span>
      <Base.Portal>
        <Base.Positioner sideOffset={6} side={side} className="z-50">
          <Base.Popup aria-hidden="true" className={cx(popupStyle, "max-w-72 rounded-md px-2.5 py-1.5 text-sm")}>
            {content}
          </Base.Popup>
        </Base.Positioner>
      </Base.Portal>
    </Base.Root>
  );
}

/** Neighbouring tooltips open at once after the first. */
export const TooltipProvider = Base.Provider;
