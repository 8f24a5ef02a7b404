"use client";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import type { SessionView } from "../../server/services/views.ts";
import { failure } from "../api/failure.ts";
import type { Seed } from "../api/seed.ts";
import { useTRPC } from "../api/trpc.ts";
import { useSeeded } from "../api/use-seeded.ts";
import { signOut } from "../shell/auth.ts";
import { Button } from "../ui/button.tsx";
import { Card, CardHeader } from "../ui/card.tsx";
import { StateBadge } from "../ui/state-badge.tsx";
import { Table, Tbody, Td, Th, Thead, Tr } from "../ui/table.tsx";
import { Time } from "../ui/time.tsx";
import { notify } from "../ui/toast.tsx";
import { EndOthers } from "./end-others.tsx";

/** Where one is signed in. Ending a session takes effect at once, in notebooks too. */
export function Sessions({ sessions }: { sessions: Seed<SessionView[]> }) {
  const trpc = useTRPC();
  const client = useQueryClient();
  const { data } = useSeeded(trpc.me.sessions.queryOptions(), sessions);
  const revoke = useMutation(
    trpc.me.revokeSession.mutationOptions({
      onSuccess: async () => {
        notify("ok", "The session is ended");
        await client.invalidateQueries(trpc.me.sessions.pathFilter());
      },
      onError: (error) => notify("bad", "The session could not be ended", failure(error).message),
    }),
  );
  return (
    <Card aria-labelledby="sessions">
      <CardHeader
        id="sessions"
        title="Sessions"
        aside={data.length > 1 ? <EndOthers count={data.filter((session) => !session.current).length} /> : null}
      />
      <Table label="Sessions">
        <Thead>
          <Tr>
            <Th>Browser</Th>
            <Th>Last seen</Th>
            <Th wide>Address</Th>
            <Th extra>Signed in</Th>
            <Th wide>Ends</Th>
            <Th number>
              <span className="sr-only">Actions</span>
            </Th>
          </Tr>
        </Thead>
        <Tbody>
          {data.map((session) => (
            <Tr key={session.id}>
              <Td>
                <span className="flex flex-wrap items-center gap-x-2 gap-y-1">
                  {session.browser}
                  {session.current ? <StateBadge state="ready" word="This one" /> : null}
                </span>
              </Td>
              <Td className="whitespace-nowrap text-muted">
                <Time at={session.lastSeenAt} />
              </Td>
              <Td wide className="font-mono text-sm">
                {session.ip ?? ""}
              </Td>
              <Td extra className="whitespace-nowrap text-muted">
                <Time at={session.createdAt} />
              </Td>
              <Td wide className="whitespace-nowrap text-muted">
                <Time at={session.endsAt} />
                {session.idleEndsAt < session.endsAt ? (
                  <span className="block text-xs">
                    unused: <Time at={session.idleEndsAt} />
                  </span>
                ) : null}
              </Td>
              <Td number>
                {session.current ? (
                  <Button size="sm" onClick={() => void signOut()}>
                    Sign out
                  </Button>
                ) : (
                  <Button
                    size="sm"
                    aria-label={`End the session of ${session.browser}`}
                    busy={revoke.isPending && revoke.variables.id === session.id}
                    onClick={() => revoke.mutate({ id: session.id })}
                  >
                    End
                  </Button>
                )}
              </Td>
            </Tr>
          ))}
        </Tbody>
      </Table>
      <p className="border-t px-4 py-2 text-muted text-sm">
        A session ends when it has not been used for two hours, and in any case twelve hours after signing in.
      </p>
    </Card>
  );
}
