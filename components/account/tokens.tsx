"use client";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { KeyRound } from "lucide-react";
import type { Me, TokenView } from "../../server/services/views.ts";
import type { Seed } from "../api/seed.ts";
import { useTRPC } from "../api/trpc.ts";
import { useSeeded } from "../api/use-seeded.ts";
import { Card, CardHeader } from "../ui/card.tsx";
import { EmptyState } from "../ui/states.tsx";
import { CreateToken } from "./create-token.tsx";
import { TokenTable } from "./token-table.tsx";

/** Personal tokens, and the way to a new one. */
export function Tokens({ tokens, tenants }: { tokens: Seed<TokenView[]>; tenants: Me["tenants"] }) {
  const trpc = useTRPC();
  const client = useQueryClient();
  const { data } = useSeeded(trpc.me.tokens.queryOptions(), tokens);
  const onSuccess = () => client.invalidateQueries(trpc.me.tokens.pathFilter());
  const create = useMutation(trpc.me.createToken.mutationOptions({ onSuccess }));
  const revoke = useMutation(trpc.me.revokeToken.mutationOptions({ onSuccess }));
  const dialog = { taken: data.map(({ name }) => name), tenants, make: create.mutateAsync };
  return (
    <Card aria-labelledby="tokens">
      <CardHeader id="tokens" title="Tokens" aside={data.length > 0 ? <CreateToken {...dialog} /> : null} />
      {data.length === 0 ? (
        <EmptyState icon={KeyRound} title="Use Kindling from a terminal" action={<CreateToken {...dialog} primary />}>
          A token signs the <code className="font-mono">kindling</code> command in without your password. It expires, and you can revoke it
          at any time.
        </EmptyState>
      ) : (
        <TokenTable label="Tokens" tokens={data} revoke={(id) => revoke.mutateAsync({ id })} />
      )}
    </Card>
  );
}
