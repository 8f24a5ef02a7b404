"use client";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import dynamic from "next/dynamic";
import { questionAbout } from "../api/question.ts";
import { useTRPC } from "../api/trpc.ts";
import { Button } from "../ui/button.tsx";
import { plural } from "../ui/format.ts";
import { notify } from "../ui/toast.tsx";
import { useLazyOpen } from "../ui/use-lazy-open.ts";

const AlertDialog = dynamic(() => import("../ui/alert-dialog.tsx").then((module) => module.AlertDialog), { ssr: false });

/** Ends every session but this one. */
export function EndOthers({ count }: { count: number }) {
  const { mounted, open, setOpen } = useLazyOpen();
  const trpc = useTRPC();
  const client = useQueryClient();
  const end = useMutation(
    trpc.me.endOtherSessions.mutationOptions({
      onSuccess: async ({ ended }) => {
        setOpen(false);
        notify("ok", `${plural(ended, "session is", "sessions are")} ended`);
        await client.invalidateQueries(trpc.me.sessions.pathFilter());
      },
    }),
  );
  return (
    <>
      <Button size="sm" onClick={() => setOpen(true)}>
        End all others
      </Button>
      {mounted ? (
        <AlertDialog {...questionAbout(end, open, setOpen)} title="End all other sessions?" action="End them" onAction={() => end.mutate()}>
          {plural(count, "other browser has", "other browsers have")} to sign in again; notebooks that are open there close, and keep
          running. You stay signed in here. Tokens stay.
        </AlertDialog>
      ) : null}
    </>
  );
}
