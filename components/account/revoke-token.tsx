"use client";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import type { TokenView } from "../../server/services/views.ts";
import { failure } from "../api/failure.ts";
import { useTRPC } from "../api/trpc.ts";
import { AlertDialog } from "../ui/alert-dialog.tsx";
import { Button } from "../ui/button.tsx";
import { notify } from "../ui/toast.tsx";

export function RevokeToken({ token }: { token: TokenView }) {
  const [open, setOpen] = useState(false);
  const trpc = useTRPC();
  const client = useQueryClient();
  const revoke = useMutation(
    trpc.me.revokeToken.mutationOptions({
      onSuccess: async () => {
        setOpen(false);
        notify("ok", `The token ${token.name} is revoked`);
        await client.invalidateQueries(trpc.me.tokens.pathFilter());
      },
    }),
  );
  return (
    <AlertDialog
      open={open}
      onOpenChange={setOpen}
      trigger={
        <Button size="sm" aria-label={`Revoke ${token.name}`}>
          Revoke
        </Button>
      }
      title={`Revoke ${token.name}?`}
      action="Revoke"
      busy={revoke.isPending}
      error={revoke.error ? failure(revoke.error).message : null}
      onAction={() => revoke.mutate({ id: token.id })}
    >
      Scripts that use it are refused from this moment. Clusters they made keep running.
    </AlertDialog>
  );
}
