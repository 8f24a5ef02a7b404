"use client";
import { Check, Copy } from "lucide-react";
import { useEffect, useState } from "react";
import { Button } from "./button.tsx";
import { cx } from "./cx.ts";

/** Copies text; says so in place and to screen readers. `what` names it: "the address of kindling-1". */
export function CopyButton({ text, what, label, small }: { text: string; what: string; label?: string; small?: boolean }) {
  const [state, setState] = useState<"idle" | "copied" | "refused">("idle");
  useEffect(() => {
    if (state === "idle") return;
    const timer = setTimeout(() => setState("idle"), 2000);
    return () => clearTimeout(timer);
  }, [state]);
  const copy = () => {
    navigator.clipboard.writeText(text).then(
      () => setState("copied"),
      () => setState("refused"),
    );
  };
  const said = state === "copied" ? "Copied" : state === "refused" ? "The browser refused; select and copy by hand" : "";
  return (
    <>
      <Button
        variant={label && !small ? "secondary" : "ghost"}
        size={label ? (small ? "sm" : "md") : "iconSm"}
        aria-label={label ? undefined : `Copy ${what}`}
        onClick={copy}
      >
        {state === "copied" ? (
          <Check aria-hidden="true" className="size-4 text-ok-solid" />
        ) : (
          <Copy aria-hidden="true" className="size-4" />
        )}
        {label ? (state === "copied" ? "Copied" : label) : null}
      </Button>
      <span role="status" className={state === "refused" ? "text-bad text-sm" : "sr-only"}>
        {said}
      </span>
    </>
  );
}

/** An address, id or command in mono with its copy button. `plain` drops the sunken box: for table cells. */
export function CopyText({ text, what, plain, className }: { text: string; what: string; plain?: boolean; className?: string }) {
  return (
    <span
      className={cx(
        "inline-flex min-w-0 max-w-full items-center gap-1",
        plain ? "" : "rounded-md bg-sunken py-0.5 pr-0.5 pl-2.5",
        className,
      )}
    >
      <code className="min-w-0 flex-1 truncate font-mono">{text}</code>
      <CopyButton text={text} what={what} />
    </span>
  );
}
