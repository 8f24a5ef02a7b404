"use client";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import type { PendingInvitation } from "../../../server/services/hosts/enrol-schemas.ts";
import { failure } from "../../api/failure.ts";
import { useTRPC } from "../../api/trpc.ts";
import { Button } from "../../ui/button.tsx";
import { Card, CardHeader } from "../../ui/card.tsx";
import { useServerNow } from "../../ui/clock.tsx";
import { StateBadge } from "../../ui/state-badge.tsx";
import { notify } from "../../ui/toast.tsx";
import { remaining } from "../model/command-line.ts";

/** Commands that were given out and not used yet; they end by themselves. */
export function Pending({ invitations }: { invitations: PendingInvitation[] }) {
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
            <Button
              size="sm"
              variant="ghost"
              className="ml-auto"
              aria-label={`Withdraw the command for ${one.name}`}
              busy={withdraw.isPending && withdraw.variables?.id === one.id}
              onClick={() => withdraw.mutate({ id: one.id })}
            >
              Withdraw
            </Button>
          </li>
        ))}
      </ul>
    </Card>
  );
}
