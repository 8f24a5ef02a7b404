"use client";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import dynamic from "next/dynamic";
import type { TokenView } from "../../server/services/views.ts";
import { failure } from "../api/failure.ts";
import { useTRPC } from "../api/trpc.ts";
import { Button } from "../ui/button.tsx";
import { notify } from "../ui/toast.tsx";
import { useLazyOpen } from "../ui/use-lazy-open.ts";

const AlertDialog = dynamic(() => import("../ui/alert-dialog.tsx").then((module) => module.AlertDialog), { ssr: false });

export function RevokeToken({ token }: { token: TokenView }) {
  const { mounted, open, setOpen } = useLazyOpen();
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
    <>
      <Button size="sm" aria-label={`Revoke ${token.name}`} onClick={() => setOpen(true)}>
        Revoke
      </Button>
      {mounted ? (
        <AlertDialog
          open={open}
          onOpenChange={setOpen}
          title={`Revoke ${token.name}?`}
          action="Revoke"
          busy={revoke.isPending}
          error={revoke.error ? failure(revoke.error).message : null}
          onAction={() => revoke.mutate({ id: token.id })}
        >
          Scripts that use it are refused from this moment. Clusters they made keep running.
        </AlertDialog>
      ) : null}
    </>
  );
}
