"use client";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { Ellipsis } from "lucide-react";
import dynamic from "next/dynamic";
import Link from "next/link";
import { useState } from "react";
import type { AccountView } from "../../server/services/accounts/schemas.ts";
import { CreateToken } from "../account/create-token.tsx";
import { TokenTable } from "../account/token-table.tsx";
import { failure } from "../api/failure.ts";
import { useTRPC } from "../api/trpc.ts";
import { Button } from "../ui/button.tsx";
import { Card, CardBody, CardHeader } from "../ui/card.tsx";
import { Menu, MenuItem, MenuSeparator } from "../ui/menu.tsx";
import { StateBadge } from "../ui/state-badge.tsx";
import { Time } from "../ui/time.tsx";
import { notify } from "../ui/toast.tsx";
import type { AccountQuestion } from "./questions.tsx";

const Questions = dynamic(() => import("./questions.tsx").then((module) => module.Questions), { ssr: false });

const roles = { member: "member", admin: "tenant administrator" };

/** One account: what it may, what it owns, its tokens. */
export function AccountCard({ tenant, account }: { tenant: string; account: AccountView }) {
  const trpc = useTRPC();
  const client = useQueryClient();
  const [asked, setAsked] = useState<AccountQuestion | null>(null);
  const [open, setOpen] = useState(false);
  const onSuccess = () => client.invalidateQueries(trpc.accounts.pathFilter());
  const at = { tenant, account: account.name };
  const create = useMutation(trpc.accounts.createToken.mutationOptions({ onSuccess }));
  const revoke = useMutation(trpc.accounts.revokeToken.mutationOptions({ onSuccess }));
  const resume = useMutation(
    trpc.accounts.resume.mutationOptions({
      onSuccess: async () => {
        notify("ok", `${account.name} counts again`);
        await onSuccess();
      },
      onError: (error) => notify("bad", `${account.name} could not be resumed`, failure(error).message),
    }),
  );
  const ask = (question: AccountQuestion) => () => {
    setAsked(question);
    setOpen(true);
  };
  const suspended = account.state === "suspended";
  const owns = account.clusters.length;
  return (
    <Card aria-labelledby={`account-${account.name}`}>
      <CardHeader
        id={`account-${account.name}`}
        title={
          <span className="flex flex-wrap items-center gap-x-2 gap-y-1">
            {account.name}
            {suspended ? <StateBadge state="stopped" word="Suspended" /> : null}
            <span className="font-normal text-muted text-sm">{roles[account.role]}</span>
          </span>
        }
        aside={
          <>
            {suspended ? (
              <Button size="sm" busy={resume.isPending} onClick={() => resume.mutate(at)}>
                Resume
              </Button>
            ) : (
              <CreateToken
                label={`Create a token for ${account.name}`}
                taken={account.tokens.map(({ name }) => name)}
                tenants={null}
                make={({ tenant: _, ...token }) => create.mutateAsync({ ...at, ...token })}
              />
            )}
            <Menu
              align="end"
              trigger={
                <Button variant="ghost" size="iconSm" aria-label={`More about ${account.name}`}>
                  <Ellipsis aria-hidden="true" className="size-5" />
                </Button>
              }
            >
              <MenuItem onClick={ask("role")}>{account.role === "admin" ? "Make it a member" : "Make it an administrator"}</MenuItem>
              {suspended ? null : <MenuItem onClick={ask("suspend")}>Suspend</MenuItem>}
              <MenuSeparator />
              <MenuItem
                danger
                onClick={ask("delete")}
                reason={owns > 0 ? `It owns ${owns === 1 ? "a cluster" : `${owns} clusters`}: delete those first.` : null}
              >
                Delete
              </MenuItem>
            </Menu>
          </>
        }
      />
      {account.tokens.length === 0 ? (
        <CardBody className="text-muted">It has no token, so it can do nothing.</CardBody>
      ) : (
        <TokenTable
          label={`Tokens of ${account.name}`}
          tokens={account.tokens}
          places={false}
          revoke={(id) => revoke.mutateAsync({ ...at, id })}
        />
      )}
      <p className="flex flex-wrap gap-x-4 gap-y-1 border-t px-4 py-2 text-muted text-sm">
        <span>
          Made <Time at={account.createdAt} />
          {account.createdBy ? ` by ${account.createdBy}` : ""}
        </span>
        <span>
          {account.lastUsedAt ? (
            <>
              last used <Time at={account.lastUsedAt} />
            </>
          ) : (
            "never used"
          )}
        </span>
        <span>
          {owns === 0 ? "owns no cluster" : "owns "}
          {account.clusters.map(({ id, name }, index) => (
            <span key={id}>
              {index > 0 ? ", " : ""}
              <Link href={`/t/${tenant}/clusters/${id}`} className="underline underline-offset-3 hover:text-text">
                {name}
              </Link>
            </span>
          ))}
        </span>
      </p>
      {asked ? <Questions question={asked} tenant={tenant} account={account} open={open} onOpenChange={setOpen} /> : null}
    </Card>
  );
}
