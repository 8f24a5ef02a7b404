import { SquareTerminal } from "lucide-react";
import type { NodeView } from "../../../server/services/clusters/schemas.ts";
import { ActionButton } from "../../ui/action-button.tsx";
import { buttonStyle } from "../../ui/button.tsx";

interface Props {
  node: Pick<NodeView, "name" | "terminal">;
  /** On a phone the sign alone, where names need the room. */
  short?: boolean;
}

/** A shell in the node, in a tab of its own. Nothing for people whose business it is not. */
export function TerminalLink({ node, short = false }: Props) {
  const { terminal } = node;
  if (!terminal) return null;
  const look = { variant: "ghost", size: "sm" } as const;
  const label = (
    <>
      <SquareTerminal aria-hidden="true" className="size-4" />
      <span className={short ? "sr-only sm:not-sr-only" : ""}>{terminal.title}</span>
      <span className="sr-only"> on {node.name}</span>
    </>
  );
  if (!terminal.ready)
    return (
      <ActionButton {...look} reason={terminal.reason ?? "It cannot be opened now."}>
        {label}
      </ActionButton>
    );
  return (
    <a href={terminal.href} target="_blank" rel="noopener" className={buttonStyle(look)}>
      {label}
      <span className="sr-only"> (opens in a new tab)</span>
    </a>
  );
}
