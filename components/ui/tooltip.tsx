"use client";
import { cloneElement, type HTMLAttributes, type ReactElement, type ReactNode, useEffect, useId, useRef, useState } from "react";
import { place, type Side } from "./place.ts";

export interface TooltipProps {
  /** Null: there is nothing to say, yet. The element stays the same one, and keeps the focus, when that changes. */
  content: ReactNode | null;
  /** A focusable element. */
  children: ReactElement<HTMLAttributes<HTMLElement>>;
  side?: Side;
}

/** How long a pointer rests before the sentence appears, ms; focus does not wait. */
const rest = 300;

/**
 * A sentence on hover and focus. It adds to what is there; it is never the only name of a thing. Shown in the browser's top layer; Escape
 * hides it. Screen readers get it as the description, shown or not.
 */
export function Tooltip({ content, children, side = "top" }: TooltipProps) {
  const id = useId();
  const tip = useRef<HTMLSpanElement>(null);
  const timer = useRef<ReturnType<typeof setTimeout> | undefined>(undefined);
  const [anchor, setAnchor] = useState<HTMLElement | null>(null);
  const silent = content === null;

  const show = (target: HTMLElement, after: number) => {
    clearTimeout(timer.current);
    timer.current = setTimeout(() => setAnchor(target), after);
  };
  const hide = () => {
    clearTimeout(timer.current);
    setAnchor(null);
  };

  useEffect(() => () => clearTimeout(timer.current), []);
  useEffect(() => {
    const element = tip.current;
    if (!anchor || !element || silent) return;
    element.showPopover();
    const { left, top } = place(anchor.getBoundingClientRect(), element.getBoundingClientRect(), side, {
      width: document.documentElement.clientWidth,
      height: window.innerHeight,
    });
    element.style.left = `${left}px`;
    element.style.top = `${top}px`;
    const close = (event: Event) => {
      if (!(event instanceof KeyboardEvent) || event.key === "Escape") setAnchor(null);
    };
    document.addEventListener("keydown", close);
    document.addEventListener("scroll", close, { capture: true, passive: true });
    return () => {
      document.removeEventListener("keydown", close);
      document.removeEventListener("scroll", close, { capture: true });
      element.hidePopover();
    };
  }, [anchor, side, silent]);

  const own = children.props;
  return (
    <>
      {cloneElement(children, {
        "aria-describedby": [own["aria-describedby"], silent ? null : id].filter(Boolean).join(" ") || undefined,
        onPointerEnter: (event) => {
          own.onPointerEnter?.(event);
          if (event.pointerType !== "touch") show(event.currentTarget, rest);
        },
        onPointerLeave: (event) => {
          own.onPointerLeave?.(event);
          hide();
        },
        onFocus: (event) => {
          own.onFocus?.(event);
          show(event.currentTarget, 0);
        },
        onBlur: (event) => {
          own.onBlur?.(event);
          hide();
        },
      })}
      {silent ? null : (
        <span
          ref={tip}
          id={id}
          popover="manual"
          role="tooltip"
          className="fixed inset-auto m-0 max-w-72 rounded-md border bg-raised px-2.5 py-1.5 text-left font-normal text-sm text-text whitespace-normal shadow-overlay"
        >
          {content}
        </span>
      )}
    </>
  );
}
