"use client";
import { Dialog } from "../ui/dialog.tsx";
import { type Command, CommandText } from "./command-text.tsx";

/** Commands with what they do, each to copy. */
export function CommandDialog({ open, onClose, commands }: { open: boolean; onClose: () => void; commands: Command[] }) {
  return (
    <Dialog
      open={open}
      onOpenChange={(next) => next || onClose()}
      width="lg"
      title="From a terminal"
      description="The same through the kindling command, signed in with a token of yours."
    >
      <dl className="grid gap-3">
        {commands.map(({ title, command }) => (
          <div key={title}>
            <dt className="mb-1 font-medium">{title}</dt>
            <dd>
              <CommandText command={command} what={`the command ${title}`} />
            </dd>
          </div>
        ))}
      </dl>
    </Dialog>
  );
}
