"use client";
import { Terminal } from "lucide-react";
import { useState } from "react";
import { Button } from "../ui/button.tsx";
import { CopyButton } from "../ui/copy-button.tsx";
import { Dialog } from "../ui/dialog.tsx";

/** A command line to read and copy; long ones wrap. */
export function CommandText({ command, what }: { command: string; what: string }) {
  return (
    <div className="flex items-start gap-1 rounded-md bg-sunken py-1 pr-1 pl-2.5">
      <code className="min-w-0 flex-1 self-center break-words font-mono">{command}</code>
      <CopyButton text={command} what={what} />
    </div>
  );
}

/** The same from a terminal, folded away inside a dialog. */
export function CommandFold({ command, what }: { command: string; what: string }) {
  return (
    <details className="group text-sm">
      <summary className="inline-flex min-h-6 items-center text-muted underline underline-offset-3 hover:text-text">Show command</summary>
      <div className="mt-1.5 text-text">
        <CommandText command={command} what={what} />
      </div>
    </details>
  );
}

export interface Command {
  /** "Stop", "Watch it". */
  title: string;
  command: string;
}

/** The button "Show command" and its dialog. `commands` is asked when it opens. */
export function ShowCommand({ commands, quiet = false }: { commands: () => Command[]; quiet?: boolean }) {
  const [open, setOpen] = useState(false);
  const shown = open ? commands() : [];
  return (
    <>
      <Button variant={quiet ? "ghost" : "secondary"} onClick={() => setOpen(true)}>
        {quiet ? <Terminal aria-hidden="true" className="size-4" /> : null}
        Show command
      </Button>
      <Dialog
        open={open}
        onOpenChange={setOpen}
        width="lg"
        title="From a terminal"
        description="The same through the kindling command, signed in with a token of yours."
      >
        <dl className="grid gap-3">
          {shown.map(({ title, command }) => (
            <div key={title}>
              <dt className="mb-1 font-medium">{title}</dt>
              <dd>
                <CommandText command={command} what={`the command ${title}`} />
              </dd>
            </div>
          ))}
        </dl>
      </Dialog>
    </>
  );
}
