"use client";
import { Terminal } from "lucide-react";
import dynamic from "next/dynamic";
import { useState } from "react";
import { Button } from "../ui/button.tsx";
import type { Command } from "./command-text.tsx";

const CommandDialog = dynamic(() => import("./command-dialog.tsx").then((module) => module.CommandDialog), { ssr: false });

/** The button "Show command" and its dialog. `commands` is asked when it opens. */
export function ShowCommand({ commands, quiet = false }: { commands: () => Command[]; quiet?: boolean }) {
  const [shown, setShown] = useState<Command[] | null>(null);
  const [open, setOpen] = useState(false);
  return (
    <>
      <Button
        variant={quiet ? "ghost" : "secondary"}
        onClick={() => {
          setShown(commands());
          setOpen(true);
        }}
      >
        {quiet ? <Terminal aria-hidden="true" className="size-4" /> : null}
        Show command
      </Button>
      {shown ? <CommandDialog open={open} onClose={() => setOpen(false)} commands={shown} /> : null}
    </>
  );
}
