"use client";
import { Dialog as Base } from "@base-ui/react/dialog";
import { X } from "lucide-react";
import type { ReactElement, ReactNode } from "react";
import { buttonStyle } from "./button.tsx";
import { cx } from "./cx.ts";
import { backdropStyle } from "./popup.ts";

export interface DrawerProps {
  title: ReactNode;
  trigger?: ReactElement;
  open?: boolean;
  onOpenChange?: (open: boolean) => void;
  side?: "left" | "right";
  /** Wide drawers hold logs. */
  width?: "sm" | "lg";
  /** Hide the title from sight. */
  quiet?: boolean;
  children: ReactNode;
}

/** A panel from the side of the window, over the page. A dialog in all but its place. */
export function Drawer({ title, trigger, open, onOpenChange, side = "right", width = "sm", quiet, children }: DrawerProps) {
  return (
    <Base.Root open={open} onOpenChange={onOpenChange}>
      {trigger ? <Base.Trigger render={trigger} /> : null}
      <Base.Portal>
        <Base.Backdrop className={backdropStyle} />
        <Base.Viewport className={cx("fixed inset-0 z-50 flex items-stretch", side === "right" ? "justify-end" : "justify-start")}>
          <Base.Popup
            className={cx(
              "overlay-motion flex h-full w-[calc(100vw-3rem)] flex-col border-x bg-surface text-text shadow-overlay outline-none",
              width === "sm" ? "max-w-72" : "max-w-3xl",
              side === "right" ? "data-starting-style:translate-x-4" : "data-starting-style:-translate-x-4",
            )}
          >
            <header className={cx("flex items-center justify-between gap-4 px-4 py-2", quiet ? "" : "border-b")}>
              <Base.Title className={quiet ? "sr-only" : "min-w-0 truncate font-semibold"}>{title}</Base.Title>
              <Base.Close aria-label="Close" className={buttonStyle({ variant: "ghost", size: "iconSm", className: "ml-auto" })}>
                <X aria-hidden="true" className="size-4" />
              </Base.Close>
            </header>
            <div className="min-h-0 flex-1 overflow-y-auto overscroll-contain">{children}</div>
          </Base.Popup>
        </Base.Viewport>
      </Base.Portal>
    </Base.Root>
  );
}
