"use client";
import { AlertDialog as Base } from "@base-ui/react/alert-dialog";
import { type ReactElement, type ReactNode, useEffect, useRef, useState } from "react";
import { Button, buttonStyle } from "./button.tsx";
import { cx } from "./cx.ts";
import { Field, Input } from "./field.tsx";
import { Notice } from "./notice.tsx";
import { backdropStyle, popupStyle } from "./popup.ts";

export interface AlertDialogProps {
  title: ReactNode;
  /** What goes and what stays, in words. */
  children: ReactNode;
  trigger?: ReactElement;
  open?: boolean;
  onOpenChange?: (open: boolean) => void;
  /** The verb of the button: "Delete flights". */
  action: string;
  danger?: boolean;
  /** The button that leaves everything as it is; another word where the action itself cancels something. */
  dismiss?: string;
  busy?: boolean;
  /** Why the last attempt was refused. */
  error?: string | null;
  /** Text that has to be typed before the action is taken; submitting without it explains. */
  confirm?: { label: string; text: string };
  /** Closing is the caller's: set `open` to false when it is done. */
  onAction: (typed: string) => void;
}

/** A question before something that cannot be undone. Escape and Cancel leave everything as it is. */
export function AlertDialog(props: AlertDialogProps) {
  const { title, children, trigger, action, danger = true, dismiss = "Cancel", busy = false, error, confirm, onAction } = props;
  const [inner, setInner] = useState(false);
  const open = props.open ?? inner;
  const setOpen = props.onOpenChange ?? setInner;
  const [typed, setTyped] = useState("");
  const [missing, setMissing] = useState(false);
  const field = useRef<HTMLInputElement>(null);
  const cancel = useRef<HTMLButtonElement>(null);

  useEffect(() => {
    if (open) return;
    setTyped("");
    setMissing(false);
  }, [open]);

  return (
    <Base.Root open={open} onOpenChange={setOpen}>
      {trigger ? <Base.Trigger render={trigger} /> : null}
      <Base.Portal>
        <Base.Backdrop className={backdropStyle} />
        <Base.Viewport className="fixed inset-0 z-50 flex items-end justify-center p-3 sm:items-center sm:p-6">
          <Base.Popup
            // The name to type, else the harmless way out; under a finger the keyboard must not cover what is asked.
            initialFocus={(how) => (how === "touch" ? cancel.current : (field.current ?? cancel.current))}
            className={cx(popupStyle, "max-h-full w-full max-w-md overflow-y-auto data-starting-style:translate-y-2")}
          >
            <form
              noValidate
              onSubmit={(event) => {
                event.preventDefault();
                if (confirm && typed.trim() !== confirm.text) {
                  setMissing(true);
                  return;
                }
                if (!busy) onAction(typed.trim());
              }}
            >
              <div className="flex flex-col gap-3 p-4">
                <Base.Title className="font-semibold text-lg">{title}</Base.Title>
                <Base.Description render={<div />} className="text-muted">
                  {children}
                </Base.Description>
                {confirm ? (
                  <Field
                    label={confirm.label}
                    error={missing && typed.trim() !== confirm.text ? `Type "${confirm.text}" to go on; nothing has been changed.` : null}
                  >
                    <Input
                      ref={field}
                      value={typed}
                      onChange={(event) => setTyped(event.target.value)}
                      autoComplete="off"
                      spellCheck={false}
                      className="font-mono text-sm"
                    />
                  </Field>
                ) : null}
                {error ? (
                  <Notice tone="bad" role="alert">
                    {error}
                  </Notice>
                ) : null}
              </div>
              <footer className="flex flex-wrap justify-end gap-2 border-t px-4 py-3">
                <Base.Close ref={cancel} className={buttonStyle({ variant: "secondary" })}>
                  {dismiss}
                </Base.Close>
                <Button type="submit" variant={danger ? "danger" : "primary"} busy={busy}>
                  {action}
                </Button>
              </footer>
            </form>
          </Base.Popup>
        </Base.Viewport>
      </Base.Portal>
    </Base.Root>
  );
}
