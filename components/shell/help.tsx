"use client";
import type { ReactNode } from "react";
import { Checkbox } from "../ui/checkbox.tsx";
import { Dialog } from "../ui/dialog.tsx";
import { Kbd } from "../ui/kbd.tsx";

const rows: { keys: ReactNode; what: string }[] = [
  { keys: <Kbd>Ctrl K</Kbd>, what: "Go to anything (⌘ K on a Mac)" },
  { keys: <Kbd>/</Kbd>, what: "Search this page, or everything" },
  { keys: <Kbd>c</Kbd>, what: "Create a cluster" },
  {
    keys: (
      <>
        <Kbd>g</Kbd> <Kbd>c</Kbd>
      </>
    ),
    what: "Go to clusters",
  },
  {
    keys: (
      <>
        <Kbd>g</Kbd> <Kbd>h</Kbd>
      </>
    ),
    what: "Go home",
  },
  {
    keys: (
      <>
        <Kbd>j</Kbd> <Kbd>k</Kbd>
      </>
    ),
    what: "Next and previous row of a table",
  },
  { keys: <Kbd>?</Kbd>, what: "This help" },
];

export interface HelpProps {
  open: boolean;
  onOpenChange: (open: boolean) => void;
  enabled: boolean;
  onEnabledChange: (enabled: boolean) => void;
}

/** The keys, and the switch that turns single letters off for people whose software types letters by itself. */
export function Help({ open, onOpenChange, enabled, onEnabledChange }: HelpProps) {
  return (
    <Dialog title="Keyboard" open={open} onOpenChange={onOpenChange}>
      <dl className="mb-4">
        {rows.map(({ keys, what }) => (
          <div key={what} className="flex items-center justify-between gap-4 border-b py-1.5 last:border-b-0">
            <dt>{what}</dt>
            <dd className="shrink-0">{keys}</dd>
          </div>
        ))}
      </dl>
      <Checkbox checked={enabled} onChange={onEnabledChange} label="Use single-letter keys" detail="Ctrl K and ⌘ K work in any case." />
    </Dialog>
  );
}
