"use client";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import type { AccountView } from "../../server/services/accounts/schemas.ts";
import { questionAbout } from "../api/question.ts";
import { useTRPC } from "../api/trpc.ts";
import { AlertDialog } from "../ui/alert-dialog.tsx";
import { notify } from "../ui/toast.tsx";

export type AccountQuestion = "role" | "suspend" | "delete";

interface Props {
  question: AccountQuestion;
  tenant: string;
  account: AccountView;
  open: boolean;
  onOpenChange: (open: boolean) => void;
}

/** What is asked before something about an account changes. */
export function Questions({ question, tenant, account, open, onOpenChange }: Props) {
  const trpc = useTRPC();
  const client = useQueryClient();
  const done = (words: string) => ({
    onSuccess: async () => {
      notify("ok", words);
      onOpenChange(false);
      await client.invalidateQueries(trpc.accounts.pathFilter());
    },
  });
  const { name } = account;
  const next = account.role === "admin" ? ("member" as const) : ("admin" as const);
  const role = useMutation(trpc.accounts.setRole.mutationOptions(done(`${name} has another role`)));
  const suspend = useMutation(trpc.accounts.suspend.mutationOptions(done(`${name} is suspended`)));
  const remove = useMutation(trpc.accounts.delete.mutationOptions(done(`${name} is deleted`)));
  const at = { tenant, account: name };
  const verb = question === "role" ? role : question === "suspend" ? suspend : remove;
  const common = questionAbout(verb, open, onOpenChange);
  if (question === "role")
    return (
      <AlertDialog
        {...common}
        danger={next === "admin"}
        title={next === "admin" ? `Make ${name} an administrator?` : `Make ${name} a member?`}
        action={next === "admin" ? "Make it an administrator" : "Make it a member"}
        onAction={() => role.mutate({ ...at, role: next })}
      >
        {next === "admin"
          ? "Whoever has one of its tokens for managing may then change everybody's clusters, limits and service accounts in this tenant."
          : "From its next request on it sees and changes what members do: its own clusters."}
      </AlertDialog>
    );
  if (question === "suspend")
    return (
      <AlertDialog {...common} title={`Suspend ${name}?`} action="Suspend" onAction={() => suspend.mutate(at)}>
        Its tokens are refused from this moment, until it is resumed. Clusters that it owns keep running.
      </AlertDialog>
    );
  return (
    <AlertDialog
      {...common}
      title={`Delete ${name}?`}
      action="Delete"
      confirm={{ label: `Type ${name} to confirm`, text: name }}
      onAction={(confirm) => remove.mutate({ ...at, confirm })}
    >
      It goes for good, with its {account.tokens.length === 1 ? "token" : `${account.tokens.length} tokens`}. Disks that it kept stay for
      the tenant's administrators; what it did stays in the audit trail.
    </AlertDialog>
  );
}
