"use client";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { Trash2 } from "lucide-react";
import dynamic from "next/dynamic";
import type { VolumeView } from "../../server/services/views.ts";
import { questionAbout } from "../api/question.ts";
import { useTRPC } from "../api/trpc.ts";
import { ActionButton } from "../ui/action-button.tsx";
import { megabytes } from "../ui/format.ts";
import { notify } from "../ui/toast.tsx";
import { useLazyOpen } from "../ui/use-lazy-open.ts";

const AlertDialog = dynamic(() => import("../ui/alert-dialog.tsx").then((module) => module.AlertDialog), { ssr: false });

const reasons = {
  attached: "A node uses this volume. Delete its cluster first; you may keep /data then.",
  deleting: "It is being deleted.",
  kept: null,
};

/** Deletes a kept volume after its name has been typed; says what is lost. */
export function DeleteVolume({ tenant, volume }: { tenant: string; volume: VolumeView }) {
  const { mounted, open, setOpen } = useLazyOpen();
  const trpc = useTRPC();
  const client = useQueryClient();
  const remove = useMutation(
    trpc.volumes.delete.mutationOptions({
      onSuccess: async () => {
        setOpen(false);
        notify("ok", `${volume.name} is being deleted`);
        await client.invalidateQueries(trpc.volumes.list.pathFilter());
      },
    }),
  );
  return (
    <>
      <ActionButton
        variant="ghost"
        size="iconSm"
        aria-label={`Delete ${volume.name}`}
        reason={reasons[volume.state]}
        onClick={() => setOpen(true)}
      >
        <Trash2 aria-hidden="true" className="size-4" />
      </ActionButton>
      {mounted ? (
        <AlertDialog
          {...questionAbout(remove, open, setOpen)}
          title={`Delete ${volume.name}?`}
          action="Delete the volume"
          confirm={{ label: "Type the volume’s name to confirm", text: volume.name }}
          onAction={(typed) => remove.mutate({ tenant, volume: volume.id, confirm: typed })}
        >
          <p>
            {volume.usedMb === null ? "Everything on it" : `The ${megabytes(volume.usedMb)} on it`} will be gone for good: notebooks, tables
            and files of {volume.origin}. Nobody can bring them back.
          </p>
        </AlertDialog>
      ) : null}
    </>
  );
}
