"use client";
import { useMutation } from "@tanstack/react-query";
import dynamic from "next/dynamic";
import type { TokenView } from "../../server/services/views.ts";
import { questionAbout } from "../api/question.ts";
import { Button } from "../ui/button.tsx";
import { notify } from "../ui/toast.tsx";
import { useLazyOpen } from "../ui/use-lazy-open.ts";

const AlertDialog = dynamic(() => import("../ui/alert-dialog.tsx").then((module) => module.AlertDialog), { ssr: false });

/** @param revoke ends it and brings the list up to date */
export function RevokeToken({ token, revoke }: { token: TokenView; revoke: (id: string) => Promise<unknown> }) {
  const { mounted, open, setOpen } = useLazyOpen();
  const ending = useMutation({
    mutationFn: revoke,
    onSuccess: () => {
      setOpen(false);
      notify("ok", `The token ${token.name} is revoked`);
    },
  });
  return (
    <>
      <Button size="sm" aria-label={`Revoke ${token.name}`} onClick={() => setOpen(true)}>
        Revoke
      </Button>
      {mounted ? (
        <AlertDialog
          {...questionAbout(ending, open, setOpen)}
          title={`Revoke ${token.name}?`}
          action="Revoke"
          onAction={() => ending.mutate(token.id)}
        >
          Scripts that use it are refused from this moment. Clusters they made keep running.
        </AlertDialog>
      ) : null}
    </>
  );
}
