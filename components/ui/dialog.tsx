"use client";
import { Dialog as Base } from "@base-ui/react/dialog";
import { X } from "lucide-react";
import { type ReactElement, type ReactNode, useRef } from "react";
import { buttonStyle } from "./button.tsx";
import { cx } from "./cx.ts";
import { backdropStyle, popupStyle } from "./popup.ts";

export interface DialogProps {
  title: ReactNode;
  description?: ReactNode;
  /** The button that opens it; leave out when `open` is controlled. */
  trigger?: ReactElement;
  open?: boolean;
  onOpenChange?: (open: boolean) => void;
  children: ReactNode;
  /** Buttons at the bottom right, the primary one last. */
  footer?: ReactNode;
  width?: "md" | "lg" | "xl";
}

const widths = { md: "max-w-md", lg: "max-w-2xl", xl: "max-w-4xl" };

/** A modal with a title and a way out. On a phone it fills the width. */
export function Dialog({ title, description, trigger, open, onOpenChange, children, footer, width = "md" }: DialogProps) {
  const body = useRef<HTMLDivElement>(null);
  return (
    <Base.Root open={open} onOpenChange={onOpenChange}>
      {trigger ? <Base.Trigger render={trigger} /> : null}
      <Base.Portal>
        <Base.Backdrop className={backdropStyle} />
        <Base.Viewport className="fixed inset-0 z-50 flex items-end justify-center p-3 sm:items-center sm:p-6">
          {/* What is to be filled in comes first; a dialog that only tells begins at its way out. */}
          <Base.Popup
            initialFocus={() =>
              body.current?.querySelector<HTMLElement>("input:not([type=hidden],[disabled],[aria-hidden=true]), textarea") ?? true
            }
            className={cx(popupStyle, "flex max-h-full w-full flex-col data-starting-style:translate-y-2", widths[width])}
          >
            <header className="flex items-start justify-between gap-4 border-b px-4 py-3">
              <div className="min-w-0">
                <Base.Title className="font-semibold text-lg">{title}</Base.Title>
                {description ? <Base.Description className="mt-0.5 text-muted">{description}</Base.Description> : null}
              </div>
              <Base.Close aria-label="Close" className={buttonStyle({ variant: "ghost", size: "iconSm" })}>
                <X aria-hidden="true" className="size-4" />
              </Base.Close>
            </header>
            <div ref={body} className="min-h-0 flex-1 overflow-y-auto overscroll-contain p-4">
              {children}
            </div>
            {footer ? <footer className="flex flex-wrap justify-end gap-2 border-t px-4 py-3">{footer}</footer> : null}
          </Base.Popup>
        </Base.Viewport>
      </Base.Portal>
    </Base.Root>
  );
}

/** A button inside a dialog that closes it. */
export function DialogClose({ children }: { children: ReactNode }) {
  return <Base.Close className={buttonStyle({ variant: "secondary" })}>{children}</Base.Close>;
}
