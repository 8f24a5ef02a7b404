"use client";
import { KeyRound } from "lucide-react";
import type { TokenView } from "../../server/services/views.ts";
import type { Seed } from "../api/seed.ts";
import { useTRPC } from "../api/trpc.ts";
import { useSeeded } from "../api/use-seeded.ts";
import { Card, CardHeader } from "../ui/card.tsx";
import { EmptyState } from "../ui/states.tsx";
import { Table, Tbody, Td, Th, Thead, Tr } from "../ui/table.tsx";
import { Time } from "../ui/time.tsx";
import { CreateToken } from "./create-token.tsx";
import { RevokeToken } from "./revoke-token.tsx";

/** Personal tokens: what they are called, until when, and when they were last used. Secrets are never shown again. */
export function Tokens({ tokens }: { tokens: Seed<TokenView[]> }) {
  const trpc = useTRPC();
  const { data } = useSeeded(trpc.me.tokens.queryOptions(), tokens);
  return (
    <Card aria-labelledby="tokens">
      <CardHeader id="tokens" title="Tokens" aside={data.length > 0 ? <CreateToken taken={data.map(({ name }) => name)} /> : null} />
      {data.length === 0 ? (
        <EmptyState icon={KeyRound} title="Use Kindling from a terminal" action={<CreateToken taken={[]} primary />}>
          A token signs the <code className="font-mono">kindling</code> command in without your password. It expires, and you can revoke it
          at any time.
        </EmptyState>
      ) : (
        <Table label="Tokens">
          <Thead>
            <Tr>
              <Th>Name</Th>
              <Th>Expires</Th>
              <Th wide>Last used</Th>
              <Th extra>Created</Th>
              <Th number>
                <span className="sr-only">Actions</span>
              </Th>
            </Tr>
          </Thead>
          <Tbody>
            {data.map((token) => (
              <Tr key={token.id}>
                <Td className="max-w-40 truncate">{token.name}</Td>
                <Td className="whitespace-nowrap">
                  <Time at={token.expiresAt} />
                </Td>
                <Td wide className="whitespace-nowrap text-muted">
                  {token.lastUsedAt ? <Time at={token.lastUsedAt} /> : "never"}
                </Td>
                <Td extra className="whitespace-nowrap text-muted">
                  <Time at={token.createdAt} />
                </Td>
                <Td number>
                  <RevokeToken token={token} />
                </Td>
              </Tr>
            ))}
          </Tbody>
        </Table>
      )}
    </Card>
  );
}
