"use client";
import { Bot } from "lucide-react";
import dynamic from "next/dynamic";
import type { AccountView } from "../../server/services/accounts/schemas.ts";
import type { Seed } from "../api/seed.ts";
import { useTRPC } from "../api/trpc.ts";
import { useSeeded } from "../api/use-seeded.ts";
import { Button } from "../ui/button.tsx";
import { Card } from "../ui/card.tsx";
import { plural } from "../ui/format.ts";
import { PageHeader } from "../ui/page-header.tsx";
import { EmptyState } from "../ui/states.tsx";
import { useLazyOpen } from "../ui/use-lazy-open.ts";
import { AccountCard } from "./account-card.tsx";

const NewAccount = dynamic(() => import("./new-account.tsx").then((module) => module.NewAccount), { ssr: false });

/** The tenant's accounts for programs: their tokens, what they own, and whether they count. */
export function AccountsPage({ tenant, accounts }: { tenant: string; accounts: Seed<AccountView[]> }) {
  const trpc = useTRPC();
  const { data } = useSeeded(trpc.accounts.list.queryOptions({ tenant }), accounts);
  const { mounted, open, setOpen } = useLazyOpen();
  const add = (
    <Button variant="primary" onClick={() => setOpen(true)}>
      New service account
    </Button>
  );
  return (
    <>
      <PageHeader
        title="Service accounts"
        facts={data.length > 0 ? [plural(data.length, "account", "accounts"), "they act with tokens; nobody can sign in with one"] : []}
        actions={data.length > 0 ? add : null}
      />
      {data.length === 0 ? (
        <Card>
          <EmptyState icon={Bot} title="Let a program act for the tenant" action={add}>
            A service account belongs to the tenant, not to a person: what it makes goes on when somebody leaves. It has tokens, and nobody
            can sign in with it.
          </EmptyState>
        </Card>
      ) : (
        <div className="flex flex-col gap-4">
          {data.map((account) => (
            <AccountCard key={account.username} tenant={tenant} account={account} />
          ))}
        </div>
      )}
      {mounted ? <NewAccount tenant={tenant} open={open} onOpenChange={setOpen} /> : null}
    </>
  );
}
