"use client";
import { Fragment } from "react";
import { CopyButton } from "../ui/copy-button.tsx";

export interface Command {
  /** "Stop", "Show it". */
  title: string;
  command: string;
}

/** A command line to read and copy; long ones wrap between words, not after the hyphens of an option. */
export function CommandText({ command, what }: { command: string; what: string }) {
  const words = command.split(" ");
  return (
    <div className="flex items-start gap-1 rounded-md bg-sunken py-1 pr-1 pl-2.5">
      <code className="min-w-0 flex-1 self-center break-words font-mono">
        {words.map((word, at) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: a word may be there twice, and none moves
          <Fragment key={at}>
            {at > 0 ? " " : null}
            <span className="inline-block max-w-full">{word}</span>
          </Fragment>
        ))}
      </code>
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
