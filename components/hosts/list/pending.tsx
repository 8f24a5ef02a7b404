"use client";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import type { RefObject } from "react";
import type { PendingInvitation } from "../../../server/services/hosts/enrol-schemas.ts";
import { failure } from "../../api/failure.ts";
import { useTRPC } from "../../api/trpc.ts";
import { Button } from "../../ui/button.tsx";
import { Card, CardHeader } from "../../ui/card.tsx";
import { useServerNow } from "../../ui/clock.tsx";
import { StateBadge } from "../../ui/state-badge.tsx";
import { notify } from "../../ui/toast.tsx";
import { useHandFocus } from "../../ui/use-hand-focus.ts";
import { remaining } from "../model/command-line.ts";

interface Props {
  invitations: PendingInvitation[];
  /** Gets the focus of a row that goes, if it was the last. */
  after: RefObject<HTMLElement | null>;
}

/** Commands that were given out and not used yet; they end by themselves. */
export function Pending({ invitations, after }: Props) {
  const now = useServerNow(1000);
  const trpc = useTRPC();
  const queries = useQueryClient();
  const withdraw = useMutation(
    trpc.enrolment.withdraw.mutationOptions({
      onSuccess: () => notify("ok", "The command does not count any more"),
      onError: (error) => notify("bad", "It was not withdrawn", failure(error).message),
      onSettled: () => queries.invalidateQueries(trpc.enrolment.pathFilter()),
    }),
  );
  const open = invitations.flatMap((one) => {
    const left = remaining(one.expiresAt, now);
    return left === null ? [] : [{ ...one, left }];
  });
  if (open.length === 0) return null;
  return (
    <Card aria-labelledby="pending" className="mb-4">
      <CardHeader id="pending" title="Waiting to enrol" aside="each command works once" />
      <ul>
        {open.map((one) => (
          <li key={one.id} className="flex flex-wrap items-center gap-x-4 gap-y-1 border-b px-4 py-2 last:border-b-0">
            <span className="font-medium">{one.name}</span>
            <StateBadge state="queued" word="Not heard yet" />
            <span className="text-muted text-sm">
              {one.again ? "a new certificate, " : ""}by {one.createdBy}, ends in {one.left}
            </span>
            <Withdraw
              name={one.name}
              busy={withdraw.isPending && withdraw.variables?.id === one.id}
              onClick={() => withdraw.mutate({ id: one.id })}
              after={after}
            />
          </li>
        ))}
      </ul>
    </Card>
  );
}

function Withdraw({ name, busy, onClick, after }: { name: string; busy: boolean; onClick: () => void; after: Props["after"] }) {
  const ref = useHandFocus((leaving) => leaving.closest("li")?.nextElementSibling?.querySelector("button") ?? after.current);
  return (
    <Button
      ref={ref}
      size="sm"
      variant="ghost"
      className="ml-auto"
      aria-label={`Withdraw the command for ${name}`}
      busy={busy}
      onClick={onClick}
    >
      Withdraw
    </Button>
  );
}
