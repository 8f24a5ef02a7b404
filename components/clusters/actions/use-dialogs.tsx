"use client";
import dynamic from "next/dynamic";
import { type ReactNode, useState } from "react";
import type { DialogName } from "./dialogs.tsx";

const Dialogs = dynamic(() => import("./dialogs.tsx").then((module) => module.Dialogs), { ssr: false });

/** Opens the cluster's dialogs; render `dialogs` once. They stay mounted after the first, so that closing can be seen. */
export function useDialogs(): { ask: (name: DialogName) => void; dialogs: ReactNode } {
  const [open, setOpen] = useState<DialogName | null>(null);
  const [used, setUsed] = useState(false);
  const ask = (name: DialogName): void => {
    setUsed(true);
    setOpen(name);
  };
  return { ask, dialogs: used ? <Dialogs open={open} onClose={() => setOpen(null)} /> : null };
}
